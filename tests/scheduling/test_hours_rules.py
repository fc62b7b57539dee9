from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.choices import Kind, Status
from psdelivery.calendars import Calendar
from psdelivery.people.choices import EngagementRole, Role
from scheduling.rules.hours import (
    Plan,
    PlannedDay,
    Work,
    approval_due,
    days_of_week,
    days_worked_off,
    differences,
    has_opened,
    hours_over,
    is_as_planned,
    reasons_against_days,
    reasons_against_quarters,
    reasons_against_work,
    week_end_on,
)
from scheduling.rules.hours_approval import Decider, approver_role, may_decide

pytestmark = pytest.mark.unit
FRIDAY, MONDAY = 4, 0
# A Monday to a Friday.
MON, FRI = date(2027, 3, 15), date(2027, 3, 19)
EIGHT = Decimal(8)


@pytest.mark.parametrize(
    ("day", "ends_on"),
    [
        (date(2027, 3, 13), FRI),  # the Saturday that begins it
        (MON, FRI),
        (FRI, FRI),
        (date(2027, 3, 20), date(2027, 3, 26)),
    ],
)
def test_a_week_ends_on_friday(day, ends_on):
    assert week_end_on(day, FRIDAY) == ends_on


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 6))
def test_every_day_stands_in_exactly_one_week(day, weekday):
    ends_on = week_end_on(day, weekday)

    assert day in days_of_week(ends_on)
    assert ends_on.weekday() == weekday
    assert len(days_of_week(ends_on)) == 7


def test_after_the_setting_was_changed_no_day_stands_in_two_weeks():
    # Until now weeks ended on Friday, from now on they end on Sunday.
    sunday = date(2027, 3, 21)

    assert days_of_week(sunday, before=FRI) == [date(2027, 3, 20), sunday]


def test_a_week_opens_on_its_monday():
    assert not has_opened(FRI, date(2027, 3, 14))
    assert has_opened(FRI, MON)


@pytest.mark.parametrize(
    ("ends_on", "zone", "country", "due"),
    [
        # Monday 12:00 where the approver is.
        (FRI, "Europe/Berlin", "DE", datetime(2027, 3, 22, 11, 0, tzinfo=UTC)),
        (FRI, "America/New_York", "US", datetime(2027, 3, 22, 16, 0, tzinfo=UTC)),
        # The clocks changed on the Sunday between: still noon.
        (date(2027, 3, 26), "Europe/Berlin", "US",
         datetime(2027, 3, 29, 10, 0, tzinfo=UTC)),
        # Easter Monday is a day off there: Tuesday.
        (date(2027, 3, 26), "Europe/Berlin", "DE",
         datetime(2027, 3, 30, 10, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_hours_are_approved_by_monday_noon(ends_on, zone, country, due):
    calendar = Calendar(zone, country)

    assert approval_due(ends_on, weekday=MONDAY, hour=12, calendar=calendar) == due


@pytest.mark.parametrize("hours", ["0", "0.25", "7.5", "24"])
def test_quarters_pass(hours):
    assert reasons_against_quarters(Decimal(hours)) == []


@pytest.mark.parametrize(("hours", "code"), [("-1", "negative"), ("7.1", "quarter")])
def test_negative_hours_and_other_fractions_do_not(hours, code):
    assert [one.code for one in reasons_against_quarters(Decimal(hours))] == [code]


def test_a_day_has_24_hours_over_all_engagements():
    hours = {7: {MON: Decimal(16), FRI: EIGHT}, 9: {MON: Decimal("8.25")}}

    reasons = reasons_against_days(hours)

    # Told at the last row that has hours on the day.
    assert [one.code for one in reasons] == ["hours-9-20270315"]
    assert "24.25 hours" in reasons[0].sentence
    assert reasons_against_days({7: {MON: Decimal(16)}, 9: {MON: EIGHT}}) == []


def work(status, ended_on=None):
    return Work(7, "Acme · Rollout", status, ended_on)


@pytest.mark.parametrize(
    ("status", "ended_on", "planned", "is_refused"),
    [
        (Status.ACTIVE, None, {}, False),
        (Status.ON_HOLD, None, {}, False),
        # What was worked before the end is told, whatever was planned.
        (Status.CLOSED, FRI, {}, False),
        (Status.CLOSED, MON, {}, True),
        # On what is cancelled only what was planned before counts.
        (Status.CANCELLED, FRI, {}, True),
        (Status.CANCELLED, FRI, {date(2027, 3, 16): EIGHT}, False),
        (Status.CANCELLED, MON, {date(2027, 3, 16): EIGHT}, True),
    ],
)
def test_nobody_works_on_what_has_ended(status, ended_on, planned, is_refused):
    tuesday = {date(2027, 3, 16): EIGHT}

    found = reasons_against_work(work(status, ended_on), tuesday, planned)

    assert [one.code for one in found] == ["hours-7-20270316"] * is_refused
    assert reasons_against_work(work(status, ended_on), {FRI: Decimal()}, {}) == []


def test_the_plan_of_a_day_off_is_nothing():
    days = {MON: PlannedDay(EIGHT), FRI: PlannedDay(EIGHT, soft=Decimal(2))}
    plan = Plan({7: days, 9: {MON: PlannedDay(soft=EIGHT)}}, off={FRI: "away"})

    assert plan.hours_of(7) == {MON: EIGHT}
    assert plan.engagements == [7]
    assert plan.of(9, MON).soft == EIGHT
    assert plan.of(8, MON) == PlannedDay()


def test_as_planned_is_day_by_day_not_in_total():
    planned = {MON: EIGHT, FRI: EIGHT}

    assert is_as_planned({MON: EIGHT, FRI: EIGHT}, planned)
    assert not is_as_planned({MON: Decimal(7), FRI: Decimal(9)}, planned)
    assert differences({MON: Decimal(9)}, planned) == {MON: 1, FRI: -8}


def test_hours_on_a_day_off_are_told():
    saturday = date(2027, 3, 13)
    off = {saturday: "weekend", MON: ""}

    found = days_worked_off([{saturday: EIGHT, MON: EIGHT}, {FRI: Decimal()}], off)

    assert found == [saturday]


def test_a_201st_hour_is_beyond_what_was_sold():
    assert hours_over(Decimal(200), Decimal(200)) == 0
    assert hours_over(Decimal(200), Decimal("200.25")) == Decimal("0.25")
    assert hours_over(None, Decimal(9999)) == 0


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (Kind.CONSULTING, EngagementRole.PM),
        (Kind.BLENDED, EngagementRole.PM),
        (Kind.DEDICATED, EngagementRole.PM),
        (Kind.TRAINING, EngagementRole.TC),
        (Kind.INTERNAL, EngagementRole.PC),
    ],
)
def test_who_approves_follows_from_the_kind(kind, role):
    assert approver_role(kind) == role


CASES = [
    # kind, decider, may
    (Kind.CONSULTING, Decider([Role.PM], is_pm=True), True),
    (Kind.CONSULTING, Decider([Role.PM]), False),
    (Kind.CONSULTING, Decider([Role.COORDINATOR]), False),
    (Kind.CONSULTING, Decider([Role.PRACTICE_MANAGER]), True),
    (Kind.CONSULTING, Decider([Role.LEADERSHIP]), True),
    (Kind.CONSULTING, Decider([], is_named=True), True),
    (Kind.TRAINING, Decider([Role.PM], is_pm=True), False),
    (Kind.TRAINING, Decider([Role.COORDINATOR]), True),
    (Kind.INTERNAL, Decider([Role.COORDINATOR]), True),
    (Kind.INTERNAL, Decider([Role.PSE]), False),
]


@pytest.mark.parametrize(("kind", "decider", "may"), CASES)
def test_who_may_decide(kind, decider, may):
    assert may_decide(kind, decider) is may


@pytest.mark.parametrize("role", Role)
def test_nobody_approves_the_own_hours(role):
    decider = Decider([role], is_own=True, is_named=True, is_pm=True)

    assert not any(may_decide(kind, decider) for kind in Kind)
