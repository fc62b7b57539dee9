"""Resource requests: who asks for whom, when, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.choices import Booking
from psdelivery.people.choices import EngagementRole, SkillLevel
from psdelivery.people.labels import Labelled
from psdelivery.people.models import Skill
from psdelivery.people.moments import span_text
from psdelivery.people.validators import (
    validate_line,
    validate_plannable,
    validate_text,
    validate_zone,
)
from scheduling.choices import (
    ENDED_REQUEST_STATES,
    OPEN_REQUEST_STATES,
    WAITING_STATES,
    Place,
    ReleaseCause,
    RequestBall,
    RequestKind,
    RequestState,
)


class RequestQuerySet(models.QuerySet["ResourceRequest"]):
    def open(self) -> "RequestQuerySet":
        """Return requests that somebody still has to act on."""
        return self.filter(state__in=OPEN_REQUEST_STATES)

    def waiting(self) -> "RequestQuerySet":
        """Return requests that wait for coordination."""
        return self.filter(state__in=WAITING_STATES)


class ResourceRequest(Labelled):
    """Asks for a role on days, for hours, soft or hard (domain.md, section 3)."""

    kind = models.CharField(_("type"), max_length=16, choices=RequestKind.choices)
    state = models.CharField(
        max_length=14, choices=RequestState.choices, default=RequestState.DRAFT
    )
    # Empty for a planning inquiry, and for changes of what was booked for one;
    # internal time is on a standing engagement.
    engagement = models.ForeignKey(
        "engagements.Engagement",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resource_requests",
        verbose_name=_("engagement"),
    )
    # What a planning inquiry is about, in words: there is no engagement yet.
    about = models.CharField(
        _("about"), max_length=200, blank=True, validators=[validate_line]
    )
    role = models.CharField(
        _("role"), max_length=30, choices=EngagementRole.choices, blank=True
    )
    booking = models.CharField(
        _("soft or hard"), max_length=4, choices=Booking.choices, default=Booking.SOFT
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requested_for",
        verbose_name=_("person"),
        help_text=_("Empty: whoever fits."),
    )
    hours_per_day = models.DecimalField(
        _("hours per day"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    hours_total = models.DecimalField(
        _("hours in total"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    # "Any n days between": how many of the days of the ranges are wanted.
    any_days = models.PositiveSmallIntegerField(
        _("any … days of these"), null=True, blank=True
    )
    place = models.CharField(
        _("where"), max_length=8, choices=Place.choices, default=Place.REMOTE
    )
    language = models.CharField(
        _("language"), max_length=40, blank=True, validators=[validate_line]
    )
    zone = models.CharField(
        _("zone of the work"), max_length=60, blank=True, validators=[validate_zone]
    )
    # How many hours of 09:00–17:00 in that zone must fall into the person's own.
    zone_overlap = models.PositiveSmallIntegerField(
        _("hours of the day in common"), null=True, blank=True
    )
    task = models.CharField(_("task"), max_length=24, blank=True)
    note = models.TextField(
        _("note"), max_length=2_000, blank=True, validators=[validate_text]
    )
    # Whom internal time mentions; the others of the pool see it too.
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("project coordinator"),
    )
    # The booking that a change or release is about, and why.
    allocation = models.ForeignKey(
        "scheduling.Allocation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="change_requests",
        verbose_name=_("booking"),
    )
    cause = models.CharField(
        _("because of"), max_length=10, choices=ReleaseCause.choices, blank=True
    )
    # The comment that was made a request; once, while it is not dropped.
    comment = models.ForeignKey(
        "comments.Comment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="resource_requests",
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="my_requests"
    )
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    ball_with = models.CharField(
        max_length=12, choices=RequestBall.choices, default=RequestBall.REQUESTER
    )
    ball_since = models.DateTimeField()
    # Hours (elapsed) that coordination has had it before it had it last.
    coordination_hours = models.DecimalField(
        max_digits=9, decimal_places=2, default=0, editable=False
    )
    answer_due_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, validators=[validate_text])
    # The step of the one who acts next.
    step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    version = models.PositiveIntegerField(default=1)

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours_per_day__isnull=True) | Q(hours_total__isnull=True),
                name="request_hours_one_way",
                violation_error_message=_("Say hours per day or in total, not both."),
            ),
            models.CheckConstraint(
                condition=Q(hours_per_day__isnull=True)
                | Q(hours_per_day__gt=0, hours_per_day__lte=24),
                name="request_hours_fit_a_day",
                violation_error_message=_("A day has up to 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(hours_total__isnull=True) | Q(hours_total__gt=0),
                name="request_hours_positive",
                violation_error_message=_("Hours are more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(any_days__isnull=True) | Q(any_days__gt=0),
                name="request_any_days_positive",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=sorted(ENDED_REQUEST_STATES), ball_with=RequestBall.NOBODY
                )
                | Q(
                    state__in=sorted(WAITING_STATES),
                    ball_with=RequestBall.COORDINATION,
                )
                | Q(
                    state__in=[RequestState.DRAFT, RequestState.OFFERED],
                    ball_with=RequestBall.REQUESTER,
                ),
                name="request_ball_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(kind=RequestKind.PLANNING)
                | Q(engagement__isnull=False)
                | Q(allocation__isnull=False),
                name="request_has_engagement",
                violation_error_message=_("Name the engagement."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[RequestKind.CHANGE, RequestKind.RELEASE])
                | Q(allocation__isnull=False),
                name="request_of_change_names_booking",
                violation_error_message=_("Name the booking."),
            ),
            models.UniqueConstraint(
                fields=["comment"],
                condition=Q(comment__isnull=False)
                & ~Q(state__in=[RequestState.WITHDRAWN, RequestState.REFUSED]),
                name="request_once_from_comment",
                violation_error_message=_("This comment is a request already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_due_at"],
                condition=Q(state__in=["submitted", "under_review", "accepted"]),
                name="request_waiting",
            ),
            models.Index(fields=["state", "-created_at"], name="request_by_state"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("scheduling:request-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_REQUEST_STATES

    @property
    def is_hard(self) -> bool:
        return self.booking == Booking.HARD


class RequestRange(models.Model):
    """Days from … to …, both ends included, that a request asks for."""

    request = models.ForeignKey(
        ResourceRequest, on_delete=models.CASCADE, related_name="ranges"
    )
    starts_on = models.DateField(_("first day"), validators=[validate_plannable])
    ends_on = models.DateField(_("last day"), validators=[validate_plannable])

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="request_range_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return span_text(self.starts_on, self.ends_on)


class RequestSkill(models.Model):
    """A skill that the person must have, and how well."""

    request = models.ForeignKey(
        ResourceRequest, on_delete=models.CASCADE, related_name="skills"
    )
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(
        _("level"), choices=SkillLevel.choices, default=SkillLevel.DELIVERS
    )

    class Meta:
        ordering = ["skill__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "skill"], name="request_skill_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill} ({self.get_level_display()})"
