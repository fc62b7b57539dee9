from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "psdelivery.operations"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from psdelivery import clock
        from psdelivery.history.verbs import register_verb
        from psdelivery.operations.heartbeat import follow_the_worker
        from psdelivery.operations.services.runs import begin_watch
        from psdelivery.operations.sessions import register_session_purge
        from psdelivery.operations.settings import register_operations_settings
        from psdelivery.registry import shipped_data

        register_operations_settings()
        follow_the_worker()
        register_session_purge()
        register_verb("portal-restored", _("brought a backup back"))
        register_verb("data-purged", _("took old data away"))
        shipped_data.register(
            "Watched tasks", lambda: begin_watch(now=clock.now()), order=30
        )
