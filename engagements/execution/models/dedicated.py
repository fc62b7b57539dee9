"""The rhythm of a dedicated engineer: goals of the month, weeks, review, renewal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import GoalState, Renewal
from engagements.models import Engagement
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_text


class MonthlyGoal(Labelled):
    """A goal of one month, with how both know that it is reached."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="monthly_goals"
    )
    # The first day of the month.
    month = models.DateField()
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("goal"), max_length=300, validators=[validate_line])
    measure = models.CharField(
        _("reached when"), max_length=300, validators=[validate_line]
    )
    state = models.CharField(
        max_length=7, choices=GoalState.choices, default=GoalState.OPEN
    )
    note = models.TextField(_("note"), blank=True, validators=[validate_text])
    # The goal of the month before that goes on in this one.
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["month", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1), name="monthly_goal_on_the_first"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class WeeklySummary(models.Model):
    """What was done in a week, what is next, what stands in the way."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="weekly_summaries"
    )
    # The Friday that the week ends on.
    ends_on = models.DateField()
    done = models.TextField(_("done"), validators=[validate_text])
    coming = models.TextField(_("next"), blank=True, validators=[validate_text])
    obstacles = models.TextField(
        _("in the way"), blank=True, validators=[validate_text]
    )
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
        ordering = ["-ends_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "ends_on"], name="weekly_summary_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ends_on:%Y-%m-%d}"


class HoursReview(models.Model):
    """The hours of a month as they were gone through with the customer."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="hours_reviews"
    )
    month = models.DateField()
    # As they stood when they were reviewed.
    planned = models.DecimalField(max_digits=8, decimal_places=2)
    actual = models.DecimalField(max_digits=8, decimal_places=2)
    note = models.TextField(
        _("what was agreed"), blank=True, validators=[validate_text]
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "month"], name="hours_review_once"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="hours_review_on_the_first"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class RenewalDecision(Labelled):
    """What becomes of a dedicated engineer's time after its last day."""

    engagement = models.OneToOneField(
        Engagement, on_delete=models.CASCADE, related_name="renewal_decision"
    )
    decision = models.CharField(_("decision"), max_length=6, choices=Renewal.choices)
    note = models.TextField(_("why"), validators=[validate_text])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.get_decision_display())
