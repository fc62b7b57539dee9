"""What changes about sold work: change orders, work exceptions, and sold units."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.choices import (
    CHANGE_ORDERS,
    ChangeKind,
    ChangeState,
    ExceptionReason,
    UnitKind,
)
from engagements.models.engagement import Engagement
from psdelivery.people.validators import validate_line, validate_text


class Change(models.Model):
    """A change order or a work exception, from the request to the decision.

    Hours and value of the engagement change only with the approval (domain.md,
    section 1).
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="changes"
    )
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    title = models.CharField(max_length=160, validators=[validate_line])
    reason = models.TextField(validators=[validate_text])
    # Of a work exception: what went over, in the label of the practice.
    label = models.CharField(max_length=10, choices=ExceptionReason.choices, blank=True)
    hours = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    new_end = models.DateField(null=True, blank=True)
    # What the customer signed, or the mail in which they agreed.
    evidence = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True
    )
    state = models.CharField(
        max_length=10, choices=ChangeState.choices, default=ChangeState.REQUESTED
    )
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decision_note = models.TextField(blank=True, validators=[validate_text])
    step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ChangeState.REQUESTED, decided_at__isnull=True)
                | (~Q(state=ChangeState.REQUESTED) & Q(decided_at__isnull=False)),
                name="change_decided_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(kind__in=["scope", "extension"]),
                name="change_of_dates_has_no_value",
                violation_error_message=_("Only scope and extension change the value."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.title}"

    def get_absolute_url(self) -> str:
        args = [self.engagement_id, self.pk]
        return reverse("engagements:change-detail", args=args)

    @property
    def is_order(self) -> bool:
        """Whether it is a change order, not a work exception."""
        return self.kind in CHANGE_ORDERS

    @property
    def is_waiting(self) -> bool:
        return self.state == ChangeState.REQUESTED


class SoldUnits(models.Model):
    """Units that the paper sells: how many, and how many have dates or were held.

    What another place counts (classes) is read there; the others are typed.
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="units"
    )
    kind = models.CharField(max_length=12, choices=UnitKind.choices)
    sold = models.PositiveIntegerField()
    dated = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kind"],
                name="sold_units_once_a_kind",
                violation_error_message=_("These units are entered already."),
            ),
            models.CheckConstraint(
                condition=Q(held__lte=F("dated")),
                name="sold_units_held_were_dated",
                violation_error_message=_("What was held has a date too."),
            ),
            models.CheckConstraint(
                condition=Q(sold__gte=1),
                name="sold_units_at_least_one",
                violation_error_message=_("At least one unit is sold."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sold} × {self.get_kind_display()}"
