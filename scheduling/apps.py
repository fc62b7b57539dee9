from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = _("Scheduling")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        self.import_reactions()
        from psdelivery.registry import holdings, waiting
        from scheduling.comment_requests import register_comment_requests
        from scheduling.comments import register_comments
        from scheduling.facts import register_facts
        from scheduling.feed_purge import register_feed_purge
        from scheduling.holdings import held_bookings
        from scheduling.looks import register_looks
        from scheduling.mails import register_mails
        from scheduling.near_changes import register_near_changes
        from scheduling.offer_panels import register_offers
        from scheduling.panels import register_panels
        from scheduling.purge import register_board_purge
        from scheduling.services.expiry import register_hold_mails
        from scheduling.services.requests.news import register_news
        from scheduling.services.settling import register_keeper
        from scheduling.settings import register_scheduling_settings
        from scheduling.verbs import register_verbs
        from scheduling.waiting import extra_days_to_answer

        holdings.register("bookings", held_bookings, order=25)
        waiting.register("extra-days", extra_days_to_answer, order=25)
        register_comment_requests()
        register_comments()
        register_board_purge()
        register_feed_purge()
        register_near_changes()
        register_facts()
        register_hold_mails()
        register_keeper()
        register_news()
        register_mails()
        register_offers()
        register_panels()
        register_scheduling_settings()
        register_verbs()
        register_looks()
        self.register_hours()

    def register_hours(self) -> None:
        """Let actual hours enter their own."""
        from scheduling.hours_data import register_hours_data
        from scheduling.hours_facts import register_hours_facts
        from scheduling.hours_import_job import register_hours_import
        from scheduling.hours_links import register_hours_links
        from scheduling.hours_settings import register_hours_settings

        register_hours_data()
        register_hours_facts()
        register_hours_import()
        register_hours_links()
        register_hours_settings()

    def import_reactions(self) -> None:
        """Let the reactions register, which they do by being imported."""
        from scheduling import (  # noqa: F401
            board_reactions,
            first_day_reactions,
            hold_reactions,
            hours_reactions,
            meetings,
            reactions,
            request_reactions,
        )
