"""Proposed dates, the planning meeting and the training event plan."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line, validate_text, validate_zone
from training.choices import OPEN_PROPOSALS, MeetingAnswer, ProposalState


class DateProposal(Labelled):
    """Two or three sets of dates for a class, held softly until the customer answers.

    domain.md, section 5 (1). Confirming one makes the class of it.
    """

    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.CASCADE,
        related_name="date_proposals",
    )
    course = models.ForeignKey("training.Course", on_delete=models.PROTECT)
    title = models.CharField(max_length=160, validators=[validate_line])
    state = models.CharField(
        max_length=9, choices=ProposalState.choices, default=ProposalState.DRAFT
    )
    zone = models.CharField(max_length=60, validators=[validate_zone])
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    # The holds end with it: *5* business days after sending, customer calendar.
    answer_by = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # The class that came of it.
    delivery = models.OneToOneField(
        "training.Delivery",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposal",
    )
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="date_proposal_owner",
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ProposalState.SENT)
                | Q(sent_at__isnull=False, answer_by__isnull=False),
                name="date_proposal_sent_has_its_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by"],
                condition=Q(state=ProposalState.SENT),
                name="date_proposal_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("training:proposal-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_PROPOSALS


class DateOption(models.Model):
    """One of the proposed sets of dates: its sessions and its trainer."""

    proposal = models.ForeignKey(
        DateProposal, on_delete=models.CASCADE, related_name="options"
    )
    order = models.PositiveSmallIntegerField()
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    # The soft hold of the trainer's days.
    allocation = models.OneToOneField(
        "scheduling.Allocation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="date_option",
    )
    is_chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "order"], name="date_option_order_once"
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(is_chosen=True),
                name="date_option_one_chosen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal} · {self.order}"


class ProposedSession(models.Model):
    """A session of a proposed set of dates (UTC; told in the proposal's zone)."""

    option = models.ForeignKey(
        DateOption, on_delete=models.CASCADE, related_name="sessions"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="proposed_session_in_order",
                violation_error_message=_("The session ends before it starts."),
            ),
            models.UniqueConstraint(
                fields=["option", "starts_at"], name="proposed_session_start_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} UTC"


class TrainerBooking(models.Model):
    """The booking of the trainer's days for a class (allocation, travel included)."""

    delivery = models.ForeignKey(
        "training.Delivery", on_delete=models.CASCADE, related_name="trainer_bookings"
    )
    allocation = models.OneToOneField(
        "scheduling.Allocation",
        on_delete=models.CASCADE,
        related_name="trainer_booking",
    )
    is_travel = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.allocation)


class PlanningMeeting(Labelled):
    """The meeting in which classes are planned with the customer and the trainer."""

    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.CASCADE,
        related_name="planning_meetings",
    )
    deliveries = models.ManyToManyField(
        "training.Delivery", related_name="planning_meetings"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=60, validators=[validate_zone])
    location = models.CharField(max_length=500, blank=True, validators=[validate_line])
    invitation = models.ForeignKey(
        "outbox.Invitation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    held_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="planning_meeting_in_order",
                violation_error_message=_("The meeting ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Training planning meeting')} · {self.engagement}"

    def get_absolute_url(self) -> str:
        return reverse("training:meeting-detail", args=[self.pk])


class PlanningAnswer(models.Model):
    """What a trainer says to the planning meeting: comes, or asks to move it."""

    meeting = models.ForeignKey(
        PlanningMeeting, on_delete=models.CASCADE, related_name="answers"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(
        max_length=8, choices=MeetingAnswer.choices, default=MeetingAnswer.WAITING
    )
    words = models.CharField(max_length=500, blank=True, validators=[validate_line])
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"], name="planning_answer_once"
            ),
            models.CheckConstraint(
                condition=~Q(answer=MeetingAnswer.MOVE) | ~Q(words=""),
                name="planning_answer_says_when",
                violation_error_message=_("Say when it would suit you."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_answer_display()}"


class EventPlan(Labelled):
    """The training event plan of a class; its texts stand on the sheet."""

    delivery = models.OneToOneField(
        "training.Delivery", on_delete=models.CASCADE, related_name="event_plan"
    )
    sheet = models.OneToOneField(
        "livetext.LiveSheet", on_delete=models.PROTECT, related_name="event_plan"
    )
    # Of the single choices (platform, recording, …); long words stand on the sheet.
    choices = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    completed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{_('Training event plan')} · {self.delivery}"

    def get_absolute_url(self) -> str:
        return f"{self.delivery.get_absolute_url()}plan/"


class EventPlanVersion(models.Model):
    """The event plan as it stood when somebody kept it: drafted, completed, changed."""

    plan = models.ForeignKey(
        EventPlan, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveSmallIntegerField()
    # {"field": "text"} of everything, the choices in words.
    texts = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True, validators=[validate_text])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="event_plan_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} · {self.number}"
