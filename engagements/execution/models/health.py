"""The weekly report on health and status (R-9)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import Health
from engagements.models import Engagement
from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_text


class HealthReport(Labelled):
    """How an engagement stands on a day; a second of the day is a version (R-9)."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="health_reports"
    )
    # On the calendar of who wrote it.
    day = models.DateField()
    version = models.PositiveSmallIntegerField(default=1)
    is_latest = models.BooleanField(default=True)
    overall = models.CharField(_("overall"), max_length=6, choices=Health.choices)
    schedule = models.CharField(_("schedule"), max_length=6, choices=Health.choices)
    scope = models.CharField(_("scope"), max_length=6, choices=Health.choices)
    budget = models.CharField(_("budget"), max_length=6, choices=Health.choices)
    client = models.CharField(_("client"), max_length=6, choices=Health.choices)
    summary = models.TextField(_("summary"), blank=True, validators=[validate_text])
    reason = models.TextField(
        _("why not green"), blank=True, validators=[validate_text]
    )
    path_to_green = models.TextField(
        _("path to green"), blank=True, validators=[validate_text]
    )
    done = models.TextField(_("done"), blank=True, validators=[validate_text])
    coming = models.TextField(_("next"), blank=True, validators=[validate_text])
    actions = models.TextField(
        _("open actions"), blank=True, validators=[validate_text]
    )
    risks = models.TextField(_("risks"), blank=True, validators=[validate_text])
    absences = models.TextField(
        _("planned absences"), blank=True, validators=[validate_text]
    )
    # Never in the customer's mail.
    internal_note = models.TextField(
        _("for us only"), blank=True, validators=[validate_text]
    )
    # What the burn-down said when it was written: hours as texts.
    hours = models.JSONField(default=dict, blank=True)
    message = models.ForeignKey(
        "outbox.Message",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-version"]
        constraints = [
            #
            models.UniqueConstraint(
                fields=["engagement", "day", "version"],
                name="health_report_version_once",
            ),
            #
            models.UniqueConstraint(
                fields=["engagement", "day"],
                condition=Q(is_latest=True),
                name="health_report_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    overall="green",
                    schedule="green",
                    scope="green",
                    budget="green",
                    client="green",
                )
                | (~Q(reason="") & ~Q(path_to_green="")),
                name="health_report_says_why",
                violation_error_message=_(
                    "Not green: say why, and what leads back to green."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} · {self.get_overall_display()}"

    def get_absolute_url(self) -> str:
        return address_of("execution:health-detail", self.pk)
