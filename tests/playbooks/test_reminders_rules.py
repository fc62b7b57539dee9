from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psdelivery.calendars import Calendar, end_of_day, is_working_day, zone_choices
from psdelivery.playbooks.rules.reminders import (
    PlannedReminder,
    ReminderRule,
    next_reminder_moment,
    owner_reminder_moment,
    reminder_moment,
    reminder_rules,
    reminder_to_decide,
    still_worth_saying,
)

pytestmark = pytest.mark.unit

BERLIN = Calendar("Europe/Berlin", "DE", "BE")
SYDNEY = Calendar("Australia/Sydney", "AU", "NSW")
LOS_ANGELES = Calendar("America/Los_Angeles", "US", "CA")
DUBAI = Calendar("Asia/Dubai", "AE")
DEFAULT = {"owner": [2, 0], "coordinator": [1], "manager": [3]}
TUESDAY = date(2027, 3, 23)
DUE = end_of_day(TUESDAY, "Europe/Berlin")
LONG_AGO = datetime(2027, 1, 4, tzinfo=UTC)


def local(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone))


def berlin(*parts):
    return local("Europe/Berlin", *parts)


def plan(due_at=DUE, days=DEFAULT, calendar=BERLIN, known=LONG_AGO):
    """What the portal plans for a step that everybody looks after in one place."""
    base = max(due_at, known)
    return still_worth_saying(
        [
            PlannedReminder(reminder_moment(rule, due_at, base, calendar, 8), rule)
            for rule in reminder_rules(days)
        ],
        known,
    )


def moments(planned):
    return {reminder.rule.code: reminder.at for reminder in planned}


def decided_over(planned, looks):
    """The reminders that looks at these moments decide, one after the other."""
    decided = []
    for now in looks:
        rule = reminder_to_decide(planned, frozenset(decided), now)
        if rule is not None:
            decided.append(rule.code)
    return decided


def test_r21_default_days_give_four_reminders():
    assert moments(plan()) == {
        "owner-2": berlin(2027, 3, 21, 8) - timedelta(days=2),
        "owner-0": berlin(2027, 3, 23, 8),
        "coordinator+1": berlin(2027, 3, 24, 8),
        # Good Friday is 26 March, Easter Monday the 29th.
        "manager+3": berlin(2027, 3, 30, 8),
    }


def test_r21_reminders_leave_at_the_hour_of_the_recipients_clock():
    rule = ReminderRule("owner", 2)

    assert owner_reminder_moment(2, DUE, SYDNEY, 8) == local(
        "Australia/Sydney", 2027, 3, 22, 8
    )
    assert reminder_moment(rule, DUE, DUE, BERLIN, 9).hour == 8  # 9:00 in Berlin


def test_r21_a_day_off_of_the_owner_is_told_on_the_working_day_before():
    monday = end_of_day(date(2027, 3, 22), "Europe/Berlin")

    assert owner_reminder_moment(1, monday, BERLIN, 8) == berlin(2027, 3, 19, 8)


def test_r21_a_deadline_on_a_day_off_is_told_on_the_working_day_before():
    good_friday = end_of_day(date(2027, 3, 26), "Europe/Berlin")

    assert owner_reminder_moment(0, good_friday, BERLIN, 8) == berlin(2027, 3, 25, 8)


def test_r21_the_weekend_is_that_of_the_owners_country():
    sunday = end_of_day(date(2027, 3, 21), "Asia/Dubai")

    assert owner_reminder_moment(1, sunday, DUBAI, 8) == local(
        "Asia/Dubai", 2027, 3, 19, 8
    )


def test_r21_never_after_the_deadline_when_the_owner_wakes_later():
    # The end of Tuesday in Sydney is 06:00 of that Tuesday in Los Angeles.
    due = end_of_day(TUESDAY, "Australia/Sydney")

    moment = owner_reminder_moment(0, due, LOS_ANGELES, 8)

    assert moment == local("America/Los_Angeles", 2027, 3, 22, 8)


def test_r21_a_moment_early_in_the_day_is_told_the_working_day_before():
    monday_at_six = berlin(2027, 3, 22, 6)

    assert owner_reminder_moment(0, monday_at_six, BERLIN, 8) == berlin(2027, 3, 19, 8)


def test_r21_a_moment_later_in_the_day_is_told_that_morning():
    assert owner_reminder_moment(0, berlin(2027, 3, 22, 11), BERLIN, 8) == berlin(
        2027, 3, 22, 8
    )


@pytest.mark.parametrize(
    ("due_day", "coordinator", "manager"),
    [
        # Tuesday; Friday; Saturday counts as the Monday after it.
        ((2027, 3, 9), (2027, 3, 10), (2027, 3, 12)),
        ((2027, 3, 12), (2027, 3, 15), (2027, 3, 17)),
        ((2027, 3, 13), (2027, 3, 16), (2027, 3, 18)),
    ],
)
def test_r21_escalation_counts_the_recipients_business_days(
    due_day, coordinator, manager
):
    planned = moments(plan(end_of_day(date(*due_day), "Europe/Berlin")))

    assert planned["coordinator+1"] == berlin(*coordinator, 8)
    assert planned["manager+3"] == berlin(*manager, 8)


def test_r21_escalation_is_counted_on_the_clock_of_its_recipient():
    # Tuesday ends in Sydney while it is Tuesday morning in Los Angeles.
    due = end_of_day(TUESDAY, "Australia/Sydney")
    rule = ReminderRule("coordinator", 1)

    moment = reminder_moment(rule, due, due, LOS_ANGELES, 8)

    assert moment == local("America/Los_Angeles", 2027, 3, 24, 8)


def test_r21_no_business_days_after_means_at_the_breach():
    due = berlin(2027, 3, 17, 11)

    assert reminder_moment(ReminderRule("coordinator", 0), due, due, BERLIN, 8) == due


def test_r21_an_escalation_at_midnight_comes_after_the_breach_and_not_with_it():
    rule = ReminderRule("coordinator", 1)

    assert reminder_moment(rule, DUE, DUE, BERLIN, 0) == berlin(2027, 3, 25, 0)


def test_r21_escalation_of_a_date_that_had_passed_counts_from_when_it_was_known():
    known = berlin(2027, 3, 22, 12)
    due = berlin(2027, 3, 1, 12)

    planned = moments(plan(due, known=known))

    assert planned["coordinator+1"] == berlin(2027, 3, 23, 8)
    assert planned["manager+3"] == berlin(2027, 3, 25, 8)


def test_r21_of_the_owners_reminders_before_the_date_was_known_the_last_is_kept():
    # Known on the very day at noon: both mornings had passed.
    planned = plan(known=berlin(2027, 3, 23, 12))

    assert "owner-2" not in moments(planned)
    assert moments(planned)["owner-0"] == berlin(2027, 3, 23, 8)


def test_r21_a_date_known_late_says_nothing_while_one_reminder_is_to_come():
    known = berlin(2027, 3, 22, 12)
    planned = plan(known=known)

    assert reminder_to_decide(planned, frozenset(), known) is None
    assert next_reminder_moment(planned, frozenset(), known) == berlin(2027, 3, 23, 8)


def test_r21_registering_an_engagement_sends_no_flood():
    known = berlin(2027, 3, 1, 12)
    due_days = [date(2027, 3, 2) + timedelta(days=n) for n in range(60)]

    due_at_once = [
        day
        for day in due_days
        if reminder_to_decide(
            plan(end_of_day(day, "Europe/Berlin"), known=known), frozenset(), known
        )
    ]

    assert due_at_once == []


def test_r21_after_an_outage_only_the_latest_is_decided():
    back = berlin(2027, 3, 24, 9)

    assert reminder_to_decide(plan(), frozenset(), back).code == "coordinator+1"
    assert next_reminder_moment(plan(), frozenset({"coordinator+1"}), back) == berlin(
        2027, 3, 30, 8
    )


def test_r21_what_was_decided_is_never_decided_again():
    now = berlin(2027, 3, 23, 9)

    assert reminder_to_decide(plan(), frozenset({"owner-0"}), now) is None


def test_r21_nothing_is_decided_before_its_moment():
    before = berlin(2027, 3, 19, 8) - timedelta(microseconds=1)

    assert reminder_to_decide(plan(), frozenset(), before) is None
    assert next_reminder_moment(plan(), frozenset(), before) == berlin(2027, 3, 19, 8)


def test_r21_when_all_is_said_there_is_no_next_moment():
    after = berlin(2027, 4, 15, 8)

    assert next_reminder_moment(plan(), frozenset({"manager+3"}), after) is None


def test_r21_a_reminder_not_yet_decided_stays_the_next_moment():
    now = berlin(2027, 3, 23, 9)

    assert next_reminder_moment(plan(), frozenset({"owner-2"}), now) == berlin(
        2027, 3, 23, 8
    )


def test_r21_two_reminders_of_one_moment_give_one_mail():
    # Two days and one day before Monday are both told on Friday.
    monday = end_of_day(date(2027, 3, 22), "Europe/Berlin")
    planned = plan(monday, {"owner": [2, 1]})
    friday = berlin(2027, 3, 19, 8)

    assert decided_over(planned, [friday, friday, friday]) == ["owner-2"]


def test_r21_a_step_may_say_other_days():
    days = {"owner": [7, 2, 0], "coordinator": [0, 1], "manager": []}

    assert [rule.code for rule in reminder_rules(days)] == [
        "owner-7",
        "owner-2",
        "owner-0",
        "coordinator+0",
        "coordinator+1",
    ]


calendars = st.builds(
    lambda zone, place: Calendar(zone, *place),
    st.sampled_from([zone for zone, _ in zone_choices()]),
    st.sampled_from([("", ""), ("DE", "BE"), ("US", ""), ("AE", ""), ("IL", "")]),
)
dues = st.builds(
    lambda day, clock: datetime.combine(day, clock, UTC),
    st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    st.times(),
) | st.builds(
    end_of_day,
    st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    st.sampled_from([zone for zone, _ in zone_choices()]),
)
reminder_days = st.fixed_dictionaries(
    {
        "owner": st.lists(st.integers(0, 30), max_size=4, unique=True),
        "coordinator": st.lists(st.integers(0, 10), max_size=3, unique=True),
        "manager": st.lists(st.integers(0, 10), max_size=3, unique=True),
    }
)
spans = st.timedeltas(timedelta(days=-60), timedelta(days=60))
no_deadline = settings(deadline=None)


@no_deadline
@given(dues, st.integers(0, 30), calendars)
def test_r21_the_owner_hears_before_the_deadline_on_a_working_morning(
    due_at, days, calendar
):
    moment = owner_reminder_moment(days, due_at, calendar, 8)

    on_their_clock = moment.astimezone(ZoneInfo(calendar.zone))
    assert moment < due_at
    assert on_their_clock.time() == time(8)
    assert is_working_day(on_their_clock.date(), calendar)


@no_deadline
@given(dues, spans, st.integers(1, 10), calendars)
def test_r21_an_escalation_comes_after_the_breach_on_a_working_morning(
    due_at, span, days, calendar
):
    base = max(due_at, due_at + span)

    moment = reminder_moment(ReminderRule("manager", days), due_at, base, calendar, 8)

    on_their_clock = moment.astimezone(ZoneInfo(calendar.zone))
    assert moment > base
    assert on_their_clock.time() == time(8)
    assert is_working_day(on_their_clock.date(), calendar)


@no_deadline
@given(dues, reminder_days, calendars, spans, st.lists(spans, max_size=30))
def test_r21_whatever_runs_when_each_reminder_is_decided_once(
    due_at, days, calendar, known, looks
):
    planned = plan(due_at, days, calendar, known=due_at + known)
    looks = [due_at + look for look in looks]

    decided = decided_over(planned, sorted([*looks, *looks]))

    assert len(decided) == len(set(decided))
    at = moments(planned)
    assert [at[code] for code in decided] == sorted(at[code] for code in decided)


@no_deadline
@given(dues, reminder_days, calendars, spans, spans)
def test_r21_an_outage_of_any_length_gives_one_reminder(
    due_at, days, calendar, known, back
):
    planned = plan(due_at, days, calendar, known=due_at + known)
    now = due_at + back

    decided = decided_over(planned, [now, now, now])

    assert len(decided) == (1 if any(item.at <= now for item in planned) else 0)
    if decided:
        assert moments(planned)[decided[0]] == max(
            item.at for item in planned if item.at <= now
        )


@no_deadline
@given(dues, reminder_days, calendars, spans, spans)
def test_r21_the_scan_looks_again_exactly_when_something_is_to_be_said(
    due_at, days, calendar, known, span
):
    planned = plan(due_at, days, calendar, known=due_at + known)
    now = due_at + span
    rule = reminder_to_decide(planned, frozenset(), now)

    moment = next_reminder_moment(planned, frozenset(), now)

    if rule is not None:
        assert moment == moments(planned)[rule.code] <= now
    else:
        assert moment is None or moment > now


@no_deadline
@given(dues, reminder_days, calendars, spans)
def test_r21_a_date_known_late_sends_one_mail_at_most_at_once(
    due_at, days, calendar, known
):
    known = due_at + known
    planned = plan(due_at, days, calendar, known=known)

    before = [item for item in planned if item.at < known]

    assert len(before) <= 1
    assert all(item.rule.recipient == "owner" for item in before)
