"""The table of responsibilities as rows of a form."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.execution.models import RaciRow
from engagements.execution.rules.raci import PARTS, RaciLine, sight_of_raci
from psdelivery.people.validators import validate_line

MOST_ROWS = 60
# Empty rows below the others; more come with the next saving.
SPARE = 3
LENGTH = 160
LAST_PLACE = 999


class LineField(forms.CharField):
    """A cell of the table; its column says what it is."""

    def __init__(self, label: Any) -> None:
        attrs = {"class": "form-control form-control-sm", "aria-label": label}
        super().__init__(
            label=label,
            required=False,
            max_length=LENGTH,
            validators=[validate_line],
            widget=forms.TextInput(attrs=attrs),
        )


class RaciForm(forms.Form):
    """A row; one without any word is left out, or taken away."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    order = forms.IntegerField(
        label=_("Place"),
        required=False,
        min_value=1,
        max_value=LAST_PLACE,
        widget=forms.NumberInput(
            attrs={"class": "form-control form-control-sm", "aria-label": _("Place")}
        ),
    )
    activity = LineField(_("Activity"))
    responsible = LineField(_("Responsible"))
    accountable = LineField(_("Accountable"))
    consulted = LineField(_("Consulted"))
    informed = LineField(_("Informed"))

    @property
    def is_empty(self) -> bool:
        """Whether no cell says anything."""
        return not any(str(self[part].data or "").strip() for part in PARTS)

    def has_changed(self) -> bool:
        return not self.is_empty

    def full_clean(self) -> None:
        self.empty_permitted = self.is_bound and self.is_empty
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not (self.is_empty or cleaned.get("activity") or "activity" in self.errors):
            self.add_error("activity", _("Say for what."))
        return cleaned

    @property
    def line(self) -> RaciLine:
        """The line of a valid row."""
        said = {part: self.cleaned_data[part] for part in PARTS}
        return RaciLine(**said, key=self.cleaned_data["key"])


class RaciFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # plain at run time
    """Rows of which those that nobody filled are left out."""

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        if self.is_bound:
            return int(super().total_form_count())
        return len(self.initial or [])

    @property
    def lines(self) -> list[RaciLine]:
        """The lines of a valid formset, in the order of their places."""
        kept = [form for form in self.forms if not form.is_empty]
        places = {form: form.cleaned_data.get("order") for form in kept}
        return [
            form.line
            for form in sorted(kept, key=lambda one: places[one] or LAST_PLACE)
        ]


RaciRows = forms.formset_factory(
    RaciForm,
    formset=RaciFormSet,
    extra=0,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
    validate_max=True,
)


class RaciSightForm(forms.Form):
    """What stood on the page when it was opened."""

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)


def raci_sight(data: Any, rows: list[RaciRow]) -> RaciSightForm:
    """Return the form that knows which table its reader saw."""
    return RaciSightForm(data, initial={"seen": sight_of_raci(rows)})


def raci_rows(data: Any, rows: list[RaciRow]) -> RaciFormSet:
    """Return the rows: those that are there, and some to fill."""
    initial: list[dict[str, Any]] = [
        {"key": row.pk, "order": place, **{part: getattr(row, part) for part in PARTS}}
        for place, row in enumerate(rows, 1)
    ]
    initial += [{} for _spare in range(min(SPARE, max(MOST_ROWS - len(rows), 0)))]
    return cast(RaciFormSet, RaciRows(data, initial=initial, prefix="rows"))
