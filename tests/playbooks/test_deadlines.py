import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from psdelivery.calendars import (
    Calendar,
    Offset,
    OffsetUnit,
    due_moment,
    end_of_day,
    local_moment,
    zone_choices,
)
from psdelivery.playbooks.choices import Repeat
from psdelivery.playbooks.rules.deadlines import (
    Timing,
    add_months,
    condition_holds,
    deadline_for,
    deadline_words,
    due_on_day_of,
    shifted_anchor,
    span_from_anchor_words,
    why_due,
)
from psdelivery.playbooks.words import ANCHORS, anchor_words, zone_words

pytestmark = pytest.mark.unit

DATA = Path(__file__).resolve().parents[2] / "psdelivery" / "playbooks" / "data"
HAMBURG = Calendar("Europe/Berlin", "DE", "HH")
BERLIN = Calendar("Europe/Berlin", "DE", "BE")
UNITED_STATES = Calendar("America/New_York", "US")
SYDNEY = Calendar("Australia/Sydney", "AU", "NSW")


def local(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone))


def timing(offset, anchor, calendar=BERLIN, key="first_session", **facts):
    return Timing(
        anchor_key=key,
        anchor=anchor,
        known_since=facts.pop("known_since", datetime(2027, 1, 1, tzinfo=UTC)),
        offset=Offset.parse(offset),
        calendar=calendar,
        **facts,
    )


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({}, True),
        ({"labs": True}, True),
        ({"labs": False}, False),
        ({"kind": ["training", "blended"]}, True),
        ({"kind": ["consulting"]}, False),
        ({"labs": True, "kind": ["consulting"]}, False),
        ({"certification": True}, False),
        ({"size": ["small"]}, False),
    ],
)
def test_a_step_belongs_when_every_fact_it_names_holds(condition, holds):
    facts = {"kind": "training", "labs": True, "certification": False}

    assert condition_holds(condition, facts) is holds


@pytest.mark.parametrize(
    ("calendar", "day"), [(HAMBURG, 10), (BERLIN, 11)], ids=["Hamburg", "Berlin"]
)
def test_r4_welcome_is_due_72_business_hours_after_closed_won(calendar, day):
    closed_won = local("Europe/Berlin", 2027, 3, 5, 16, 30)

    deadline = deadline_for(timing("72 business hours", closed_won, calendar))

    assert deadline.due.local == local("Europe/Berlin", 2027, 3, day, 16, 30)


def test_r4_welcome_skips_the_federal_holiday():
    closed_won = local("America/New_York", 2027, 2, 12, 15)

    deadline = deadline_for(timing("72 business hours", closed_won, UNITED_STATES))

    assert deadline.due.local == local("America/New_York", 2027, 2, 18, 15)


def test_r11_link_is_due_14_days_before_the_session_in_its_zone():
    session = local("Australia/Sydney", 2027, 4, 6, 9)

    deadline = deadline_for(timing("-14 days", session, SYDNEY, due_at_once=True))

    assert deadline.due.day == date(2027, 3, 23)
    assert deadline.due.at == local("Europe/Berlin", 2027, 3, 23, 14)
    assert not deadline.late_by_design


def test_r11_link_of_a_class_booked_inside_14_days_is_due_at_once_by_design():
    session = local("Australia/Sydney", 2027, 4, 6, 9)
    booked = local("Australia/Sydney", 2027, 3, 30, 15)

    deadline = deadline_for(
        timing("-14 days", session, SYDNEY, due_at_once=True, known_since=booked)
    )

    assert deadline.late_by_design
    assert deadline.due.is_day
    assert deadline.due.day == date(2027, 3, 30)
    assert deadline.due.at == local("Australia/Sydney", 2027, 3, 31)


def test_r11_the_day_at_once_is_that_of_the_sessions_calendar():
    # Still the 29th in Berlin, where the class is booked.
    booked = local("Europe/Berlin", 2027, 3, 29, 23)
    session = local("Australia/Sydney", 2027, 4, 6, 9)

    deadline = deadline_for(
        timing("-14 days", session, SYDNEY, due_at_once=True, known_since=booked)
    )

    assert deadline.due.day == date(2027, 3, 30)


def test_r11_link_due_later_on_the_day_of_booking_is_not_late_by_design():
    session = local("Australia/Sydney", 2027, 4, 6, 9)
    booked = local("Australia/Sydney", 2027, 3, 23, 23, 59)

    deadline = deadline_for(
        timing("-14 days", session, SYDNEY, due_at_once=True, known_since=booked)
    )

    assert (deadline.due.day, deadline.late_by_design) == (date(2027, 3, 23), False)


def test_r13_review_is_due_168_hours_after_the_submission():
    submitted = local("America/New_York", 2027, 3, 10, 10)

    deadline = deadline_for(timing("168 hours", submitted, UNITED_STATES))

    assert deadline.due.local == local("America/New_York", 2027, 3, 17, 11)


def test_a_step_without_a_known_anchor_has_no_deadline():
    assert deadline_for(timing("3 days", None, known_since=None)) is None


def test_only_steps_due_at_once_are_late_by_design():
    anchor, known = date(2027, 3, 1), datetime(2027, 3, 20, tzinfo=UTC)

    deadline = deadline_for(timing("1 day", anchor, known_since=known))

    assert (deadline.due.day, deadline.late_by_design) == (date(2027, 3, 2), False)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 31), 2, date(2027, 3, 31)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2027, 5, 5), 0, date(2027, 5, 5)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(
    day, months, found
):
    assert add_months(day, months) == found


def test_a_weekly_step_is_due_each_week():
    first = timing("4 days", date(2027, 3, 1), repeat=Repeat.WEEKLY)
    third = timing("4 days", date(2027, 3, 1), repeat=Repeat.WEEKLY, period=2)

    assert deadline_for(first).due.day == date(2027, 3, 5)
    assert deadline_for(third).due.day == date(2027, 3, 19)


def test_a_monthly_step_follows_the_ends_of_months():
    days = [
        deadline_for(
            timing("0 days", date(2027, 1, 31), repeat=Repeat.MONTHLY, period=period)
        ).due.day
        for period in range(4)
    ]

    assert days == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]


@pytest.mark.parametrize("repeat", [Repeat.WEEKLY, Repeat.MONTHLY])
def test_a_repeated_moment_keeps_its_local_time_over_a_clock_change(repeat):
    # Near midnight an hour would carry it into another day.
    anchor = local("Europe/Berlin", 2027, 3, 22, 23, 30)

    shifted = shifted_anchor(anchor.astimezone(UTC), repeat, 1, "Europe/Berlin")

    assert shifted.astimezone(ZoneInfo("Europe/Berlin")).time() == time(23, 30)


def test_a_step_that_comes_once_keeps_its_anchor():
    anchor = local("Europe/Berlin", 2027, 3, 22, 23, 30)

    assert shifted_anchor(anchor, Repeat.ONCE, 3, "Europe/Berlin") == anchor


def test_every_anchor_of_the_shipped_playbooks_has_words():
    shipped = {
        step["anchor"]
        for path in DATA.glob("*.toml")
        for step in tomllib.loads(path.read_text()).get("step", [])
    }

    assert shipped <= ANCHORS.keys()


def test_an_unknown_anchor_shows_as_it_is_written():
    assert anchor_words("steering_board") == "steering board"
    assert zone_words("America/New_York") == "New York time"


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        ("-14 days", "14 days before the first session"),
        ("-1 day", "1 day before the first session"),
        ("2 business days", "2 business days after the first session"),
        ("1 hour", "1 hour after the first session"),
        ("72 business hours", "72 business hours after the first session"),
        ("0 days", "On the day of the first session"),
        ("0 hours", "At the first session"),
    ],
)
def test_the_rule_reads_as_people_say_it(offset, words):
    assert span_from_anchor_words(Offset.parse(offset), "first_session") == words


def test_why_names_rule_anchor_and_deadline_with_its_zone():
    session = local("Australia/Sydney", 2027, 4, 6, 9)

    assert why_due(timing("-14 days", session.astimezone(UTC), SYDNEY)) == (
        "14 days before the first session (Tue 6 Apr 2027 09:00): "
        "Tue 23 Mar 2027, end of day Sydney time."
    )


def test_why_says_the_hour_of_a_moment():
    submitted = local("America/New_York", 2027, 3, 10, 10)

    why = why_due(timing("168 hours", submitted, UNITED_STATES, key="submission"))

    assert why.endswith("Wed 17 Mar 2027 11:00 New York time.")


def test_why_says_which_anchor_is_awaited():
    unknown = timing("5 business days", None, key="gate_open", known_since=None)

    assert why_due(unknown) == (
        "The date follows as soon as the opening of the gate is known."
    )


def test_why_says_when_it_is_late_by_design():
    booked = local("Australia/Sydney", 2027, 3, 30, 15)
    session = local("Australia/Sydney", 2027, 4, 6, 9)

    why = why_due(
        timing("-14 days", session, SYDNEY, due_at_once=True, known_since=booked)
    )

    assert "Tue 30 Mar 2027, end of day Sydney time (late by design" in why


COUNTRIES = [("", ""), ("DE", "BE"), ("US", ""), ("AE", ""), ("AU", "NSW"), ("IL", "")]
calendars = st.builds(
    lambda zone, place: Calendar(zone, *place),
    st.sampled_from([zone for zone, _ in zone_choices()]),
    st.sampled_from(COUNTRIES),
)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
moments = st.builds(
    lambda day, clock: datetime.combine(day, clock, UTC), days, st.times()
)
timings = st.builds(
    Timing,
    anchor_key=st.sampled_from(sorted(ANCHORS)),
    anchor=days | moments,
    known_since=moments,
    offset=st.builds(Offset, st.integers(-240, 240), st.sampled_from(list(OffsetUnit))),
    calendar=calendars,
    due_at_once=st.booleans(),
    repeat=st.sampled_from(Repeat.values),
    period=st.integers(0, 60),
)


def day_words(day):
    return f"{day:%a} {day.day} {day:%b %Y}"


@settings(deadline=None, max_examples=300)
@given(timings)
@example(
    timing(
        "-1 hour",
        local("Europe/Berlin", 2027, 3, 28, 3),
        repeat=Repeat.WEEKLY,
        period=1,
    )
)
def test_r20_why_this_date_says_the_day_that_the_deadline_has(timing):
    due = deadline_for(timing).due

    why = why_due(timing)

    assert f": {day_words(due.day)}" in why
    assert zone_words(due.zone) in why
    if due.is_day:
        assert due.at == end_of_day(due.day, due.zone)
    else:
        assert f"{due.local:%H:%M} {zone_words(due.zone)}" in why


@settings(deadline=None, max_examples=300)
@given(timings)
def test_a_deadline_is_the_rules_own_or_late_by_design(timing):
    deadline = deadline_for(timing)
    anchor = shifted_anchor(
        timing.anchor, timing.repeat, timing.period, timing.calendar.zone
    )
    counted = due_moment(anchor, timing.offset, timing.calendar)

    if deadline.late_by_design:
        assert timing.due_at_once
        assert counted.at <= timing.known_since < deadline.due.at
        zone = timing.calendar.zone
        assert deadline.due == due_on_day_of(timing.known_since, zone)
    else:
        assert deadline.due == counted
        assert not (timing.due_at_once and counted.at <= timing.known_since)


@settings(deadline=None)
@given(timings, st.integers(1, 30))
def test_r20_moving_an_anchor_later_never_makes_an_earlier_deadline(timing, days):
    timing = replace(timing, due_at_once=False)
    later = replace(timing, anchor=timing.anchor + timedelta(days=days))

    assert deadline_for(later).due.at >= deadline_for(timing).due.at


@settings(deadline=None)
@given(moments, st.integers(0, 60), st.sampled_from(Repeat.values), calendars)
def test_a_repeated_anchor_keeps_its_local_clock(moment, period, repeat, calendar):
    zone = ZoneInfo(calendar.zone)
    local_anchor = moment.astimezone(zone)

    shifted = shifted_anchor(moment, repeat, period, calendar.zone)

    day = shifted.astimezone(zone).date()
    assert shifted in {
        local_moment(day, local_anchor.timetz(), calendar.zone),
        local_moment(day - timedelta(days=1), local_anchor.timetz(), calendar.zone),
    }


def test_deadline_words_are_those_of_a_moment_or_of_a_day():
    moment = deadline_for(timing("1 hour", local("Europe/Berlin", 2027, 3, 1, 9)))
    day = deadline_for(timing("1 day", date(2027, 3, 1)))

    assert deadline_words(moment) == "Mon 1 Mar 2027 10:00 Berlin time"
    assert deadline_words(day) == "Tue 2 Mar 2027, end of day Berlin time"
