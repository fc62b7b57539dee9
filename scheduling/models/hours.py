"""Actual hours: the week of a person, its part for each engagement, and the entries.

Who approves is asked once a week, by a checklist of their own.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.moments import day_text
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
    # Counts each change, so that a stale form is noticed.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-ends_on", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "ends_on"], name="hours_week_once"
            ),
        ]

    def __str__(self) -> str:
        # Without the name: it would stand in the history, which nobody can erase.
        return _("Week to %(day)s") % {"day": day_text(self.ends_on)}

    def get_absolute_url(self) -> str:
        return address_of("scheduling:hours-week", self.pk)


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
    # The sum of its entries, counter-entries included; and what of it is approved.
    hours = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    approved_hours = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    # Who is asked to approve it; without a person the pool is.
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hours_to_approve",
    )
    pool = models.ForeignKey(
        "people.Pool",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
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
    # Of the PM: ask for a work exception, since these hours are beyond what was sold.
    exception_step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
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
            models.Index(
                fields=["approver"],
                condition=Q(state="submitted"),
                name="hours_part_to_approve",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week} · {self.engagement}"

    def get_absolute_url(self) -> str:
        return address_of("scheduling:hours-part", self.pk)

    @property
    def is_correction(self) -> bool:
        """Whether it was approved before, and a counter-entry waits."""
        return self.state == HoursState.SUBMITTED and self.decided_at is not None


class HoursEntry(models.Model):
    """Hours of one day, in quarters; after the approval only counter-entries follow."""

    part = models.ForeignKey(
        HoursPart, on_delete=models.CASCADE, related_name="entries"
    )
    day = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    note = models.CharField(max_length=200, blank=True, validators=[validate_line])
    # A counter-entry names the reason and may be negative; until somebody approved it
    # it waits.
    is_counter = models.BooleanField(default=False)
    waits = models.BooleanField(default=False)
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
                condition=Q(is_counter=False, external_key=""),
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
                violation_error_message=gettext_lazy("Hours are not negative."),
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=-24, hours__lte=24),
                name="hours_entry_within_a_day",
                violation_error_message=gettext_lazy("A day has 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(is_counter=False) | ~Q(note=""),
                name="hours_entry_counter_says_why",
                violation_error_message=gettext_lazy("Say why it is corrected."),
            ),
        ]
        indexes = [models.Index(F("day"), name="hours_entry_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.hours}"


class HoursApproval(models.Model):
    """The hours of one week that somebody, or a pool, is asked to approve."""

    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hours_approvals",
    )
    pool = models.ForeignKey(
        "people.Pool",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    ends_on = models.DateField()
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hours_approval_owner",
    )

    class Meta:
        ordering = ["-ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["approver", "ends_on"], name="hours_approval_once"
            ),
            models.UniqueConstraint(
                fields=["pool", "ends_on"], name="hours_approval_of_pool_once"
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True, pool__isnull=False)
                | Q(approver__isnull=False, pool__isnull=True),
                name="hours_approval_of_person_or_pool",
            ),
        ]

    def __str__(self) -> str:
        return _("Hours to approve, week to %(day)s") % {"day": day_text(self.ends_on)}


class HoursImport(models.Model):
    """A file of the PSA system: looked at first, then taken over.

    `rows` is what the file says, until it is taken over or discarded;
    `covered_until` is the last day that it tells of.
    """

    file_name = models.CharField(max_length=200, validators=[validate_line])
    fingerprint = models.CharField(max_length=64)
    header = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    covered_until = models.DateField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    entered = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return address_of("scheduling:hours-import-detail", self.pk)
