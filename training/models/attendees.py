"""The roster of a class: who registered, who came, and the reports that say so."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line
from training.choices import AttendeeSource, ReportKind, RowFate, SeatOrderState


class Attendee(Labelled):
    """Somebody who is registered for a class, or was there."""

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="attendees"
    )
    name = models.CharField(max_length=120, validators=[validate_line])
    # Always in small letters.
    email = models.EmailField(blank=True)
    source = models.CharField(max_length=12, choices=AttendeeSource.choices)
    registered_at = models.DateTimeField(null=True, blank=True)
    # Does not come any more; stays on the roster as called off.
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "email"],
                condition=~Q(email=""),
                name="attendee_email_once",
                violation_error_message=_("This address is on the roster already."),
            ),
        ]

    def __str__(self) -> str:
        # Without the name: it would stand in the history, which nobody can erase.
        return f"{_('Attendee')} {self.pk}"


class AttendeeAlias(models.Model):
    """Another name or address under which an attendee joined; known the next time."""

    attendee = models.ForeignKey(
        Attendee, on_delete=models.CASCADE, related_name="aliases"
    )
    name = models.CharField(max_length=120, blank=True, validators=[validate_line])
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendee", "name", "email"], name="attendee_alias_once"
            ),
            models.CheckConstraint(
                condition=~Q(name="", email=""), name="attendee_alias_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Alias')} {self.pk}"


class Attendance(models.Model):
    """How long an attendee was in a session; several joins are one row."""

    attendee = models.ForeignKey(
        Attendee, on_delete=models.CASCADE, related_name="attendances"
    )
    session = models.ForeignKey(
        "training.Session", on_delete=models.CASCADE, related_name="attendances"
    )
    minutes = models.PositiveSmallIntegerField()
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["session__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendee", "session"], name="attendance_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True)
                | Q(joined_at__isnull=True)
                | Q(left_at__gte=F("joined_at")),
                name="attendance_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes} min"


class AttendeeReport(Labelled):
    """A report that was uploaded for a class, with its rows until they are decided."""

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="reports"
    )
    kind = models.CharField(max_length=12, choices=ReportKind.choices)
    # Of an attendee report: the session that it tells of.
    session = models.ForeignKey(
        "training.Session",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reports",
    )
    document = models.ForeignKey(
        "documents.Document",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    file_name = models.CharField(max_length=200)
    # Of the bytes, so that the same file is noticed when it comes again.
    fingerprint = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Every row is decided, and what it says stands on the roster.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.ATTENDEE) | Q(session__isnull=False),
                name="attendee_report_has_its_session",
                violation_error_message=_("Say which session the report tells of."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.delivery})"

    def get_absolute_url(self) -> str:
        return f"{self.delivery.get_absolute_url()}roster/"


class ReportRow(models.Model):
    """One person of a report: their joins summed up, and who that is on the roster."""

    report = models.ForeignKey(
        AttendeeReport, on_delete=models.CASCADE, related_name="rows"
    )
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    # [[joined, left, minutes], …] as the report had them, moments in ISO form (UTC).
    joins = models.JSONField(default=list)
    minutes = models.PositiveIntegerField(default=0)
    registered_at = models.DateTimeField(null=True, blank=True)
    fate = models.CharField(max_length=8, choices=RowFate.choices)
    attendee = models.ForeignKey(
        Attendee,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="report_rows",
    )
    # Why it is doubtful or left out, in words.
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"], name="report_row_number_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["report"],
                condition=Q(fate=RowFate.DOUBTFUL),
                name="report_row_doubtful",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Row')} {self.number}"


class RegistrationCount(models.Model):
    """How many were registered for a class on a day, as somebody saw it."""

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="counts"
    )
    counted_on = models.DateField()
    registered = models.PositiveSmallIntegerField(validators=[MaxValueValidator(5000)])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.counted_on}: {self.registered}"


class SeatOrder(Labelled):
    """Seats above those that were sold, and whether the customer orders them."""

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="seat_orders"
    )
    seats = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    state = models.CharField(
        max_length=8, choices=SeatOrderState.choices, default=SeatOrderState.ASKED
    )
    reference = models.CharField(max_length=120, blank=True, validators=[validate_line])
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery"],
                condition=Q(state=SeatOrderState.ASKED),
                name="seat_order_one_open",
                violation_error_message=_("An order of extra seats is open already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seats} {_('extra seats')} ({self.delivery})"

    def get_absolute_url(self) -> str:
        return f"{self.delivery.get_absolute_url()}roster/"


class SurveyResult(models.Model):
    """What attendees said of a class; the newest one counts."""

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="survey_results"
    )
    answers = models.PositiveSmallIntegerField(validators=[MinValueValidator(1)])
    # Mean on a scale of 1 to 5.
    score = models.DecimalField(
        max_digits=3,
        decimal_places=2,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    note = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5),
                name="survey_score_on_its_scale",
                violation_error_message=_("The mean is between 1 and 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} ({self.answers})"


class ParkedQuestion(Labelled):
    """A question that was left open in class (the parking lot)."""

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="parked_questions"
    )
    text = models.TextField(max_length=2000)
    asked_by = models.CharField(max_length=120, blank=True, validators=[validate_line])
    parked_at = models.DateTimeField()
    parked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    step = models.OneToOneField(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="parked_question",
    )

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{_('Parked question')} {self.pk}"

    def get_absolute_url(self) -> str:
        return f"{self.delivery.get_absolute_url()}#parking-lot"
