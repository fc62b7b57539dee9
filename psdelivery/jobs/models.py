"""Long work that a person started and need not wait for."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psdelivery.jobs.choices import OPEN_STATES, JobState

PERCENT = 100


class JobQuerySet(models.QuerySet["Job"]):
    def claimable(self, now: datetime) -> "JobQuerySet":
        """Return what waits, and what a runner left behind when its lease ran out."""
        abandoned = Q(state=JobState.RUNNING, lease_until__lt=now)
        return self.filter(Q(state=JobState.QUEUED) | abandoned)

    def open(self) -> "JobQuerySet":
        """Return what is not at its end yet."""
        return self.filter(state__in=sorted(OPEN_STATES))


class Job(models.Model):
    """One piece of work, done once, whoever dies or comes late."""

    # Who can do it: the key under which a place registered its function.
    kind = models.SlugField(_("kind"), max_length=60)
    title = models.CharField(_("title"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=JobState, default=JobState.QUEUED
    )
    arguments = models.JSONField(default=dict, blank=True)
    progress_done = models.PositiveIntegerField(default=0)
    # Empty: how much there is to do is not known yet.
    progress_total = models.PositiveIntegerField(null=True, blank=True)
    # What the function noted to go on from, should it be started again.
    resume = models.JSONField(default=dict, blank=True)
    # {"text": …, "lines": […]}, in the words of whoever started it; "url" and
    # "url_label" where the work goes on elsewhere.
    result = models.JSONField(default=dict, blank=True)
    result_file = models.ForeignKey(
        "documents.Document",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("result"),
    )
    error = models.TextField(_("what went wrong"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="jobs",
        verbose_name=_("started by"),
    )
    created_at = models.DateTimeField(_("started"))
    started_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    lease_token = models.CharField(max_length=40, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("times taken up"), default=0)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    # What `undo` needs; null: it cannot be undone.
    undo_handle = models.JSONField(null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["created_at", "id"],
                condition=Q(state__in=["queued", "running"]),
                name="job_open",
            ),
            models.Index(fields=["by", "-created_at"], name="job_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=JobState.values),
                name="job_state_is_known",
                violation_error_message=_("This is not a state of a job."),
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | Q(lease_until__isnull=False),
                name="job_running_has_a_lease",
                violation_error_message=_("A running job has a lease."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | (~Q(state__in=["queued", "running"]) & Q(finished_at__isnull=False)),
                name="job_at_its_end_has_the_time",
                violation_error_message=_("A job at its end has the time of it."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(state=JobState.DONE),
                name="job_undone_was_done",
                violation_error_message=_("Only what was done can be undone."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:job-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_cancelling(self) -> bool:
        return self.is_open and self.cancel_asked_at is not None

    @property
    def percent(self) -> int | None:
        """Return how far it is, None while that is not known."""
        if not self.progress_total:
            return None
        return min(PERCENT, self.progress_done * PERCENT // self.progress_total)
