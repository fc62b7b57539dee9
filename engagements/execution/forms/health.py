"""The report on health and status: a colour for each part, and what the data say."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import Health
from engagements.execution.rules.health import COLOURS, missing_for_report
from engagements.execution.rules.health_colours import Suggestion
from psdelivery.people.validators import validate_text
from psdelivery.registry import Reason

LONGEST = 5_000
# More versions than this nobody writes in a day.
MOST_VERSIONS = 1_000
FEWEST_ROWS, MOST_ROWS = 2, 12
ONE_EACH = _("One line each.")


class LinesField(forms.CharField):
    """A text of some lines, which may be empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", LONGEST)
        kwargs.setdefault("validators", [validate_text])
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": FEWEST_ROWS}))
        super().__init__(**kwargs)


class ColourField(forms.ChoiceField):
    """One of the three colours, each with its word."""

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, choices=Health.choices, widget=forms.RadioSelect)


class HealthReportForm(forms.Form):
    """R-9: `seen` is the version of today that this one begins from, 0 for none."""

    overall = ColourField(_("Overall"))
    schedule = ColourField(_("Schedule"))
    scope = ColourField(_("Scope"))
    budget = ColourField(_("Budget"))
    client = ColourField(_("Client"))
    reason = LinesField(
        label=_("Why is it not green?"),
        help_text=_("The customer reads this, unless only the client is not green."),
    )
    path_to_green = LinesField(
        label=_("Path to green"),
        help_text=_("What, by whom, until when. The customer reads this too."),
    )
    summary = LinesField(
        label=_("Summary"), help_text=_("Two or three lines: where the work stands.")
    )
    done = LinesField(label=_("Done in the last seven days"), help_text=ONE_EACH)
    coming = LinesField(label=_("Next"), help_text=ONE_EACH)
    actions = LinesField(
        label=_("Open actions"), help_text=_("One line each: who, what, until when.")
    )
    risks = LinesField(label=_("Risks"), help_text=ONE_EACH)
    absences = LinesField(label=_("Planned absences"), help_text=ONE_EACH)
    internal_note = LinesField(
        label=_("For us only"), help_text=_("Never in the customer's mail.")
    )
    seen = forms.IntegerField(
        min_value=0, max_value=MOST_VERSIONS, widget=forms.HiddenInput
    )

    def __init__(
        self, suggestions: Mapping[str, Suggestion], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, text in self.initial.items():
            make_room(self.fields.get(name), text)
        for name, one in suggestions.items():
            words = _("The data say %(colour)s. %(why)s")
            told = {"colour": one.colour.label, "why": one.why}
            # Help is put into the page as HTML, and the reason names what people typed.
            self.fields[name].help_text = escape(words % told)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if all(cleaned.get(name) for name in COLOURS):
            why, way = cleaned.get("reason", ""), cleaned.get("path_to_green", "")
            tell_at_fields(self, missing_for_report(cleaned, why, way))
        return cleaned

    @property
    def colours(self) -> list[forms.BoundField]:
        return [self[name] for name in COLOURS]

    @property
    def values(self) -> dict[str, Any]:
        """What is saved: everything but what the writer had seen."""
        return {name: v for name, v in self.cleaned_data.items() if name != "seen"}


def make_room(field: forms.Field | None, text: object) -> None:
    """Let a text be seen whole, as far as that is reasonable."""
    if isinstance(field, LinesField):
        rows = str(text).count("\n") + 1
        field.widget.attrs["rows"] = min(max(rows, FEWEST_ROWS), MOST_ROWS)


def tell_at_fields(form: forms.BaseForm, reasons: Iterable[Reason]) -> None:
    """Put each reason at the field that its code names, else above the form."""
    for reason in reasons:
        at = reason.code if reason.code in form.fields else None
        if at not in form.errors:
            form.add_error(at, reason.sentence)
