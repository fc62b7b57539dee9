"""Deliveries (cohorts) of courses, and their sessions."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_zone
from training.choices import DeliveryState, Place, Platform


class Delivery(Labelled):
    """One class (cohort) of one course for one engagement."""

    engagement = models.ForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="deliveries"
    )
    course = models.ForeignKey("training.Course", on_delete=models.PROTECT)
    title = models.CharField(max_length=160, validators=[validate_line])
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.PLANNED
    )
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
    )
    place = models.CharField(max_length=10, choices=Place.choices, default=Place.REMOTE)
    address = models.CharField(max_length=300, blank=True, validators=[validate_line])
    language = models.CharField(
        max_length=40, default="English", validators=[validate_line]
    )
    seats = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    with_labs = models.BooleanField(default=True)
    with_certification = models.BooleanField(default=False)
    host = models.ForeignKey(
        "scheduling.HostAccount",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
    )
    # Who may open the meeting when the host account cannot; the trainer where empty.
    alternative_host = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    registrant_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    # Secrets: neither link stands in history, search or export.
    registration_url = models.URLField(max_length=500, blank=True)
    recording_url = models.URLField(max_length=500, blank=True)
    survey_url = models.URLField(max_length=500, blank=True)
    # Roster complete, and handed to finance (training close-out).
    roster_in_at = models.DateTimeField(null=True, blank=True)
    roster_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="delivery_owner",
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = _("deliveries")

    def __str__(self) -> str:
        return self.title

    @property
    def customer_thread(self) -> str:
        """The thread in which the customer is told of the class."""
        return f"class-{self.pk}-customer"

    def get_absolute_url(self) -> str:
        return address_of("training:delivery-detail", self.pk)


class SessionQuerySet(models.QuerySet["Session"]):
    def between(self, start: datetime, end: datetime) -> "SessionQuerySet":
        """Return sessions that touch the span [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Session(Labelled):
    """One of the 1..n meetings of a delivery; its zone is the class's calendar."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="sessions"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=60, validators=[validate_zone])
    platform = models.CharField(
        max_length=10, choices=Platform.choices, default=Platform.WEBINAR
    )
    # Secrets: a registration of its own, and the link by which the trainer joins.
    registration_url = models.URLField(max_length=500, blank=True)
    join_url = models.URLField(max_length=500, blank=True)
    held_on = models.DateField(null=True, blank=True)
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="session_owner",
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("The session ends before it starts."),
            ),
            models.UniqueConstraint(
                fields=["delivery", "starts_at"], name="session_start_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery} · {self.starts_at:%Y-%m-%d %H:%M} UTC"

    def get_absolute_url(self) -> str:
        return address_of("training:delivery-detail", self.delivery_id)
