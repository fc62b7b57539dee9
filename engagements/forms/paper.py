"""The statement of work or order form behind an engagement."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.choices import CURRENCIES
from engagements.forms.fields import DayField
from engagements.models import Paper
from engagements.services.intake import PaperFile
from psdelivery.documents.forms import EvidenceFields
from psdelivery.people.editing import EditedTogetherForm

MONEY = ("value", "currency")


class PaperForm(EvidenceFields, EditedTogetherForm):
    value = forms.DecimalField(
        label=_("Value"),
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=0,
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=[("", "---------"), *[(code, code) for code in CURRENCIES]],
    )
    hours = forms.DecimalField(
        label=_("Hours sold"),
        required=False,
        max_digits=8,
        decimal_places=2,
        min_value=Decimal("0.25"),
    )
    use_by = DayField(
        label=_("Use by"),
        required=False,
        help_text=_("After this day the units are lost."),
    )
    shows_price = forms.BooleanField(
        label=_("The file or page shows the price"),
        required=False,
        help_text=_("Then only those who may see the value can open it here."),
    )

    class Meta:
        model = Paper
        fields = [
            "kind",
            "value",
            "currency",
            "billing_terms",
            "hours",
            "units_sold",
            "use_by",
            "passive_acceptance",
        ]
        labels = {
            "kind": _("Sold by"),
            "billing_terms": _("Billing terms"),
            "units_sold": _("Units sold"),
            "passive_acceptance": _("Deliverables count as accepted without an answer"),
        }
        help_texts = {
            "units_sold": _("Classes, seats or blocks of hours, in words."),
            "passive_acceptance": _("Only where the paper has this clause."),
        }

    def __init__(self, *args: Any, sees_value: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sees_value:
            for name in MONEY:
                del self.fields[name]
        # Who may not see the price has no paper with the price either.
        self.fields["shows_price"].initial = sees_value
        for name in self.fields.keys() - set(self._meta.fields or []):
            self.fields[name].show_hidden_initial = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("value") is not None and not cleaned.get("currency"):
            self.add_error("currency", _("Name the currency of the value."))
        return cleaned

    @property
    def changed_values(self) -> dict[str, Any]:
        kept = set(self._meta.fields or [])
        return {k: v for k, v in super().changed_values.items() if k in kept}

    @property
    def file(self) -> PaperFile:
        return PaperFile(
            given=self.cleaned_data, tells_money=self.cleaned_data["shows_price"]
        )
