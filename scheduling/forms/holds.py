"""Extend a soft hold, make it hard, and narrow the list of those that end soon."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import ReasonField
from psdelivery.people.models import Region

WITHIN = [
    ("", _("any time")),
    ("3", _("3 days")),
    ("7", _("a week")),
    ("14", _("two weeks")),
]


class HoldForm(forms.Form):
    """Why; with the version that the reader saw."""

    version = forms.IntegerField(
        min_value=1, required=False, widget=forms.HiddenInput, label=_("Version")
    )
    reason = ReasonField(
        label=_("Why?"), help_text=_("Stands in the history."), max_length=500
    )


class HoldFilterForm(forms.Form):
    within = forms.ChoiceField(label=_("Ends within"), required=False, choices=WITHIN)
    region = forms.ModelChoiceField(
        label=_("Region"),
        required=False,
        queryset=Region.objects.all(),
        empty_label=_("All regions"),
    )
    mine = forms.BooleanField(label=_("Mine only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("within", "region"):
            self.fields[name].widget.attrs["class"] = "form-select"
