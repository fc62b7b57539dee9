"""The form in which dates are proposed: what it begins with, and what comes of it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engagements.models import Engagement
from engagements.owners import holders
from psdelivery import clock
from psdelivery.people.choices import EngagementRole
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from training.choices import DatePattern
from training.forms.proposals import (
    OptionForm,
    OptionPart,
    OptionRowSet,
    ProposalForm,
)
from training.forms.sessions import usual_hours
from training.models import Course, DateOption, DateProposal, ProposedSession
from training.rules.proposals import MOST
from training.rules.times import LocalTimes, words_about
from training.services.proposals import ProposalDraft, options_of
from training.trainer_facts import warnings_about
from training.typed_days import last_day_meant
from training.views.answers import posted

# The button that shows the days and writes nothing.
LOOK = "look"


class ProposalPage:
    """The form of a proposal: the course is chosen, everything else is typed."""

    def __init__(
        self,
        request: SignedInRequest,
        engagement: Engagement,
        course: Course,
        again: DateProposal | None = None,
    ) -> None:
        self.request, self.engagement, self.course = request, engagement, course
        self.again = again
        self.usual = holders(engagement).get(EngagementRole.TRAINER)
        data = posted(request)
        self.form = ProposalForm(data, initial=self.first_values())
        self.parts = [self.part(order, data) for order in range(MOST)]

    def first_values(self) -> dict[str, Any]:
        """Return what the form begins with: what the course and the customer bring."""
        return {
            "title": self.again.title if self.again else self.course.title,
            "zone": self.again.zone if self.again else self.engagement.customer.zone,
            "count": self.course.session_count,
        }

    def part(self, order: int, data: Any) -> OptionPart:
        """Return one set, empty or as it was proposed before."""
        before = self.options_before.get(order)
        trainer = before.trainer if before else self.usual
        initial = {
            "trainer": trainer if order < MOST - 1 or before else None,
            "pattern": DatePattern.TYPED if before else DatePattern.DAILY,
            "same_hours": not before,
        }
        form = self.option_form(order, trainer, data=data, initial=initial)
        return OptionPart(order, form, self.rows(order, data, self.initial_rows(order)))

    def option_form(
        self, order: int, trainer: User | None, *, initial: Any, data: Any = None
    ) -> OptionForm:
        """Return the fields of one set; the certified are offered first (R-14)."""
        prefix = f"option-{order}"
        last_day = last_day_meant(self.request, self.engagement, f"{prefix}-sessions")
        return OptionForm(
            data,
            prefix=prefix,
            present=trainer,
            course=self.course,
            last_day=last_day,
            initial=initial,
        )

    @property
    def options_before(self) -> dict[int, DateOption]:
        """The sets of the proposal that is made once more, by their place."""
        if self.again is None or self.request.method == "POST":
            return {}
        return {one.order: one for one in options_of(self.again)}

    def initial_rows(self, order: int) -> list[dict[str, Any]]:
        """Return the hours of the course, and the days where they are known."""
        if self.request.method == "POST":
            return usual_hours(self.course)
        before = self.options_before.get(order)
        if before is not None and self.again is not None:
            return [row_of(one, self.again.zone) for one in before.sessions.all()]
        rows = usual_hours(self.course, self.course.session_count)
        wished = self.engagement.wished_start
        zone = self.engagement.customer.zone
        if order == 0 and wished is not None and wished > clock.today(zone):
            rows[0]["day"] = wished
        return rows

    def rows(self, order: int, data: Any, initial: list[dict[str, Any]]) -> Any:
        """Return the rows of the sessions of a set."""
        zone = self.zone
        return OptionRowSet(
            data,
            prefix=f"option-{order}-sessions",
            initial=initial,
            form_kwargs={"zone": zone, "today": clock.today(zone)},
        )

    @property
    def zone(self) -> str:
        """The zone that was typed, where it is one, else the customer's."""
        if self.form.is_bound:
            self.form.is_valid()
            typed = self.form.cleaned_data.get("zone")
            if typed:
                return str(typed)
        return self.engagement.customer.zone

    def is_valid(self) -> bool:
        """Ask every part, so that all that is wrong is told at once."""
        checked = [part.is_valid() for part in self.parts]
        if not (self.form.is_valid() and all(checked)):
            return False
        count, today = self.form.cleaned_data["count"], clock.today(self.zone)
        calendar = self.engagement.customer.calendar
        # Each is asked, so that all that is wrong is told at once.
        fits = [part.work_out(count, calendar, today=today) for part in self.filled]
        return all(fits)

    @property
    def filled(self) -> list[OptionPart]:
        """The sets that have a day."""
        return [part for part in self.parts if not part.is_empty]

    @property
    def draft(self) -> ProposalDraft:
        """The proposal as the services take it; only for a valid form."""
        given = self.form.cleaned_data
        return ProposalDraft(
            engagement=self.engagement,
            course=self.course,
            title=given["title"],
            zone=given["zone"],
            options=[part.proposed for part in self.filled],
        )

    def show_days(self) -> None:
        """Show the days that follow, and what speaks against them; nothing is kept."""
        for order, part in enumerate(self.parts):
            if part.is_empty:
                continue
            initial = [typed_as(one) for one in part.sessions]
            part.warnings = warnings_about(
                part.trainer,
                [one.moments for one in part.sessions],
                self.engagement.customer.calendar,
                course=self.course,
                now=clock.now(),
            )
            part.rows = self.rows(order, None, initial)
            values = {**part.form.cleaned_data, "pattern": DatePattern.TYPED}
            part.form = self.option_form(order, part.trainer, initial=values)

    @property
    def said(self) -> list[str]:
        """What is to be said of times that are right, but not usual."""
        return [
            words
            for part in self.filled
            for one in part.sessions
            for words in words_about(one)
        ]


def row_of(session: ProposedSession, zone: str) -> dict[str, Any]:
    """Return a proposed session as a row of the form."""
    return typed_at(session.starts_at, session.ends_at, zone)


def typed_at(start: datetime, stop: datetime, zone: str) -> dict[str, Any]:
    """Return a span as somebody would type it on the clock of a zone."""
    begins, ends = (at.astimezone(ZoneInfo(zone)) for at in (start, stop))
    return {"day": begins.date(), "start": begins.time(), "stop": ends.time()}


def typed_as(times: LocalTimes) -> dict[str, Any]:
    """Return a session as a row of the form."""
    return {"day": times.day, "start": times.start, "stop": times.stop}
