from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from psdelivery.people.validators import validate_plannable
from scheduling.choices import Hold, Zoom
from scheduling.queries.board import BOOKABLE, BoardFilter, Choices
from scheduling.rules.board import Window, window_at

ANY = ("", _("any"))
FREE_HOURS = (
    ANY,
    ("8", _("a day or more")),
    ("40", _("a week or more")),
    ("80", _("both weeks")),
)


FILTERS = (
    "q", "about", "region", "practice", "role", "skill", "hold", "free", "conflicts",
    "engagement",
)  # fmt: skip


def whole(value: str) -> int:
    return int(value)


class WindowForm(forms.Form):
    """The days that an address shows; they come with links and keys."""

    zoom = forms.ChoiceField(
        required=False, choices=Zoom.choices, widget=forms.HiddenInput
    )
    first = forms.DateField(
        required=False, validators=[validate_plannable], widget=forms.HiddenInput
    )
    today: date

    @property
    def window(self) -> Window:
        """Return the days that are shown: from this week on where none are named."""
        known = self.cleaned_data
        zoom = known.get("zoom") or Zoom.DAY
        return window_at(zoom, known.get("first") or self.today)


class BoardForm(WindowForm):
    """What stands in the address of the board: its filters, its zoom and its days."""

    field_order = FILTERS

    q = forms.CharField(
        label=_("Person"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"data-search": "", "type": "search"}),
    )  # fmt: skip
    about = forms.CharField(
        label=_("Customer or engagement"), required=False, max_length=100
    )
    region = forms.TypedChoiceField(
        label=_("Region"), required=False, coerce=whole, empty_value=None
    )
    practice = forms.TypedChoiceField(
        label=_("Practice"), required=False, coerce=whole, empty_value=None
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[ANY, *[(role.value, role.label) for role in BOOKABLE]],
    )
    skill = forms.TypedChoiceField(
        label=_("Skill"), required=False, coerce=whole, empty_value=None
    )
    hold = forms.ChoiceField(
        label=_("Bookings"), required=False, choices=[ANY, *Hold.choices]
    )
    free = forms.TypedChoiceField(
        label=_("Free in the first 2 weeks"),
        required=False,
        coerce=whole,
        empty_value=None,
        choices=FREE_HOURS,
    )
    conflicts = forms.BooleanField(label=_("Conflicts only"), required=False)
    # Come with links, like the days.
    engagement = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )
    request = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    def __init__(
        self, data: Mapping[str, Any], *, choices: Choices, today: date
    ) -> None:
        super().__init__(data)
        self.today, self.views = today, choices.views
        offered = {
            "region": choices.regions,
            "practice": choices.practices,
            "skill": choices.skills,
        }
        for name, rows in offered.items():
            self.fields[name].choices = [ANY, *rows]  # type: ignore[attr-defined]  # of a choice field

    @property
    def wanted(self) -> BoardFilter:
        known = self.cleaned_data
        return BoardFilter(
            text=known["q"],
            region_id=known["region"],
            practice_id=known["practice"],
            role=known["role"],
            skill_id=known["skill"],
            about=known["about"],
            engagement_id=known["engagement"],
            hold=known["hold"],
            free_hours=known["free"] or 0,
            conflicts=known["conflicts"],
        )

    def query(self, **changed: object) -> str:
        """Return the address of the same board with something changed; "" drops it."""
        kept = {
            name: self.data[name]
            for name in self.fields
            if self.data.get(name) not in {None, ""}
        }
        return urlencode({k: v for k, v in (kept | changed).items() if v != ""})

    @property
    def is_filtered(self) -> bool:
        """Whether somebody narrowed the board, its zoom and days apart."""
        return any(self.data.get(name) for name in FILTERS)


def known_query(query: str, *more: str) -> str:
    """Return the filters and zoom of an address; what is not known is left out."""
    given = QueryDict(query)
    names = (*FILTERS, "zoom", *more)
    return urlencode({name: given[name] for name in names if given.get(name)})
