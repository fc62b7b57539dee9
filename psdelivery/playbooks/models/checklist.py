"""An instance of a playbook, and the dates that its steps hang on."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from psdelivery.playbooks.models.playbook import Playbook


class Checklist(models.Model):
    """An instance of a playbook, owned one to one by the record it serves.

    `zone`, `country` and `subdivision` are the session's calendar; the customer's
    calendar is read from the customer, so that a corrected zone counts at once.
    """

    title = models.CharField(max_length=200)
    playbook = models.ForeignKey(
        Playbook, on_delete=models.PROTECT, related_name="checklists"
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
    )
    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="checklists",
    )
    customer = models.ForeignKey(
        "people.Customer", on_delete=models.PROTECT, null=True, blank=True
    )
    subject_url = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=60)
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=10, blank=True)
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="coordinated_checklists",
    )
    pool = models.ForeignKey("people.Pool", on_delete=models.PROTECT)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="escalated_checklists",
    )
    is_paused = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(is_paused=True), name="checklist_on_hold"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Anchor(models.Model):
    """A dated event from which due dates are computed; undated until it is known."""

    checklist = models.ForeignKey(
        Checklist, on_delete=models.CASCADE, related_name="anchors"
    )
    key = models.SlugField(max_length=40)
    day = models.DateField(null=True, blank=True)
    moment = models.DateTimeField(null=True, blank=True)
    known_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["checklist", "key"], name="anchor_key_once_per_checklist"
            ),
            models.CheckConstraint(
                condition=Q(day__isnull=True) | Q(moment__isnull=True),
                name="anchor_is_day_or_moment",
                violation_error_message=_("An anchor is a day or a moment, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.checklist_id}"

    @property
    def value(self) -> date | datetime | None:
        """Return the moment (UTC) or the day, None while the date is not known."""
        return self.moment or self.day
