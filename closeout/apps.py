from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CloseoutConfig(AppConfig):
    name = "closeout"
    verbose_name = _("Close-out")

    def ready(self) -> None:
        from closeout.guards import register_guards

        register_guards()
