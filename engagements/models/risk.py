"""Work at risk: named conditions of the gate waived, up to hours and a day (R-3)."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.choices import Condition, RiskState
from engagements.models.engagement import Engagement
from psdelivery.people.validators import validate_text


class WorkAtRiskQuerySet(models.QuerySet["WorkAtRisk"]):
    def decided(self) -> "WorkAtRiskQuerySet":
        """Return what was granted, ended early or not; the newest first."""
        granted = self.filter(state__in=[RiskState.GRANTED, RiskState.ENDED])
        return granted.order_by("-decided_at", "-pk")

    def running(self) -> "WorkAtRiskQuerySet":
        """Return what is granted and still needed; its last day may be over."""
        return self.filter(state=RiskState.GRANTED, released_at__isnull=True)

    def unreleased(self) -> "WorkAtRiskQuerySet":
        """Return granted waivers whose conditions have not all been met since."""
        return self.decided().filter(released_at__isnull=True)


class WorkAtRisk(models.Model):
    """A waiver: asked for by PM or EM, granted or refused by a manager (R-3).

    `decided_on` and `ended_on` are the customer's days, like `expires_on`, which is
    the last day that it covers. Released: every condition that it names was met, so
    the hours worked meanwhile may be billed.
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="risks"
    )
    codes = models.JSONField(default=list)
    reason = models.TextField(validators=[validate_text])
    hours_cap = models.DecimalField(max_digits=8, decimal_places=2)
    expires_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=RiskState.choices, default=RiskState.REQUESTED
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decision_note = models.TextField(blank=True, validators=[validate_text])
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.TextField(blank=True, validators=[validate_text])
    released_at = models.DateTimeField(null=True, blank=True)
    decision_step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    warning_step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = WorkAtRiskQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name_plural = _("work at risk")
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(state=RiskState.REQUESTED),
                name="work_at_risk_asked_for_once",
                violation_error_message=_("Work at risk is asked for already."),
            ),
            models.CheckConstraint(
                condition=Q(hours_cap__gt=0),
                name="work_at_risk_has_a_cap",
                violation_error_message=_("Hours are more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[RiskState.REQUESTED, RiskState.WITHDRAWN])
                | Q(decided_at__isnull=False, decided_on__isnull=False),
                name="work_at_risk_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=RiskState.ENDED, ended_at__isnull=False)
                | (~Q(state=RiskState.ENDED) & Q(ended_at__isnull=True)),
                name="work_at_risk_ended_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Work at risk: %(conditions)s") % {"conditions": self.names})

    def get_absolute_url(self) -> str:
        return reverse("engagements:risk-detail", args=[self.engagement_id, self.pk])

    @property
    def names(self) -> str:
        """Return the conditions that it waives, in words."""
        return ", ".join(str(Condition(code).label) for code in self.codes)

    @property
    def is_unreleased(self) -> bool:
        """Whether it was granted, and a condition that it names is still missing."""
        granted = self.state in {RiskState.GRANTED, RiskState.ENDED}
        return granted and self.released_at is None

    @property
    def is_running(self) -> bool:
        """Whether it is granted and still needed; its last day may be over."""
        return self.state == RiskState.GRANTED and self.released_at is None

    @property
    def last_day(self) -> date:
        """Return the last day that it stood for, the customer's."""
        return self.ended_on or self.expires_on

    def runs_on(self, day: date) -> bool:
        """Tell whether it covers that day of the customer; an early end is at once."""
        if self.decided_on is None or not self.decided_on <= day <= self.expires_on:
            return False
        return self.state == RiskState.GRANTED

    def allows(self, hours: Decimal) -> bool:
        """Tell whether so many hours booked hard in total lie within the cap."""
        return hours <= self.hours_cap
