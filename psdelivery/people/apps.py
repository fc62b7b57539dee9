from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "psdelivery.people"
    label = "people"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from psdelivery.people.notifications import register_core_reasons
        from psdelivery.people.personal_data import register_own_data
        from psdelivery.people.settings import register_company_settings

        register_company_settings()
        register_core_reasons()
        register_own_data()
