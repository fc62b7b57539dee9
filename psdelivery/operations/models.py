from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class LastRun(models.Model):
    """When a task that beat asks for again and again ran last; one row a task."""

    task = models.CharField(_("task"), max_length=100, primary_key=True)
    watched_since = models.DateTimeField(_("watched since"))
    started_at = models.DateTimeField(_("last started"), null=True)
    # Only of a run that came to its end without an error.
    finished_at = models.DateTimeField(_("last finished"), null=True)

    class Meta:
        verbose_name = _("last run")
        verbose_name_plural = _("last runs")

    def __str__(self) -> str:
        return self.task

    @property
    def quiet_since(self) -> datetime:
        """The last sign that the task is done, or when waiting for the first began."""
        return self.finished_at or self.watched_since
