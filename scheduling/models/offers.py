"""Alternatives that were offered, and conflicts that facts have opened."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from psdelivery.people.labels import Labelled
from psdelivery.people.moments import span_text
from psdelivery.people.validators import validate_text
from scheduling.choices import (
    OPEN_OFFERS,
    ConflictCause,
    ConflictState,
    OfferKind,
    OfferState,
)
from scheduling.models.allocations import Allocation
from scheduling.models.requests import ResourceRequest


class OfferQuerySet(models.QuerySet["Offer"]):
    def waiting(self) -> "OfferQuerySet":
        """Return offers that somebody still has to decide on."""
        return self.filter(state__in=OPEN_OFFERS)

    def ended(self, now: datetime) -> "OfferQuerySet":
        """Return those whose time to decide is over; the index finds them."""
        return self.waiting().filter(expires_at__lte=now)


class Offer(Labelled):
    """R-7: one way out that was offered; its days are held by its allocations."""

    request = models.ForeignKey(
        ResourceRequest, on_delete=models.CASCADE, related_name="offers"
    )
    kind = models.CharField(max_length=12, choices=OfferKind.choices)
    state = models.CharField(
        max_length=8, choices=OfferState.choices, default=OfferState.OPEN
    )
    rank = models.PositiveSmallIntegerField()
    # In words: what it is, why it is proposed, and what follows from it.
    title = models.CharField(max_length=300)
    reason = models.TextField(max_length=1_000)
    effect = models.TextField(max_length=1_000, blank=True)
    # Which proposal it was, so that one that was declined is not proposed again.
    fingerprint = models.CharField(max_length=64)
    displaces = models.ForeignKey(
        Allocation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="displacing_offers",
    )
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(
        max_length=300, blank=True, validators=[validate_text]
    )
    # The step of the requester whose soft hold would be displaced.
    step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["request", "-offered_at", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state=OfferState.ACCEPTED),
                name="offer_accepted_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=OfferKind.DISPLACE, displaces__isnull=False)
                | (~Q(kind=OfferKind.DISPLACE) & Q(displaces__isnull=True)),
                name="offer_displaces_what_it_says",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=["open", "asking"]),
                name="offer_expiring",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("scheduling:offer-detail", args=[self.pk])


class ConflictCase(Labelled):
    """R-6: a fact took days that were booked; somebody decides what becomes of them.

    One for each engagement that is hit, because each has a coordinator of its own.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts"
    )
    engagement = models.ForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="conflicts"
    )
    cause = models.CharField(max_length=8, choices=ConflictCause.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(
        max_length=8, choices=ConflictState.choices, default=ConflictState.OPEN
    )
    allocations = models.ManyToManyField(Allocation, related_name="conflicts")
    step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    resolution = models.CharField(
        max_length=500, blank=True, validators=[validate_text]
    )

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="conflict_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person", "starts_on"],
                condition=Q(state="open"),
                name="conflict_open",
            ),
            models.Index(fields=["engagement", "state"], name="conflict_of_engagement"),
        ]

    def __str__(self) -> str:
        # Without the cause: that somebody was ill would stand in the history for ever.
        return span_text(self.starts_on, self.ends_on)

    def get_absolute_url(self) -> str:
        return reverse("scheduling:conflict-detail", args=[self.pk])
