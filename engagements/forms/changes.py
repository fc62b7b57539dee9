"""Change orders, work exceptions and sold units."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.choices import UnitKind
from engagements.forms.fields import REASON_LENGTH, DayField, ReasonField
from engagements.models import Change, SoldUnits
from engagements.rules.changes import Units
from psdelivery.documents.forms import EvidenceFields
from psdelivery.people.validators import validate_line, validate_text

MOST_HOURS = Decimal(100_000)
MOST_UNITS = 100_000
NUMBERS = {
    "sold": gettext_lazy("sold"),
    "dated": gettext_lazy("dated"),
    "held": gettext_lazy("held"),
}


class ChangeForm(EvidenceFields, forms.ModelForm):  # type: ignore[type-arg]  # plain
    reason = ReasonField(label=gettext_lazy("Why"))
    hours = forms.DecimalField(
        label=gettext_lazy("Hours more (or fewer)"),
        required=False,
        max_digits=8,
        decimal_places=2,
        min_value=-MOST_HOURS,
        max_value=MOST_HOURS,
    )
    value = forms.DecimalField(
        label=gettext_lazy("Value more (or less)"),
        required=False,
        max_digits=12,
        decimal_places=2,
    )
    new_end = DayField(label=gettext_lazy("New end"), required=False)
    field_order = [
        "kind",
        "title",
        "reason",
        "label",
        "hours",
        "value",
        "new_end",
        "evidence_link",
        "evidence_file",
    ]

    class Meta:
        model = Change
        fields = ["kind", "title", "reason", "label", "hours", "value", "new_end"]
        labels = {
            "kind": gettext_lazy("What is it?"),
            "title": gettext_lazy("In a few words"),
            "label": gettext_lazy("What made it go over (exceptions)"),
        }

    def __init__(self, *args: Any, sees_value: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].validators.append(validate_line)
        if not sees_value:
            del self.fields["value"]


class EvidenceForm(EvidenceFields):
    """The customer's signature or written yes, added to a request."""

    evidence_required = True


class DecisionForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=REASON_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("A refusal says why."),
    )


class UnitsForm(forms.Form):
    """How many units of each kind are sold, dated and held; none sold: not sold."""

    def __init__(self, *args: Any, units: Iterable[Units], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {one.kind: one for one in units}
        for kind in UnitKind:
            for name in NUMBERS:
                value = getattr(self.units.get(kind), name, None)
                self.fields[f"{kind}_{name}"] = units_field(kind, name, value)

    @property
    def groups(self) -> list[tuple[Any, list[BoundField]]]:
        """The fields by kind of unit."""
        return [
            (kind.label, [self[f"{kind}_{name}"] for name in NUMBERS])
            for kind in UnitKind
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for kind in UnitKind:
            held, dated = cleaned.get(f"{kind}_held"), cleaned.get(f"{kind}_dated")
            if (held or 0) > (dated or 0):
                self.add_error(f"{kind}_held", _("What was held has a date too."))
        return cleaned

    @property
    def rows(self) -> list[SoldUnits]:
        """What is sold, as rows (not saved)."""
        return [
            SoldUnits(
                kind=kind,
                sold=self.cleaned_data[f"{kind}_sold"],
                dated=self.cleaned_data[f"{kind}_dated"] or 0,
                held=self.cleaned_data[f"{kind}_held"] or 0,
            )
            for kind in UnitKind
            if self.cleaned_data[f"{kind}_sold"]
        ]


def units_field(kind: UnitKind, name: str, value: int | None) -> forms.IntegerField:
    label = _("%(kind)s %(word)s") % {
        "kind": str(kind.label).capitalize(),
        "word": NUMBERS[name],
    }
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_UNITS, initial=value
    )
