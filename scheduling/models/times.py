"""Occupied times of people and of meeting host accounts (R-22)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line
from scheduling.choices import Platform


class HostAccount(Labelled):
    """An account that meetings are held with; it holds one at a time (R-22)."""

    name = models.CharField(
        _("name"), max_length=80, unique=True, validators=[validate_line]
    )
    platform = models.CharField(
        _("platform"), max_length=8, choices=Platform.choices, default=Platform.ZOOM
    )
    email = models.EmailField(_("log-in address"), blank=True)
    registrant_limit = models.PositiveIntegerField(
        _("registrants at most"), null=True, blank=True
    )
    has_webinars = models.BooleanField(_("may hold webinars"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OccupiedTime(models.Model):
    """R-22: a person or a host account is taken from … to … (UTC).

    `blocked_from` and `blocked_to` hold what is kept free before and after. Two rows
    of one person, or of one account, never overlap; `source` says which session or
    meeting wrote the row, and writes it again when it moves.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="occupied_times",
    )
    host = models.ForeignKey(
        HostAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="occupied_times",
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    blocked_from = models.DateTimeField()
    blocked_to = models.DateTimeField()
    source = models.SlugField(max_length=30)
    source_id = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=200, blank=True)
    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="occupied_times",
    )

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, host__isnull=True)
                | Q(person__isnull=True, host__isnull=False),
                name="occupied_by_person_or_host",
            ),
            models.CheckConstraint(
                condition=Q(
                    ends_at__gt=F("starts_at"),
                    blocked_from__lte=F("starts_at"),
                    blocked_to__gte=F("ends_at"),
                ),
                name="occupied_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "blocked_to"], name="occupied_person"),
            models.Index(fields=["host", "blocked_to"], name="occupied_host"),
            models.Index(fields=["source", "source_id"], name="occupied_source"),
        ]

    def __str__(self) -> str:
        return self.title
