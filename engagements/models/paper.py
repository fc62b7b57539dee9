"""The paper that sells an engagement, and the conditions of its gate."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.choices import BillingTerms, Condition, PaperKind
from engagements.models.engagement import Engagement
from psdelivery.people.labels import Labelled
from psdelivery.people.validators import validate_line


class Paper(Labelled):
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


class GateCondition(Labelled):
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
    # Of the practice manager, since the evidence was withdrawn.
    withdrawal_step = models.ForeignKey(
        "playbooks.Step",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

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
