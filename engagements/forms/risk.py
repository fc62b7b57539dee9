"""Work at risk: what is waived, how far, until when, and the answer (R-3)."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import REASON_LENGTH, DayField, ReasonField
from engagements.rules.gate import Gate
from engagements.rules.risk import WAIVABLE, RiskTerms
from psdelivery.people.validators import validate_text


class RiskForm(forms.Form):
    codes = forms.MultipleChoiceField(
        label=_("What is waived"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what is ticked; everything else must still be on file."),
    )
    reason = ReasonField(label=_("Why can it not wait?"))
    hours_cap = forms.DecimalField(
        label=_("Hours at most"),
        max_digits=8,
        decimal_places=2,
        min_value=Decimal("0.25"),
        help_text=_("All hours booked hard count against it."),
    )
    expires_on = DayField(
        label=_("Last day"),
        help_text=_("After it new hard bookings are refused."),
    )

    def __init__(self, gate: Gate, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.MultipleChoiceField, self.fields["codes"])
        field.choices = [
            (state.code, state.spec.code.label)
            for state in gate.conditions
            if state.code in WAIVABLE and not state.is_met
        ]

    @property
    def terms(self) -> RiskTerms:
        given = self.cleaned_data
        return RiskTerms(
            codes=tuple(given["codes"]),
            reason=given["reason"],
            hours_cap=given["hours_cap"],
            expires_on=given["expires_on"],
        )


class GrantForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=REASON_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RefusalForm(forms.Form):
    note = ReasonField(label=_("Why is it refused?"))


class EndForm(forms.Form):
    reason = ReasonField(label=_("Why does it end early?"))
