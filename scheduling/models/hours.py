"""Actual hours: the week of a person, its part for each engagement, and the entries."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_text
from scheduling.choices import HoursSource, HoursState


class HoursWeek(models.Model):
    """The week of one person, by the day it ends on (domain.md, sections 3 and 4)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hours_weeks"
    )
    # The Friday (a setting) of the week.
    ends_on = models.DateField()
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hours_week_owner",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-ends_on", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "ends_on"], name="hours_week_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.ends_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("scheduling:hours-week", args=[self.pk])


class HoursPart(Labelled):
    """What a person worked for one engagement in a week: what one approver decides."""

    week = models.ForeignKey(HoursWeek, on_delete=models.CASCADE, related_name="parts")
    engagement = models.ForeignKey(
        "engagements.Engagement", on_delete=models.PROTECT, related_name="hours_parts"
    )
    state = models.CharField(
        max_length=9, choices=HoursState.choices, default=HoursState.DRAFT
    )
    source = models.CharField(
        max_length=8, choices=HoursSource.choices, default=HoursSource.PORTAL
    )
    # The sum of its entries, counter-entries included.
    hours = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    # worked at risk beyond its cap or end; not billable until it is released.
    waits_for_release = models.BooleanField(default=False)
    note = models.TextField(blank=True, validators=[validate_text])
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Why it went back to the person.
    returned_reason = models.TextField(blank=True, validators=[validate_text])
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["week", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "engagement"], name="hours_part_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved", source="portal")
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="hours_part_approved_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["engagement", "state"], name="hours_part_by_engagement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week} · {self.engagement}"


class HoursEntry(models.Model):
    """Hours of one day, in quarters; after the approval only counter-entries follow."""

    part = models.ForeignKey(
        HoursPart, on_delete=models.CASCADE, related_name="entries"
    )
    day = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    note = models.CharField(max_length=200, blank=True, validators=[validate_line])
    # A counter-entry names the reason and may be negative.
    is_counter = models.BooleanField(default=False)
    # The line of the PSA system that it was imported from.
    external_key = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["part", "day"],
                condition=Q(is_counter=False),
                name="hours_entry_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["external_key"],
                condition=~Q(external_key=""),
                name="hours_entry_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(is_counter=True) | Q(hours__gte=0),
                name="hours_entry_not_negative",
                violation_error_message=_("Hours are not negative."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=-24, hours__lte=24),
                name="hours_entry_within_a_day",
                violation_error_message=_("A day has 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(is_counter=False) | ~Q(note=""),
                name="hours_entry_counter_says_why",
                violation_error_message=_("Say why it is corrected."),
            ),
        ]
        indexes = [models.Index(F("day"), name="hours_entry_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.hours}"
