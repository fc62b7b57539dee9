"""Who had to move next, and from when to when (glossary: ball with)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from engagements.choices import BallWith
from engagements.models.engagement import Engagement


class BallPeriod(models.Model):
    """One turn of a party; open while `until` is empty: the one that has it now."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="ball_periods"
    )
    party = models.CharField(max_length=10, choices=BallWith.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    # The days of both on the customer's calendar (`date.toordinal`), so that the
    # database can add up what lies between them.
    first_day = models.PositiveIntegerField()
    end_day = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(until__isnull=True),
                name="ball_is_with_one_party",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="ball_period_in_order",
                violation_error_message=_("It ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, end_day__isnull=True)
                | Q(
                    until__isnull=False,
                    end_day__isnull=False,
                    end_day__gte=F("first_day"),
                ),
                name="ball_period_in_days",
                violation_error_message=_("It ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_party_display()} since {self.since:%Y-%m-%d}"
