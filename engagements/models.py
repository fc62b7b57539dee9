"""The engagement with its paper, gate conditions and team."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.choices import (
    KINDS_WITH_TRAINING,
    OPEN_STATUSES,
    PAUSED_STATUSES,
    BallWith,
    BillingTerms,
    Booking,
    Condition,
    ForecastCategory,
    Kind,
    Maturity,
    PaperKind,
    Status,
)
from psdelivery.people.choices import EngagementRole
from psdelivery.people.validators import validate_line, validate_text


class Offering(models.Model):
    """What is sold, in the catalogue's order: category, type, offering."""

    key = models.SlugField(max_length=60, unique=True)
    category = models.CharField(max_length=80, validators=[validate_line])
    type = models.CharField(max_length=80, validators=[validate_line])
    title = models.CharField(max_length=120, validators=[validate_line])
    maturity = models.CharField(max_length=10, choices=Maturity.choices)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    kit_links = models.JSONField(default=list, blank=True)
    role_hours = models.JSONField(default=dict, blank=True)
    course = models.ForeignKey(
        "training.Course", on_delete=models.SET_NULL, null=True, blank=True
    )
    is_active = models.BooleanField(default=True)
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["category", "type", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("engagements:offering-edit", args=[self.pk])

    @property
    def hours_words(self) -> str:
        """Return the hours by role in a line: "PSE 40, technical architect 8"."""
        return ", ".join(
            f"{role.upper() if len(role) < 4 else role.replace('_', ' ')} {hours:g}"
            for role, hours in self.role_hours.items()
        )


class Engagement(models.Model):
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
    checklist = models.OneToOneField(
        "playbooks.Checklist",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="engagement_owner",
    )
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
        return reverse("engagements:engagement-detail", args=[self.pk])

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


class Paper(models.Model):
    """The statement of work or order form that sells the engagement."""

    engagement = models.OneToOneField(
        Engagement, on_delete=models.CASCADE, related_name="paper"
    )
    kind = models.CharField(
        max_length=12, choices=PaperKind.choices, default=PaperKind.SOW
    )
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True
    )
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    billing_terms = models.CharField(
        max_length=20, choices=BillingTerms.choices, blank=True
    )
    hours = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    units_sold = models.CharField(
        max_length=200, blank=True, validators=[validate_line]
    )
    use_by = models.DateField(null=True, blank=True)
    passive_acceptance = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0),
                name="paper_value_not_negative",
                violation_error_message=_("The value cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | ~Q(currency=""),
                name="paper_value_has_currency",
                violation_error_message=_("Name the currency of the value."),
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                name="paper_hours_positive",
                violation_error_message=_("Hours are more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.engagement_id}"


class GateCondition(models.Model):
    """One condition of the resource gate with its evidence (R-2).

    Met means dated with evidence; the billing terms and the advice are met by what
    stands in the intake, so they carry a date without a document.
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="conditions"
    )
    code = models.CharField(max_length=20, choices=Condition.choices)
    met_on = models.DateField(null=True, blank=True)
    evidence = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, blank=True
    )
    note = models.CharField(max_length=300, blank=True, validators=[validate_line])
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "code"], name="gate_condition_once"
            ),
            # a signature, an agreement and closed-won count with evidence only.
            models.CheckConstraint(
                condition=Q(met_on__isnull=True)
                | Q(evidence__isnull=False)
                | Q(
                    code__in=[
                        Condition.BILLING_TERMS,
                        Condition.QUOTE,
                        Condition.FORECAST,
                        Condition.SKILLS,
                    ]
                ),
                name="gate_condition_met_with_evidence",
                violation_error_message=_("Add the evidence: a file or a link."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_code_display())

    @property
    def is_met(self) -> bool:
        return self.met_on is not None


class TeamMember(models.Model):
    """A person in a role on the engagement, or the recorded reason for nobody.

    Until allocations exist a delivery role carries soft/hard, first day and hours.
    """

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="team"
    )
    role = models.CharField(max_length=30, choices=EngagementRole.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    none_reason = models.CharField(
        max_length=200, blank=True, validators=[validate_line]
    )
    booking = models.CharField(max_length=4, choices=Booking.choices, blank=True)
    first_day = models.DateField(null=True, blank=True)
    hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "role", "person"], name="team_member_role_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, none_reason="")
                | (Q(person__isnull=True) & ~Q(none_reason="")),
                name="team_role_has_person_or_reason",
                violation_error_message=_(
                    "Name a person, or the reason why there is none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                name="team_member_hours_positive",
                violation_error_message=_("Hours are more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person or self.none_reason}"
