"""What the pages about a roster show, put together from their parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from engagements.access import may
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.people.moments import day_text
from training.choices import DeliveryState, RowFate
from training.class_tabs import MAIN, ClassCard, ClassTab, register_card, register_tab
from training.models import (
    AttendeeReport,
    Delivery,
    ParkedQuestion,
    Session,
)
from training.pages import class_tabs, sessions_with_class
from training.roster_queries import (
    REGISTERED,
    STANDING,
    RosterCounts,
    counts_of,
    known_sessions,
    least_minutes,
    roster_rows,
    roster_state,
    seats_of,
    with_card_numbers,
    with_presence,
)
from training.rules.classes import day_of
from training.rules.parking_lot import is_open
from training.rules.roster import reasons_against_complete, seats_missing
from training.services.reports import fates_of

PAGE_SIZE = 50
EVERYBODY, NO_SHOWS, WALK_INS, CALLED_OFF = "", "no-shows", "walk-ins", "called-off"
SHOWN = {
    EVERYBODY: gettext_lazy("Everybody"),
    NO_SHOWS: gettext_lazy("No-shows"),
    WALK_INS: gettext_lazy("Not registered"),
    CALLED_OFF: gettext_lazy("Called off"),
}


@dataclass(frozen=True)
class ReportLine:
    """A report with how many rows of it have which fate."""

    report: AttendeeReport
    doubtful: int
    people: int

    @property
    def is_unfinished(self) -> bool:
        """Its people are still being taken in, or the job for it was stopped."""
        return self.report.settled_at is None and not self.doubtful


@dataclass(frozen=True)
class Column:
    """A session of the class, by its day on its own clock."""

    session: Session
    label: str
    has_begun: bool


@dataclass(frozen=True)
class Filter:
    """A part of the list, with how many are in it."""

    value: str
    title: str
    count: int
    is_current: bool


def roster_page(
    request: SignedInRequest, delivery: Delivery, *, now: datetime
) -> dict[str, Any]:
    """Return what the roster shows; the queries do not grow with it."""
    sessions = sessions_with_class(delivery)
    known, least = known_sessions(delivery), least_minutes()
    counts = counts_of(delivery, least)
    shown = request.GET.get("show", EVERYBODY)
    people = people_shown(delivery, shown, least)
    page = page_of(people, request, size=PAGE_SIZE)
    may_edit = may(request.user, Action.WORK_EDIT, delivery.engagement)
    is_on = delivery.state != DeliveryState.CANCELLED
    reports = report_lines(delivery)
    return {
        "delivery": delivery,
        "class_tabs": class_tabs(request, delivery),
        "columns": [column_of(session, now) for session in sessions],
        "page": page,
        "rows": roster_rows(page.object_list, sessions, known, least),
        "counts": counts,
        "is_known": bool(known),
        "filters": filters_of(counts, shown),
        "seats": seats_of(delivery),
        "reports": reports,
        "to_decide": next((line for line in reports if line.doubtful), None),
        "may_edit": may_edit and is_on,
        "missing": reasons_against_complete(roster_state(delivery, known)),
        "survey": delivery.survey_results.select_related("by").first(),
    }


def column_of(session: Session, now: datetime) -> Column:
    """Return a session as a column of the roster."""
    label = day_text(day_of(session))
    return Column(session, label, has_begun=session.starts_at <= now)


def people_shown(delivery: Delivery, shown: str, least: int) -> Any:
    """Return the people of the part of the list that the address names."""
    people = with_presence(delivery.attendees.all(), least)
    if shown == NO_SHOWS:
        return people.filter(REGISTERED, was_there=False)
    if shown == WALK_INS:
        return people.filter(STANDING, was_there=True).exclude(REGISTERED)
    if shown == CALLED_OFF:
        return people.exclude(STANDING)
    return people


def filters_of(counts: RosterCounts, shown: str) -> list[Filter]:
    """Return the parts of the list that have somebody in them."""
    numbers = {
        EVERYBODY: counts.everybody,
        NO_SHOWS: counts.no_shows,
        WALK_INS: counts.walk_ins,
        CALLED_OFF: counts.called_off,
    }
    return [
        Filter(value, str(SHOWN[value]), number, value == shown)
        for value, number in numbers.items()
        if number or value == shown
    ]


def report_lines(delivery: Delivery) -> list[ReportLine]:
    """Return the reports of a class, the newest first (two queries)."""
    reports = list(delivery.reports.select_related("session", "imported_by"))
    fates = fates_of(reports)
    for report in reports:
        report.delivery = delivery
    return [
        ReportLine(
            report,
            doubtful=fates.get(report.pk, {}).get(RowFate.DOUBTFUL, 0),
            people=sum(fates.get(report.pk, {}).values()),
        )
        for report in reports
    ]


def roster_card(
    request: SignedInRequest, delivery: Any, now: datetime
) -> dict[str, Any]:
    """Return how the roster stands: registered, and what is to be decided."""
    is_held = delivery.state == DeliveryState.HELD
    counted = None if is_held else delivery.roster_counted
    return {
        "delivery": delivery,
        "counted": counted,
        "counted_on": delivery.roster_counted_on,
        "over": seats_missing(counted or 0, delivery.seats),
        "is_held": is_held,
        "registered": delivery.roster_registered,
        "everybody": delivery.roster_everybody,
        "doubtful": delivery.roster_doubtful,
    }


@dataclass(frozen=True)
class Parked:
    """A parked question as the list shows it."""

    question: ParkedQuestion
    is_open: bool


def parking_lot_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any] | None:
    """Return the questions that were left open in class; none before it begins."""
    may_edit = may(request.user, Action.WORK_EDIT, delivery.engagement)
    is_on = delivery.state != DeliveryState.CANCELLED
    found = delivery.parked_questions.select_related("step", "answered_by", "parked_by")
    questions = [Parked(question, is_open(question)) for question in found]
    if not questions and not is_on:
        return None
    return {
        "delivery": delivery,
        "questions": questions,
        "open_count": sum(one.is_open for one in questions),
        "may_edit": may_edit and is_on,
    }


def register_roster() -> None:
    """Enter the roster's tab and its cards on the first page of a class."""
    register_tab(ClassTab("training:delivery-roster", gettext_lazy("Roster"), 40))
    register_card(
        ClassCard(
            "roster",
            "training/roster/_card.html",
            40,
            roster_card,
            reads=with_card_numbers,
        )
    )
    register_card(
        ClassCard(
            "parking-lot",
            "training/roster/_parking_lot.html",
            60,
            parking_lot_card,
            column=MAIN,
        )
    )
