from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlaybooksConfig(AppConfig):
    name = "psdelivery.playbooks"
    label = "playbooks"
    verbose_name = _("Playbooks")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from psdelivery.operations.looks import Look, register_look
        from psdelivery.outbox.daily import KIND as DAILY
        from psdelivery.outbox.renderers import register_renderer
        from psdelivery.playbooks.comments import register_comments
        from psdelivery.playbooks.holdings import held_steps
        from psdelivery.playbooks.links import register_move_links
        from psdelivery.playbooks.mail import render_reminders
        from psdelivery.playbooks.personal_data import register_step_data
        from psdelivery.playbooks.reactions import register_reactions
        from psdelivery.playbooks.services.reminders import KIND
        from psdelivery.playbooks.settings import register_playbook_settings
        from psdelivery.playbooks.verbs import register_verbs
        from psdelivery.playbooks.waiting import proposed_playbooks
        from psdelivery.registry import holdings, waiting

        register_renderer(KIND, render_reminders, title=_("Reminder of a step"))
        # Whoever comes first opens the mail of a morning; both are told in it.
        register_renderer(DAILY, render_reminders)
        register_reactions()
        register_verbs()
        register_move_links()
        register_look(
            Look("playbooks.scan_reminders", "scan", "reminder-scan", _("Reminders"))
        )
        register_step_data()
        register_comments()
        register_playbook_settings()
        holdings.register("steps", held_steps, order=10)
        waiting.register("playbooks", proposed_playbooks, order=60)
