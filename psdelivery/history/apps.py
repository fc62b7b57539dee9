from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "psdelivery.history"
    verbose_name = _("History")

    def ready(self) -> None:
        from psdelivery.history.personal_data import register_history_data
        from psdelivery.history.reactions import register_people

        register_people()
        register_history_data()
