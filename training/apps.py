from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Training")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from psdelivery.registry import holdings, shipped_data
        from scheduling.meetings import register_own_times
        from training.class_tabs import ClassTab, register_tab
        from training.facts import register_facts
        from training.guards import register_guards
        from training.holdings import held_sessions
        from training.keepers import register_keeper
        from training.link_mail import register_link_mail
        from training.mails import register_mails
        from training.models import Delivery, Session
        from training.news_mail import register_news_mail
        from training.panels import register_panels
        from training.personal_data import register_class_data
        from training.reactions import register_reactions
        from training.services.shipped import load_courses, load_rubrics
        from training.services.undo import register_class_undo
        from training.settings import register_settings
        from training.verbs import register_verbs

        register_tab(ClassTab("training:delivery-detail", _("Overview"), 10))
        register_own_times(Delivery)
        register_own_times(Session)
        register_reactions()
        register_facts()
        register_class_undo()
        register_guards()
        register_keeper()
        register_mails()
        register_link_mail()
        register_news_mail()
        register_panels()
        register_settings()
        register_class_data()
        register_verbs()
        holdings.register("sessions", held_sessions, order=20)
        # Before the offerings, which name their course.
        shipped_data.register("Courses", load_courses, order=10)
        shipped_data.register("Rubrics", load_rubrics, order=11)
        self.register_parts()

    def register_parts(self) -> None:
        """Let the parts of training (plan, trainers, roster, …) enter their own."""
        from training.attendee_data import register_attendee_data
        from training.certification_page import register_certification
        from training.dates_register import register_dates
        from training.event_plan_page import register_event_plan
        from training.invitation_reactions import register_invitation_reactions
        from training.lab_pages import register_labs
        from training.meeting_page import register_meeting
        from training.report_jobs import register_report_jobs
        from training.roster_page import register_roster
        from training.told_notes import register_told_notes
        from training.trainers import register_trainers

        register_trainers()
        register_dates()
        register_roster()
        register_attendee_data()
        register_report_jobs()
        register_told_notes()
        register_event_plan()
        register_meeting()
        register_invitation_reactions()
        register_labs()
        register_certification()
