"""Two or three sets of dates for a class, in one form that needs no JavaScript."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.calendars import Calendar
from psdelivery.documents.forms import EvidenceFields
from psdelivery.people.fields import DayField as PlannableDay
from psdelivery.people.fields import ZoneField
from psdelivery.people.models import User
from psdelivery.people.rows import Rows, row_set
from psdelivery.people.validators import validate_line, validate_text
from training.choices import DatePattern
from training.forms.classes import offer_trainers
from training.forms.fields import ReasonField, tell_reasons
from training.forms.sessions import MOST_SESSIONS, SessionRowForm
from training.forms.trainers import TrainerField, WhyField
from training.models import Course, DateOption
from training.rules.proposals import Proposed, following, letter
from training.rules.times import (
    LocalTimes,
    reasons_against_local,
    reasons_against_overlap,
)


class ProposalForm(forms.Form):
    """What all sets have in common."""

    title = forms.CharField(
        label=gettext_lazy("Title of the class"),
        max_length=160,
        validators=[validate_line],
    )
    zone = ZoneField(
        label=gettext_lazy("Time zone of the sessions"),
        help_text=gettext_lazy(
            "The clock of the people who attend. Type a city: Sydney …"
        ),
    )
    count = forms.IntegerField(
        label=gettext_lazy("Sessions"), min_value=1, max_value=MOST_SESSIONS
    )


class OptionForm(forms.Form):
    """Who would teach a set, and how its days follow each other."""

    trainer = TrainerField(
        label=gettext_lazy("Trainer"),
        help_text=gettext_lazy("The days are held softly until the answer."),
    )
    pattern = forms.ChoiceField(
        label=gettext_lazy("The other sessions are"), choices=DatePattern.choices
    )
    same_hours = forms.BooleanField(
        label=gettext_lazy("Same hours for every session"), required=False
    )

    def __init__(
        self,
        *args: Any,
        present: User | None,
        course: Course,
        last_day: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_trainers(self, present, course, last_day)


class OptionRowForm(SessionRowForm):
    """A session of a set; hours without a day are what the pattern begins with."""

    def has_changed(self) -> bool:
        return bool(self["day"].data)


class OptionRows(Rows):
    """The sessions of a set as they were typed; the others follow by the pattern."""

    @property
    def typed(self) -> list[LocalTimes]:
        """The sessions that have a day, in the order of the rows."""
        return [row.times for row in self.filled if not row.errors and row.times]


OptionRowSet = row_set(OptionRowForm, OptionRows, most=MOST_SESSIONS)


class OptionPart:
    """One set of the form: its letter, its fields, and the sessions that come of it."""

    def __init__(self, order: int, form: OptionForm, rows: Any) -> None:
        self.letter, self.form, self.rows = letter(order), form, rows
        self.is_optional = order > 1
        self.sessions: list[LocalTimes] = []
        self.warnings: list[str] = []

    @property
    def is_empty(self) -> bool:
        """Whether nobody typed a day: the third set may be left out."""
        return not any(form["day"].data for form in self.rows.forms)

    def is_valid(self) -> bool:
        """Ask the fields and the rows; a set that is left out is fine."""
        if self.is_optional and self.is_empty:
            return True
        # Both are asked, so that everything wrong is told at once.
        return bool(self.form.is_valid() & self.rows.is_valid())

    def work_out(self, count: int, calendar: Calendar, *, today: date) -> bool:
        """Let the sessions follow those typed; tell at the rows what is wrong.

        Only for valid fields. False where something is wrong with the sessions.
        """
        typed = self.rows.typed
        if not typed:
            self.form.add_error(None, _("Say when the first session is."))
            return False
        if self.form.cleaned_data["same_hours"]:
            first = typed[0]
            typed = [replace(one, start=first.start, stop=first.stop) for one in typed]
        self.sessions = self.filled(typed, count, calendar)
        if len(self.sessions) < count:
            words = {"count": count}
            message = _("Type the days of all %(count)s sessions, or choose a pattern.")
            self.form.add_error("pattern", message % words)
        self.tell_wrong(today)
        return not self.form.errors

    def filled(
        self, typed: Sequence[LocalTimes], count: int, calendar: Calendar
    ) -> list[LocalTimes]:
        """Return the sessions that were typed, and those that follow the last one."""
        pattern = self.form.cleaned_data["pattern"]
        found = sorted(typed, key=lambda one: (one.day, one.start))[:count]
        while pattern != DatePattern.TYPED and len(found) < count:
            found.append(following(found[-1], pattern, calendar))
        return found

    def tell_wrong(self, today: date) -> None:
        """Put above the set what is wrong with its sessions."""
        for place, one in enumerate(self.sessions):
            against = reasons_against_local(one, today=today)
            if not against:
                earlier = [before.moments for before in self.sessions[:place]]
                against = reasons_against_overlap(one.moments, earlier)
            tell_reasons(self.form, against)

    @property
    def trainer(self) -> User | None:
        chosen: User | None = self.form.cleaned_data["trainer"]
        return chosen

    @property
    def proposed(self) -> Proposed:
        """The set as the services take it."""
        return Proposed([one.moments for one in self.sessions], self.trainer)


class ConfirmForm(EvidenceFields):
    """Which set the customer chose, who said so, and when."""

    option = forms.ModelChoiceField(
        label=gettext_lazy("Which dates?"),
        queryset=DateOption.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    said_by = forms.CharField(
        label=gettext_lazy("Who said yes?"),
        max_length=120,
        validators=[validate_line],
    )
    said_on = PlannableDay(label=gettext_lazy("On which day?"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=500,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("How they said it, or what they asked for."),
    )
    reason = WhyField()
    field_order = [
        "option",
        "said_by",
        "said_on",
        "note",
        "reason",
        "evidence_link",
        "evidence_file",
    ]

    def __init__(self, *args: Any, options: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evidence_required = required
        field: Any = self.fields["option"]
        field.queryset = DateOption.objects.filter(pk__in=[one.pk for one in options])
        words = {one.pk: one.words for one in options}
        field.label_from_instance = lambda option: words[option.pk]


class WithdrawForm(forms.Form):
    reason = ReasonField(label=gettext_lazy("Why are the dates taken back?"))
