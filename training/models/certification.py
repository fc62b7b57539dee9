"""Certification assessments, their marks and results (R-13)."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_zone
from training.choices import UNRELEASED, DateOrder, Result


class Submission(Labelled):
    """A certification assessment handed in by an attendee, to be reviewed (R-13)."""

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="submissions"
    )
    # Who it is on the roster, where that is known.
    attendee = models.ForeignKey(
        "training.Attendee",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="submissions",
    )
    attendee_name = models.CharField(max_length=120, validators=[validate_line])
    attendee_email = models.EmailField()
    submitted_at = models.DateTimeField()
    response_url = models.URLField(max_length=500, blank=True)
    # The id of the response in the form that it was handed in by.
    response_key = models.CharField(
        max_length=120, blank=True, validators=[validate_line]
    )
    # What the form itself gave, in per cent: the written part.
    form_score = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    # The attempt before it, of the same attendee.
    resubmits = models.OneToOneField(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="resubmission",
    )
    badge_url = models.URLField(max_length=500, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    result = models.CharField(
        max_length=12, choices=Result.choices, default=Result.WAITING
    )
    score = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    released_at = models.DateTimeField(null=True, blank=True)
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="submission_owner",
    )

    class Meta:
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(
                fields=["submitted_at"],
                condition=Q(result=Result.WAITING),
                name="submission_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "response_key"],
                condition=~Q(response_key=""),
                name="submission_response_once",
                violation_error_message=_("This response is already entered."),
            ),
            models.UniqueConstraint(
                fields=["delivery", "attendee_email", "submitted_at"],
                name="submission_once",
                violation_error_message=_("This submission is already entered."),
            ),
            models.CheckConstraint(
                condition=Q(result__in=sorted(UNRELEASED), released_at__isnull=True)
                | (~Q(result__in=sorted(UNRELEASED)) & Q(released_at__isnull=False)),
                name="submission_result_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        # Without the name: it would stand in the history, which nobody can erase.
        return f"{_('Submission')} {self.pk} ({self.delivery})"

    def get_absolute_url(self) -> str:
        return address_of("training:submission-detail", self.pk)


class Mark(models.Model):
    """R-13: the points of a submission for one line of the rubric."""

    submission = models.ForeignKey(
        Submission, on_delete=models.CASCADE, related_name="marks"
    )
    criterion = models.ForeignKey(
        "training.Criterion", on_delete=models.PROTECT, related_name="+"
    )
    points = models.PositiveSmallIntegerField()
    # What the line gave at most when it was marked.
    most = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=300, blank=True, validators=[validate_line])

    class Meta:
        ordering = ["criterion__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "criterion"], name="mark_once_per_line"
            ),
            models.CheckConstraint(
                condition=Q(points__lte=models.F("most")),
                name="mark_within_the_line",
                violation_error_message=_("This is more than the line gives."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points}/{self.most}"


class FormImport(Labelled):
    """R-13: results of a form, uploaded for a class and looked at before they count.

    Its cells tell of people: they go when they are entered, or when nobody does.
    """

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="form_imports"
    )
    file_name = models.CharField(max_length=200)
    # Of the bytes, so that the same file is noticed when it comes again.
    fingerprint = models.CharField(max_length=64)
    header = models.JSONField(default=list, blank=True)
    rows = models.JSONField(default=list, blank=True)
    # What is read from which column, counted from 0.
    columns = models.JSONField(default=dict, blank=True)
    # The clock on which the file tells its times, and how it writes its days.
    zone = models.CharField(max_length=60, validators=[validate_zone])
    date_order = models.CharField(max_length=3, choices=DateOrder.choices, blank=True)
    # Also who is not on the roster: a form may serve several classes.
    with_strangers = models.BooleanField(default=False)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    # How many submissions came of it.
    entered = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        indexes = [
            models.Index(
                fields=["uploaded_at"],
                condition=Q(settled_at__isnull=True),
                name="form_import_waiting",
            ),
        ]

    def __str__(self) -> str:
        # Not the name of the file: it may be somebody's.
        return f"{_('Form results')} {self.pk} ({self.delivery})"

    def get_absolute_url(self) -> str:
        return address_of("training:import-detail", self.pk)
