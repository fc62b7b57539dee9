"""Forms of who approves hours: the list, a reason, a correction."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.fields import DayField
from psdelivery.people.moments import day_text
from psdelivery.people.validators import validate_line
from psdelivery.registry import Reason
from scheduling.forms.fields import ReasonField, VersionField
from scheduling.forms.hours import CellField

EVERYTHING = "all"
# As long as the note of an entry.
WHY_LENGTH = 200
MOST_DIGITS = 15


class ApprovalFilterForm(forms.Form):
    """What the list is narrowed to; in the address."""

    show = forms.ChoiceField(
        label=_("Waits for"),
        choices=[("", _("me")), (EVERYTHING, _("anybody I may stand in for"))],
        required=False,
    )
    week = DayField(label=_("Week to"), required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen; nothing where the address makes no sense."""
        return self.cleaned_data if self.is_valid() else {}


def seen_in(sent: Iterable[str]) -> list[tuple[int, int]]:
    """Return key and version of each part that a list sent; others are left out."""
    found = (one.partition("-") for one in sent)
    return [
        (int(pk), int(version))
        for pk, _dash, version in found
        if is_number(pk) and is_number(version)
    ]


def is_number(text: str) -> bool:
    """Tell whether a text is a number that a row can have."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


class ApproveForm(forms.Form):
    version = VersionField()


class SendBackForm(forms.Form):
    version = VersionField()
    reason = ReasonField(label=_("What is to be corrected?"))


class CorrectionForm(forms.Form):
    """Hours as they are to be on a day, and why."""

    version = VersionField()
    day = forms.TypedChoiceField(label=_("Day"), coerce=date.fromisoformat)
    hours = CellField(label=_("Hours of that day"))
    reason = forms.CharField(
        label=_("Why?"),
        max_length=WHY_LENGTH,
        validators=[validate_line],
        help_text=_("Stands beside the hours, and in the history."),
    )

    def __init__(self, days: Sequence[date], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].required = True
        day = self.fields["day"]
        if isinstance(day, forms.TypedChoiceField):
            day.choices = [(one.isoformat(), day_text(one)) for one in days]

    def tell(self, reasons: Iterable[Reason]) -> None:
        """Put reasons at the fields that their code names, others above."""
        for reason in reasons:
            field = reason.code if reason.code in self.fields else None
            self.add_error(field, reason.sentence)
