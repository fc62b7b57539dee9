from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "psdelivery.jobs"
    label = "jobs"
    verbose_name = _("Background jobs")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from psdelivery.history.verbs import register_verb
        from psdelivery.jobs.personal_data import register_job_data
        from psdelivery.jobs.purge import register_job_purge
        from psdelivery.operations.looks import Look, register_look

        register_look(Look("jobs.run_ready", "jobs", "job-look", _("Background jobs")))
        register_job_data()
        register_job_purge()
        register_verb("job-started", _("started the job"))
        register_verb("job-failed", _("could not finish the job"))
        register_verb("job-cancelled", _("cancelled the job"))
        register_verb("job-undone", _("undid the job"))
