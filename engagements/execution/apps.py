from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExecutionConfig(AppConfig):
    name = "engagements.execution"
    label = "execution"
    verbose_name = _("Execution")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from engagements.execution.discovery_entries import register_discovery
        from engagements.execution.health_entries import register_health
        from engagements.execution.plan_entries import register_plan
        from engagements.execution.verbs import register_verbs
        from engagements.execution.work_entries import register_work

        register_discovery()
        register_health()
        register_plan()
        register_work()
        register_verbs()
