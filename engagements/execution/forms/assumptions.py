"""Assumptions: added by hand, and decided with what shows it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.execution.choices import AssumptionState, Priority, RiskImpact
from engagements.execution.models import Assumption
from engagements.execution.rules.assumptions import (
    ASSUMPTION_LENGTH,
    reasons_against_deciding,
    reasons_against_risk,
)
from engagements.execution.services.assumptions import Decision, RiskOfAssumption
from psdelivery.people.seen import SeenForm
from psdelivery.people.validators import validate_line, validate_text

LONGEST_TEXT = 4_000


class AssumptionForm(forms.Form):
    """An assumption that came up later."""

    text = forms.CharField(
        label=gettext_lazy("What do you assume?"),
        max_length=ASSUMPTION_LENGTH,
        validators=[validate_line],
        help_text=gettext_lazy("In one sentence that is true or is not."),
    )

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())


class DecisionForm(SeenForm):
    """What became of an assumption; another one may have said so meanwhile."""

    state = forms.ChoiceField(
        label=gettext_lazy("It is"),
        choices=AssumptionState.choices,
        widget=forms.RadioSelect,
    )
    evidence = forms.CharField(
        label=gettext_lazy("What shows it?"),
        required=False,
        max_length=LONGEST_TEXT,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Who said so, where it stands. Kept in the history."),
    )
    as_risk = forms.BooleanField(
        label=gettext_lazy("Put it on the list of risks"),
        required=False,
        help_text=gettext_lazy(
            "What is open or does not hold keeps no work item from being built once "
            "it is a risk. The lead looks after it."
        ),
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"),
        choices=Priority.choices,
        initial=Priority.MEDIUM,
        required=False,
    )
    impact = forms.ChoiceField(
        label=gettext_lazy("Impact on"), choices=RiskImpact.choices, required=False
    )
    mitigation = forms.CharField(
        label=gettext_lazy("What is done about it"),
        required=False,
        max_length=LONGEST_TEXT,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    RISK_FIELDS = ("as_risk", "priority", "impact", "mitigation")

    def __init__(self, *args: Any, assumption: Assumption, **kwargs: Any) -> None:
        self.assumption = assumption
        kwargs["initial"] = {
            "state": assumption.state,
            "evidence": assumption.evidence,
        } | kwargs.get("initial", {})
        super().__init__(*args, now_seen=mark_of(assumption), **kwargs)
        if assumption.risk_id is not None:
            for name in self.RISK_FIELDS:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        state, evidence = typed.get("state", ""), typed.get("evidence")
        if evidence is not None and state:
            for reason in reasons_against_deciding(state, evidence):
                self.add_error("evidence", reason.sentence)
        if typed.get("as_risk"):
            for reason in reasons_against_risk(self.assumption, state):
                self.add_error("as_risk", reason.sentence)
            for name in ("priority", "impact"):
                if name in typed and not typed[name]:
                    self.add_error(name, _("Choose one for the risk."))
        return typed

    @property
    def decision(self) -> Decision:
        """What was typed into a valid form."""
        typed = self.cleaned_data
        risk = None
        if typed.get("as_risk"):
            risk = RiskOfAssumption(
                priority=typed["priority"],
                impact=typed["impact"],
                mitigation=typed["mitigation"],
            )
        return Decision(state=typed["state"], evidence=typed["evidence"], risk=risk)


def mark_of(assumption: Assumption) -> str:
    """Return what tells whether somebody has decided it meanwhile."""
    decided = assumption.decided_at
    return f"{assumption.state}/{decided.isoformat() if decided else ''}"
