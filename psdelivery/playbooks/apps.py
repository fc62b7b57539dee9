from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlaybooksConfig(AppConfig):
    name = "psdelivery.playbooks"
    label = "playbooks"
    verbose_name = _("Playbooks")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from psdelivery.history.verbs import register_field, register_verb
        from psdelivery.operations.looks import Look, register_look
        from psdelivery.outbox.renderers import register_renderer
        from psdelivery.playbooks.mail import render_reminders
        from psdelivery.playbooks.personal_data import register_step_data
        from psdelivery.playbooks.reactions import register_reactions
        from psdelivery.playbooks.services.reminders import KIND
        from psdelivery.playbooks.waiting import proposed_playbooks
        from psdelivery.playbooks.words import ANCHORS
        from psdelivery.registry import waiting

        register_renderer(KIND, render_reminders, title=_("Reminder of a step"))
        register_reactions()
        register_verb("step-added", _("asked for a step"))
        register_look(
            Look("playbooks.scan_reminders", "scan", "reminder-scan", _("Reminders"))
        )
        register_step_data()
        register_verb("step-completed", _("ticked"))
        register_verb("step-reopened", _("reopened"))
        register_verb("step-set-aside", _("marked as not applicable"))
        register_verb("anchor-dated", _("dated"))
        register_verb("anchor-moved", _("moved"))
        register_verb("playbook-draft-started", _("began to change"))
        register_verb("playbook-draft-discarded", _("threw the draft away of"))
        register_verb("playbook-published", _("published"))
        register_verb("playbook-adopted", _("took over the new playbook for"))
        register_field("version", _("version"))
        register_field("taken_over", _("taken over"))
        register_field("left_as_it_was", _("left as it was"))
        waiting.register("playbooks", proposed_playbooks, order=60)
        register_field("steps", _("open steps that went along"))
        for key, words in ANCHORS.items():
            register_field(key, words)
