from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Training")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from psdelivery.registry import holdings, shipped_data
        from scheduling.meetings import register_own_times
        from training.facts import register_facts
        from training.guards import register_guards
        from training.holdings import held_sessions
        from training.keepers import register_keeper
        from training.mails import register_mails
        from training.models import Delivery, Session
        from training.panels import register_panels
        from training.personal_data import register_class_data
        from training.reactions import register_reactions
        from training.services.shipped import load_courses
        from training.services.undo import register_class_undo
        from training.settings import register_settings
        from training.verbs import register_verbs

        register_own_times(Delivery)
        register_own_times(Session)
        register_reactions()
        register_facts()
        register_class_undo()
        register_guards()
        register_keeper()
        register_mails()
        register_panels()
        register_settings()
        register_class_data()
        register_verbs()
        holdings.register("sessions", held_sessions, order=20)
        # Before the offerings, which name their course.
        shipped_data.register("Courses", load_courses, order=10)
