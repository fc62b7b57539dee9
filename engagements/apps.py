from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EngagementsConfig(AppConfig):
    name = "engagements"
    verbose_name = _("Engagements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagements.access import engagement_condition
        from engagements.comments import register_comments
        from engagements.dates import register_date_pages
        from engagements.exports import register_exports
        from engagements.guards import register_guards
        from engagements.handoff_entries import register_handoff
        from engagements.holdings import held_engagements
        from engagements.homework import register_homework
        from engagements.keepers import register_keeper
        from engagements.mails import register_mails
        from engagements.panels import register_panels
        from engagements.personal_data import register_engagement_data
        from engagements.reactions import register_reactions
        from engagements.services.approvals import register_approvals
        from engagements.services.holds import register_holds
        from engagements.services.planned_dates import register_planned_undo
        from engagements.services.shipped import load_offerings
        from engagements.settings import register_engagement_settings
        from engagements.verbs import register_verbs
        from psdelivery.registry import holdings, reach, shipped_data

        reach.register(engagement_condition)
        register_approvals()
        register_guards()
        register_planned_undo()
        register_date_pages()
        register_holds()
        register_handoff()
        register_keeper()
        register_mails()
        register_homework()
        register_panels()
        register_reactions()
        register_engagement_data()
        register_exports()
        register_comments()
        register_engagement_settings()
        register_verbs()
        holdings.register("engagements", held_engagements, order=30)
        # After the courses, which education offerings name.
        shipped_data.register("Offerings", load_offerings, order=20)
