"""What the list of demand without a name is narrowed to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import Practice, Region
from scheduling.choices import Hold
from scheduling.forms.board import ANY, WindowForm
from scheduling.queries.board import BoardFilter


class DemandForm(WindowForm):
    """The filters of the board that demand has, with the days that it shows."""

    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[ANY, *EngagementRole.choices]
    )
    about = forms.CharField(
        label=_("Customer or engagement"), required=False, max_length=100
    )
    region = forms.ModelChoiceField(
        label=_("Region"),
        required=False,
        queryset=Region.objects.all(),
        empty_label=_("All regions"),
    )
    practice = forms.ModelChoiceField(
        label=_("Practice"),
        required=False,
        queryset=Practice.objects.all(),
        empty_label=_("All practices"),
    )
    hold = forms.ChoiceField(
        label=_("Bookings"), required=False, choices=[ANY, *Hold.choices]
    )
    engagement = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        super().__init__(data)
        self.today = today
        for name in ("role", "region", "practice", "hold"):
            self.fields[name].widget.attrs["class"] = "form-select"
        self.fields["about"].widget.attrs["class"] = "form-control"

    @property
    def wanted(self) -> BoardFilter:
        known = self.cleaned_data
        return BoardFilter(
            role=known["role"],
            about=known["about"],
            region_id=known["region"].pk if known["region"] else None,
            practice_id=known["practice"].pk if known["practice"] else None,
            hold=known["hold"],
            engagement_id=known["engagement"],
        )
