from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "psdelivery.people"
    label = "people"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from psdelivery.people.events import PersonalDataErased
        from psdelivery.people.holdings import (
            held_approvals,
            held_deputising,
            held_reports,
        )
        from psdelivery.people.notifications import register_core_reasons
        from psdelivery.people.personal_data import register_own_data
        from psdelivery.people.prose import register_prose, replace_prose
        from psdelivery.people.second_factor import register_second_factor
        from psdelivery.people.services.shipped import load_skills
        from psdelivery.people.settings import register_company_settings
        from psdelivery.people.waiting import time_off_to_decide
        from psdelivery.registry import holdings, reactions, shipped_data, waiting

        register_company_settings()
        register_core_reasons()
        register_second_factor()
        register_own_data()
        register_prose()
        # Behind the places that know better what of theirs is replaced.
        reactions.register(PersonalDataErased, replace_prose, order=200)
        waiting.register("time-off", time_off_to_decide, order=20)
        holdings.register("approvals", held_approvals, order=40)
        holdings.register("deputising", held_deputising, order=50)
        holdings.register("reports", held_reports, order=60)
        shipped_data.register("Skills", load_skills, order=5)
