"""Bookings, day by day, and the capacity that they are held against (R-6)."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psdelivery.people.choices import EngagementRole
from psdelivery.people.labels import Labelled
from psdelivery.people.moments import day_text, span_text
from psdelivery.people.validators import validate_line, validate_text
from scheduling.choices import (
    TENTATIVE,
    AllocationState,
    DayOff,
    ExtraDayKind,
    ExtraDayState,
    Hold,
    ReleaseCause,
)


class Partner(models.Model):
    """A company that lends people, under a work authorisation (practice.md, §3)."""

    company = models.CharField(_("company"), max_length=120, validators=[validate_line])
    authorisation_url = models.URLField(_("work authorisation"), max_length=500)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    ends_on = models.DateField(_("ends on"))
    note = models.CharField(
        _("note"), max_length=300, blank=True, validators=[validate_line]
    )

    class Meta:
        ordering = ["company", "ends_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="partner_amount_not_negative",
                violation_error_message=_("The amount is not negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.company


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def active(self) -> "AllocationQuerySet":
        """Return bookings that stand, offered ones included."""
        return self.filter(state=AllocationState.ACTIVE)

    def booked(self) -> "AllocationQuerySet":
        """Return soft and hard bookings that stand."""
        return self.active().exclude(hold=Hold.OFFER)


class Allocation(Labelled):
    """A booking of a person, or of nobody yet, for hours on days.

    Without a person it is unnamed demand, or a partner's consultant. Its hours
    stand in `AllocationDay`; first and last day and the sum are kept here for lists.
    """

    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("engagement"),
    )
    request = models.ForeignKey(
        "scheduling.ResourceRequest",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
    )
    offer = models.ForeignKey(
        "scheduling.Offer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
    )
    role = models.CharField(_("role"), max_length=30, choices=EngagementRole.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("person"),
    )
    # Who it is when it is nobody of ours: "unnamed PSE", "consultant of a partner".
    unnamed = models.CharField(
        _("unnamed resource"), max_length=120, blank=True, validators=[validate_line]
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("partner"),
    )
    hold = models.CharField(_("soft or hard"), max_length=5, choices=Hold.choices)
    state = models.CharField(
        max_length=8, choices=AllocationState.choices, default=AllocationState.ACTIVE
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hours = models.DecimalField(_("hours"), max_digits=8, decimal_places=2)
    task = models.CharField(max_length=24, blank=True)
    note = models.CharField(
        _("note"), max_length=300, blank=True, validators=[validate_line]
    )
    # of a soft hold and of an offer.
    expires_at = models.DateTimeField(null=True, blank=True)
    extended = models.PositiveSmallIntegerField(default=0)
    warned_at = models.DateTimeField(null=True, blank=True)
    # The step of whoever was warned: extend it, make it hard, or let it go.
    expiry_step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    placed_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=10, choices=ReleaseCause.choices, blank=True)
    end_reason = models.CharField(
        max_length=500, blank=True, validators=[validate_text]
    )
    # Counts each change, so that a stale drag or form is noticed.
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    changed_at = models.DateTimeField()

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="allocation_in_order"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, unnamed="", partner__isnull=True)
                | (Q(person__isnull=True) & ~Q(unnamed="")),
                name="allocation_of_person_or_unnamed",
                violation_error_message=_("Name a person or the unnamed resource."),
            ),
            models.CheckConstraint(
                condition=Q(hold=Hold.OFFER, offer__isnull=False) | ~Q(hold=Hold.OFFER),
                name="allocation_offered_has_offer",
            ),
            models.CheckConstraint(
                condition=~Q(hold__in=sorted(TENTATIVE))
                | Q(expires_at__isnull=False)
                | ~Q(state=AllocationState.ACTIVE),
                name="allocation_tentative_expires",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(state="active", expires_at__isnull=False),
                name="allocation_expiring",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(state="active", hold="soft", warned_at__isnull=True),
                name="allocation_to_warn",
            ),
            models.Index(
                fields=["engagement", "state"], name="allocation_of_engagement"
            ),
            models.Index(fields=["person", "ends_on"], name="allocation_of_person"),
            models.Index(
                fields=["ends_on", "starts_on"],
                condition=Q(person__isnull=True, state="active"),
                name="allocation_unnamed",
            ),
            models.Index(fields=["changed_at"], name="allocation_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {span_text(self.starts_on, self.ends_on)}"

    def get_absolute_url(self) -> str:
        return reverse("scheduling:allocation-detail", args=[self.pk])

    @property
    def who(self) -> str:
        """Return the name that stands on the board."""
        return self.person.display_name if self.person else self.unnamed

    @property
    def is_active(self) -> bool:
        return self.state == AllocationState.ACTIVE


class AllocationDay(models.Model):
    """Hours of a booking on one day; person and hold stand here for quick sums.

    There is a row only while the booking stands: what was released has no days.
    """

    allocation = models.ForeignKey(
        Allocation, on_delete=models.CASCADE, related_name="days"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="allocation_days",
    )
    day = models.DateField()
    hours = models.DecimalField(max_digits=4, decimal_places=2)
    hold = models.CharField(max_length=5, choices=Hold.choices)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "day"], name="allocation_day_once"
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24),
                name="allocation_day_hours_fit",
                violation_error_message=_("A day has up to 24 hours."),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "day"], name="allocation_day_of_person"),
            models.Index(fields=["day"], name="allocation_day_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.hours}"


class CapacityDay(models.Model):
    """R-6: what a person can work on a day, and what is booked of it.

    It is the lock too: whoever books locks the rows in the order person, day. Only
    facts (sickness, holidays, shorter hours, leaving) may set `overbooked`.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="capacity"
    )
    day = models.DateField()
    capacity = models.DecimalField(max_digits=4, decimal_places=2)
    hard = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    # Soft holds and offers.
    soft = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(0))
    overbooked = models.BooleanField(default=False)
    off = models.CharField(max_length=8, choices=DayOff.choices, blank=True)

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="capacity_day_once"),
            #
            models.CheckConstraint(
                condition=Q(hard__lte=F("capacity")) | Q(overbooked=True),
                name="capacity_day_not_overbooked",
                violation_error_message=_("This is more than the day has."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=0, capacity__lte=24),
                name="capacity_day_fits",
            ),
        ]
        indexes = [
            models.Index(fields=["day", "person"], name="capacity_by_day"),
            models.Index(
                fields=["day"],
                condition=Q(overbooked=True),
                name="capacity_overbooked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.hard}/{self.capacity}"

    @property
    def free(self) -> Decimal:
        """Return the hours not booked hard."""
        return max(self.capacity - self.hard, Decimal(0))


class ExtraDay(models.Model):
    """Agreed extra hours of a day (weekend, overtime, travel): R-6.

    The manager grants it and the person consents; it counts when both have.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="extra_days"
    )
    day = models.DateField(_("day"))
    hours = models.DecimalField(_("extra hours"), max_digits=4, decimal_places=2)
    kind = models.CharField(_("kind"), max_length=8, choices=ExtraDayKind.choices)
    reason = models.CharField(_("reason"), max_length=300, validators=[validate_line])
    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.PROTECT,
        related_name="extra_days",
        verbose_name=_("engagement"),
    )
    state = models.CharField(
        max_length=9, choices=ExtraDayState.choices, default=ExtraDayState.ASKED
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    granted_at = models.DateTimeField(null=True, blank=True)
    consented_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(
        max_length=300, blank=True, validators=[validate_line]
    )

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day"],
                condition=Q(state__in=["asked", "agreed"]),
                name="extra_day_once",
                violation_error_message=_("There is an extra day already."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24),
                name="extra_day_hours_fit",
                violation_error_message=_("A day has up to 24 hours."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtraDayState.AGREED)
                | Q(granted_at__isnull=False, consented_at__isnull=False),
                name="extra_day_agreed_by_both",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {day_text(self.day)}"

    def get_absolute_url(self) -> str:
        return reverse("scheduling:extra-day-detail", args=[self.pk])
