from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import zone_exists
from psdelivery.people.fields import ZoneField
from psdelivery.people.rows import Rows, row_set
from psdelivery.people.seen import SeenForm
from psdelivery.playbooks.forms.moves import CauseField
from training.choices import Platform
from training.forms.fields import ClockField, DayField, ReasonField, tell_reasons
from training.models import Course
from training.rules.times import (
    LocalTimes,
    SessionTimes,
    reasons_against_local,
    reasons_against_overlap,
    words_about,
)

USUAL_START = time(9)
MOST_SESSIONS = 20
MORE_ROWS = 2
# who changes one of these says why.
TIMES = frozenset({"day", "start", "stop", "zone_name"})


class SessionRowForm(forms.Form):
    """One session of a new class: a day, start and stop on the zone's clock.

    A stop before the start is on the next day.
    """

    day = DayField(label=_("Day"))
    start = ClockField(label=_("Start"))
    stop = ClockField(label=_("Stop"))

    def __init__(self, *args: Any, zone: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.today = zone, today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.times is not None:
            tell_reasons(self, reasons_against_local(self.times, today=self.today))
        return cleaned

    def has_changed(self) -> bool:
        # A row that somebody emptied is as good as one that nobody touched.
        is_empty = not any(self[name].data for name in ("day", "start", "stop"))
        return super().has_changed() and not is_empty

    @property
    def times(self) -> LocalTimes | None:
        """What was typed; None while something is missing or the zone is unknown."""
        typed: dict[str, Any] = {
            name: self.cleaned_data.get(name) for name in ("day", "start", "stop")
        }
        if None in typed.values() or not zone_exists(self.zone):
            return None
        return LocalTimes(**typed, zone=self.zone)

    @property
    def moments(self) -> SessionTimes:
        """The session of a valid form in UTC."""
        times = self.times
        assert times is not None, "a valid form has its times"  # noqa: S101 (types)
        return times.moments


class SessionFormSet(Rows):
    """The sessions of a new class; the usual hours of a row alone say nothing."""

    def clean(self) -> None:
        earlier: list[SessionTimes] = []
        for form in self.forms:
            times = None if form.errors or not form.has_changed() else form.times
            if times is not None:
                tell_reasons(form, reasons_against_overlap(times.moments, earlier))
                earlier.append(times.moments)
        if not self.filled:
            raise forms.ValidationError(_("Say when the first session is."))

    @property
    def typed(self) -> list[LocalTimes]:
        """The sessions of a valid formset, in the order of the rows."""
        return [form.times for form in self.filled]

    @property
    def said(self) -> list[str]:
        """What is to be said of times that are right, but not usual."""
        return [words for times in self.typed for words in words_about(times)]


SessionRows = row_set(SessionRowForm, SessionFormSet, most=MOST_SESSIONS)


def usual_hours(course: Course, count: int = MOST_SESSIONS) -> list[dict[str, Any]]:
    """What the rows begin with: the length of the course, and no day."""
    length = timedelta(hours=float(course.hours_per_session))
    stop = (datetime.combine(date.min, USUAL_START) + length).time()
    return [{"start": USUAL_START, "stop": stop} for _number in range(count)]


class SessionForm(SeenForm, SessionRowForm):
    """A session that is added to a class or changed."""

    stop = ClockField(
        label=_("Stop"), help_text=_("A time before the start is on the next day.")
    )
    zone_name = ZoneField(label=_("Time zone"))
    platform = forms.ChoiceField(
        label=_("Meeting or webinar"), choices=Platform.choices
    )
    cause = CauseField(required=False)
    reason = ReasonField(required=False)
    field_order = ["day", "start", "stop", "zone_name", "platform", "cause", "reason"]

    def __init__(self, *args: Any, today: date, seen: object, **kwargs: Any) -> None:
        super().__init__(*args, now_seen=seen, zone="", today=today, **kwargs)

    def clean(self) -> dict[str, Any]:
        self.zone = self.cleaned_data.get("zone_name", "")
        cleaned = super().clean()
        wants_cause = "cause" in self.fields and TIMES & set(self.changed_data)
        if wants_cause and not cleaned.get("cause"):
            self.add_error("cause", _("Say who or what caused it."))
        return cleaned


class RemoveSessionForm(forms.Form):
    cause = CauseField()
    reason = ReasonField(label=_("Why is it taken out?"))
