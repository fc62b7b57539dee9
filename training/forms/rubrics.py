"""The lines of a rubric as rows of a form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.rows import RowForm, Rows, row_set
from psdelivery.people.validators import validate_line, validate_text
from training.forms.fields import SafeURLField
from training.models import Course, Criterion
from training.rules.rubric import RubricLine, sight_of_rubric

MOST_LINES = 40
# Empty rows beside the lines; more come with the next saving.
SPARE = 3
HELP_LENGTH = 1000


class RubricLineForm(RowForm):
    """A line; a row without title, points and help is left out, or taken away."""

    # The key comes with the row.
    typed_fields = ("title", "points", "help")
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    order = forms.IntegerField(
        label=_("Place"), required=False, min_value=1, max_value=999
    )
    title = forms.CharField(
        label=_("What is looked at"), max_length=200, validators=[validate_line]
    )
    points = forms.IntegerField(label=_("Points at most"), min_value=1, max_value=100)
    help = forms.CharField(
        label=_("For how many points what is needed"),
        required=False,
        max_length=HELP_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    remove = forms.BooleanField(label=_("Take this line away"), required=False)

    @property
    def line(self) -> RubricLine:
        """The line of a valid row."""
        typed = self.cleaned_data
        return RubricLine(typed["title"], typed["points"], typed["help"], typed["key"])


class RubricFormSet(Rows):
    @property
    def lines(self) -> list[RubricLine]:
        """The lines of a valid formset, in the order of their places."""
        kept = [one for one in self.filled if not one.cleaned_data.get("remove")]
        places = {form: form.cleaned_data.get("order") for form in kept}
        last = MOST_LINES * 100
        return [form.line for form in sorted(kept, key=lambda one: places[one] or last)]


RubricRows = row_set(RubricLineForm, RubricFormSet, most=MOST_LINES)


class BadgeForm(forms.Form):
    """Where the badge is got, and what stood on the page when it was opened."""

    badge_url = SafeURLField(
        label=_("Link to the badge"),
        help_text=_("Stands in the mail to who has passed."),
    )
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)


def badge_form(data: Any, course: Course, lines: Iterable[Criterion]) -> BadgeForm:
    """Return the form of the course's badge."""
    seen = sight_of_rubric(lines, course.badge_url)
    return BadgeForm(data, initial={"badge_url": course.badge_url, "seen": seen})


def rubric_rows(data: Any, lines: list[Criterion]) -> RubricFormSet:
    """Return the rows: the lines that are there, and some to fill."""
    initial: list[dict[str, Any]] = [
        {
            "key": line.pk,
            "order": place,
            "title": line.title,
            "points": line.points,
            "help": line.help,
        }
        for place, line in enumerate(lines, 1)
    ]
    initial += [{} for _spare in range(min(SPARE, MOST_LINES - len(lines)))]
    return RubricRows(data, initial=initial, prefix="lines")
