"""Deliverables and milestones, who is responsible for what, and the risks."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import (
    DeliverableState,
    Priority,
    ReviewOutcome,
    RiskImpact,
    RiskStatus,
)
from engagements.models import Engagement
from psdelivery.people.addresses import address_of
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import (
    validate_line,
    validate_plannable,
    validate_text,
)


class Deliverable(Labelled):
    """What the customer is to get, or a milestone on the way (domain.md, section 4)."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="deliverables"
    )
    title = models.CharField(_("title"), max_length=160, validators=[validate_line])
    is_milestone = models.BooleanField(
        _("a milestone, nothing to hand over"), default=False
    )
    order = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(
        _("due"), null=True, blank=True, validators=[validate_plannable]
    )
    acceptance_criteria = models.TextField(
        _("acceptance criteria"), blank=True, validators=[validate_text]
    )
    state = models.CharField(
        max_length=9, choices=DeliverableState.choices, default=DeliverableState.DRAFT
    )
    kit_item = models.ForeignKey(
        "execution.KitItem",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    delivered_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kit_item"],
                condition=Q(kit_item__isnull=False),
                name="deliverable_once_per_kit_item",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "rejected"])
                | Q(decided_at__isnull=False),
                name="deliverable_decision_has_its_moment",
                violation_error_message=_("A decision has its moment."),
            ),
        ]
        indexes = [
            models.Index(fields=["engagement", "state"], name="deliverable_by_state")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("execution:deliverable-detail", self.pk)


class DeliverableVersion(models.Model):
    """A version of a deliverable: the document handed over, and what changed."""

    deliverable = models.ForeignKey(
        Deliverable, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveSmallIntegerField()
    document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True, validators=[validate_text])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliverable", "number"], name="deliverable_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable} · {self.number}"


class DeliverableReview(models.Model):
    """What the customer said about a version, who there, and where it is written."""

    version = models.OneToOneField(
        DeliverableVersion, on_delete=models.CASCADE, related_name="review"
    )
    outcome = models.CharField(max_length=8, choices=ReviewOutcome.choices)
    contact = models.ForeignKey(
        "people.Contact",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.TextField(blank=True, validators=[validate_text])
    # Their reply, or the signed paper.
    evidence = models.ForeignKey(
        "documents.Document",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    said_on = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="accepted") | ~Q(note=""),
                name="deliverable_rejection_says_why",
                violation_error_message=_("Say what the customer wants changed."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())


class RaciRow(models.Model):
    """One activity: responsible, accountable, consulted, informed, by name or role."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="raci_rows"
    )
    order = models.PositiveSmallIntegerField(default=0)
    activity = models.CharField(max_length=160, validators=[validate_line])
    responsible = models.CharField(
        max_length=160, blank=True, validators=[validate_line]
    )
    accountable = models.CharField(
        max_length=160, blank=True, validators=[validate_line]
    )
    consulted = models.CharField(max_length=160, blank=True, validators=[validate_line])
    informed = models.CharField(max_length=160, blank=True, validators=[validate_line])

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.activity


class ProjectRisk(Labelled):
    """A risk of the engagement: how bad, for what, and what is done about it."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="project_risks"
    )
    title = models.CharField(_("risk"), max_length=200, validators=[validate_line])
    priority = models.CharField(
        _("priority"), max_length=6, choices=Priority.choices, default=Priority.MEDIUM
    )
    impact = models.CharField(_("impact on"), max_length=8, choices=RiskImpact.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    mitigation = models.TextField(
        _("mitigation"), blank=True, validators=[validate_text]
    )
    status = models.CharField(
        max_length=9, choices=RiskStatus.choices, default=RiskStatus.OPEN
    )
    is_escalated = models.BooleanField(_("escalated"), default=False)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="closed", closed_on__isnull=False)
                | (~Q(status="closed") & Q(closed_on__isnull=True)),
                name="project_risk_closed_has_its_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["engagement"],
                condition=~Q(status="closed"),
                name="project_risk_open",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        args = [self.engagement_id, "plan"]
        url = reverse("engagements:engagement-tab", args=args)
        return f"{url}#risk-{self.pk}"
