"""The catalogue of courses, and who may teach them (R-14)."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_text
from training.choices import TrainerState


class Course(models.Model):
    """A course of the catalogue (domain.md, section 5)."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120, validators=[validate_line])
    session_count = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    hours_per_session = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=4,
        validators=[MinValueValidator(Decimal("0.25")), MaxValueValidator(12)],
    )
    seats = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    has_labs = models.BooleanField(default=True)
    has_certification = models.BooleanField(default=False)
    certification_title = models.CharField(
        max_length=120, blank=True, validators=[validate_line]
    )
    introduction_url = models.URLField(max_length=500, blank=True)
    slides_version = models.CharField(
        max_length=40, blank=True, validators=[validate_line]
    )
    slides_url = models.URLField(max_length=500, blank=True)
    # The train-the-trainer video.
    video_url = models.URLField(max_length=500, blank=True)
    # Where whoever passed gets the badge, unless their submission names another place.
    badge_url = models.URLField(max_length=500, blank=True)
    is_active = models.BooleanField(default=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("training:course-detail", self.pk)


class Criterion(models.Model):
    """A line of the rubric that a certification of a course is marked against."""

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="criteria"
    )
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200, validators=[validate_line])
    help = models.TextField(blank=True, validators=[validate_text])
    points = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    # What was marked once stays readable: a line leaves by this.
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name_plural = _("criteria")
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=1, points__lte=100),
                name="criterion_points_fit",
                violation_error_message=_("A line has 1 to 100 points."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TrainerCertification(Labelled):
    """That somebody may teach a course, or is on the way to it (R-14)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="trainer_certifications",
    )
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, related_name="trainer_certifications"
    )
    state = models.CharField(
        max_length=9, choices=TrainerState.choices, default=TrainerState.LEARNING
    )
    certified_on = models.DateField(null=True, blank=True)
    # The last day on which it counts; empty: for good.
    expires_on = models.DateField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True, validators=[validate_line])
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="trainer_certification_owner",
    )

    class Meta:
        ordering = ["course__title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "course"],
                name="trainer_certification_once",
                violation_error_message=_("There is an entry for this course already."),
            ),
            models.CheckConstraint(
                condition=~Q(state=TrainerState.CERTIFIED)
                | Q(certified_on__isnull=False),
                name="trainer_certified_on_a_day",
                violation_error_message=_("Say on which day it was given."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True)
                | Q(certified_on__isnull=True)
                | Q(expires_on__gte=F("certified_on")),
                name="trainer_certification_in_order",
                violation_error_message=_("It ends before it was given."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return address_of("training:certification-detail", self.pk)


class TrainerProfile(models.Model):
    """What a trainer does once, not for each class: an own demo-cloud account."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="trainer_profile",
    )
    has_demo_account = models.BooleanField(default=False)
    checked_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.person)
