"""Goals of a month, the summary of a week, the hours of a month, the renewal."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import GoalState, Renewal
from engagements.execution.forms.health import LinesField, make_room
from engagements.execution.rules.dedicated import (
    MOST_GOALS,
    Goal,
    reasons_against_goals,
)
from psdelivery.people.validators import validate_line

LENGTH = 300


class LineField(forms.CharField):
    """One line, which may be empty."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=LENGTH,
            validators=[validate_line],
        )


class GoalsForm(forms.Form):
    """Up to five goals, each with its measure and how it went; empty ones are none.

    `goals` are those that the rows begin with, in this order.
    """

    def __init__(self, goals: Sequence[Goal], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begun = [*goals, *[Goal("", "")] * MOST_GOALS][:MOST_GOALS]
        for n, goal in enumerate(self.begun):
            number = {"n": n + 1}
            self.fields[f"text_{n}"] = LineField(_("Goal %(n)d") % number)
            self.fields[f"measure_{n}"] = LineField(_("Reached when"))
            self.fields[f"state_{n}"] = forms.ChoiceField(
                label=_("How it went"),
                choices=GoalState.choices,
                required=False,
            )
            self.fields[f"note_{n}"] = LineField(_("Note"))
            self.initial = {
                **self.initial,
                f"text_{n}": goal.text,
                f"measure_{n}": goal.measure,
                f"state_{n}": goal.state,
                f"note_{n}": goal.note,
            }

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        names = ("text", "measure", "state", "note")
        return [[self[f"{name}_{n}"] for name in names] for n in range(MOST_GOALS)]

    @property
    def goals(self) -> list[Goal]:
        """The goals that were typed; a row keeps the record that it began with."""
        found = []
        for n, begun in enumerate(self.begun):
            given = {
                name: self.cleaned_data.get(f"{name}_{n}", "")
                for name in ("text", "measure", "state", "note")
            }
            if given["text"]:
                given["state"] = given["state"] or GoalState.OPEN
                found.append(
                    Goal(pk=begun.pk, carried_from=begun.carried_from, **given)
                )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for n in range(MOST_GOALS):
            at, is_goal = f"measure_{n}", bool(cleaned.get(f"text_{n}"))
            if is_goal and not cleaned.get(at) and at not in self.errors:
                words = _("Say how both of you will know that it is reached.")
                self.add_error(at, words)
        for reason in reasons_against_goals(self.goals):
            if reason.code == "number" and not self.errors:
                self.add_error(None, reason.sentence)
        return cleaned


class SummaryForm(forms.Form):
    done = LinesField(label=_("Done"), required=True, help_text=_("One line each."))
    coming = LinesField(label=_("Next"), help_text=_("One line each."))
    obstacles = LinesField(label=_("In the way"), help_text=_("One line each."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, text in self.initial.items():
            make_room(self.fields.get(name), text)


class ReviewForm(forms.Form):
    note = LinesField(
        label=_("What was agreed"),
        required=True,
        help_text=_("With the customer: hours, bookings, absences ahead."),
    )


class RenewalForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"), choices=Renewal.choices, widget=forms.RadioSelect
    )
    note = LinesField(
        label=_("Why, by whom, and when the paper follows"), required=True
    )
