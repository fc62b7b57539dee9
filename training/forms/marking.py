"""Points for each line of a rubric, and what a result is released with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from psdelivery.people.validators import validate_line
from training.forms.fields import SafeURLField
from training.models import Criterion
from training.rules.rubric import Marking, Points, sight_of_marks

NOTE_LENGTH = 2000
WORD_LENGTH = 300
SEEN = "seen"


@dataclass(frozen=True)
class Line:
    """A line of the rubric with its two fields; `stored` is what stands there now."""

    criterion: Criterion
    points: BoundField
    word: BoundField
    stored: Points | None


class MarkingForm(forms.Form):
    """The marks of a review; with `require_all` every line must have its points."""

    badge_url = SafeURLField(
        label=_("Link to the badge"),
        help_text=_("Stands in the mail to who has passed. Empty: as the course says."),
    )
    note = forms.CharField(
        label=_("Note for the history"),
        required=False,
        max_length=NOTE_LENGTH,
        validators=[validate_line],
        help_text=_("The attendee does not read it."),
    )
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        lines: Sequence[Criterion],
        stored: Mapping[int, Points],
        badge_url: str = "",
    ) -> None:
        self.criteria, self.stored = lines, stored
        initial: dict[str, Any] = {
            "seen": sight_of_marks(stored),
            "badge_url": badge_url,
        }
        for line in lines:
            if line.pk in stored:
                initial[points_name(line)] = stored[line.pk].points
                initial[word_name(line)] = stored[line.pk].note
        super().__init__(data, initial=initial)
        for line in lines:
            self.fields[points_name(line)] = points_field(line)
            self.fields[word_name(line)] = word_field(line)

    @property
    def lines(self) -> list[Line]:
        """The lines of the rubric in their order, each with its fields."""
        return [
            Line(
                line,
                self[points_name(line)],
                self[word_name(line)],
                self.stored.get(line.pk),
            )
            for line in self.criteria
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for line in self.criteria:
            has_points = cleaned.get(points_name(line)) is not None
            is_told = points_name(line) in self.errors
            if cleaned.get(word_name(line)) and not has_points and not is_told:
                self.add_error(points_name(line), _("Give points too."))
        return cleaned

    def require_all(self) -> None:
        """R-13: say at each line that it is not marked yet."""
        for line in self.criteria:
            name = points_name(line)
            if name not in self.errors and self.cleaned_data.get(name) is None:
                self.add_error(name, _("Not marked yet: give points, 0 if need be."))

    def show_as_seen(self) -> None:
        """Let the next try count as made by somebody who saw what stands there now."""
        data = cast(QueryDict, self.data).copy()
        data[SEEN] = sight_of_marks(self.stored)
        self.data = data

    @property
    def marking(self) -> Marking:
        """What was typed, for the services."""
        typed = self.cleaned_data
        given = {
            line.pk: Points(typed[points_name(line)], typed[word_name(line)])
            for line in self.criteria
            if typed[points_name(line)] is not None
        }
        # A form that does not say what it showed is one that showed nothing.
        seen = typed[SEEN] or sight_of_marks({})
        return Marking(given, typed["note"], typed["badge_url"], seen)


def points_name(line: Criterion) -> str:
    """Return how the field of a line's points is called."""
    return f"points-{line.pk}"


def word_name(line: Criterion) -> str:
    """Return how the field of a line's note is called."""
    return f"word-{line.pk}"


def points_field(line: Criterion) -> forms.IntegerField:
    """Return the field for the points of a line."""
    widget = forms.NumberInput(
        attrs={"class": "form-control points-input", "inputmode": "numeric"}
    )
    return forms.IntegerField(
        label=_("Points for “%(line)s”") % {"line": line.title},
        required=False,
        min_value=0,
        max_value=line.points,
        widget=widget,
    )


def word_field(line: Criterion) -> forms.CharField:
    """Return the field for a word on the points of a line."""
    return forms.CharField(
        label=_("Note on “%(line)s”") % {"line": line.title},
        required=False,
        max_length=WORD_LENGTH,
        validators=[validate_line],
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
