"""The engagement itself: one sold piece of work for one customer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.choices import (
    KINDS_WITH_TRAINING,
    OPEN_STATUSES,
    PAUSED_STATUSES,
    BallWith,
    ForecastCategory,
    Kind,
    Status,
)
from engagements.models.catalogue import Offering
from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_text


class Engagement(Labelled):
    """One sold piece of PS work for one customer (glossary)."""

    title = models.CharField(max_length=160, validators=[validate_line])
    customer = models.ForeignKey(
        "people.Customer", on_delete=models.PROTECT, related_name="engagements"
    )
    main_contact = models.ForeignKey(
        "people.Contact",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    kind = models.CharField(max_length=20, choices=Kind.choices)
    status = models.CharField(
        max_length=20, choices=Status.choices, default=Status.ESTIMATE
    )
    status_since = models.DateTimeField()
    status_before = models.CharField(
        max_length=20, choices=Status.choices, blank=True, default=""
    )
    offerings = models.ManyToManyField(Offering, blank=True)
    region = models.ForeignKey("people.Region", on_delete=models.PROTECT)
    practice = models.ForeignKey("people.Practice", on_delete=models.PROTECT)
    opportunity_url = models.URLField(max_length=500, blank=True)
    opportunity_stage = models.PositiveSmallIntegerField(null=True, blank=True)
    forecast_category = models.CharField(
        max_length=10, choices=ForecastCategory.choices, blank=True
    )
    closed_won_at = models.DateTimeField(null=True, blank=True)
    wished_start = models.DateField(null=True, blank=True)
    wished_start_latest = models.DateField(null=True, blank=True)
    planned_end = models.DateField(null=True, blank=True)
    definition_url = models.URLField(max_length=500, blank=True)
    notes = models.TextField(blank=True, validators=[validate_text])
    ball_with = models.CharField(
        max_length=10, choices=BallWith.choices, default=BallWith.SALES
    )
    ball_since = models.DateTimeField()
    # What the open steps said last (`rules.ball`); empty while they were not asked.
    ball_derived = models.CharField(
        max_length=10, choices=BallWith.choices, blank=True, default=""
    )
    ball_step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Somebody said otherwise, until the steps say something new.
    ball_by_hand = models.BooleanField(default=False)
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="engagement_owner",
    )
    # The steps that went when it was cancelled, for reviving to ask about.
    cancelled_steps = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(wished_start__isnull=True)
                | Q(wished_start_latest__isnull=True)
                | Q(wished_start_latest__gte=models.F("wished_start")),
                name="engagement_start_window_in_order",
                violation_error_message=_("The latest start lies before the earliest."),
            ),
            models.CheckConstraint(
                condition=Q(planned_end__isnull=True)
                | Q(wished_start__isnull=True)
                | Q(planned_end__gte=models.F("wished_start")),
                name="engagement_ends_after_it_starts",
                violation_error_message=_("The end lies before the start."),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "kind"], name="engagement_status_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.customer} · {self.title}"

    def get_absolute_url(self) -> str:
        return address_of("engagements:engagement-detail", self.pk)

    @property
    def has_training(self) -> bool:
        return self.kind in KINDS_WITH_TRAINING

    @property
    def has_gate(self) -> bool:
        return self.kind != Kind.INTERNAL

    @property
    def is_running(self) -> bool:
        """Whether the gate still matters: sold or coming, and not yet closed."""
        return self.status in OPEN_STATUSES - {Status.ESTIMATE}

    @property
    def is_paused(self) -> bool:
        return self.status in PAUSED_STATUSES
