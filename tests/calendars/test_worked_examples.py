from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from psdelivery.calendars import Calendar, Due, Offset, due_moment

pytestmark = pytest.mark.unit

HAMBURG = Calendar("Europe/Berlin", "DE", "HH")
BERLIN = Calendar("Europe/Berlin", "DE", "BE")
GERMANY = Calendar("Europe/Berlin", "DE")
UNITED_STATES = Calendar("America/New_York", "US")
SYDNEY = Calendar("Australia/Sydney", "AU", "NSW")

WELCOME = Offset.parse("72 business hours")
REGISTRATION_LINK = Offset.parse("-14 days")
REVIEW = Offset.parse("168 hours")
PASSIVE_ACCEPTANCE = Offset.parse("4 business days")


def local(zone, *parts):
    return datetime(*parts, tzinfo=ZoneInfo(zone))


def test_r4_welcome_is_due_72_business_hours_after_closed_won_in_hamburg():
    closed_won = local("Europe/Berlin", 2027, 3, 5, 16, 30)

    due = due_moment(closed_won, WELCOME, HAMBURG)

    assert due.local == local("Europe/Berlin", 2027, 3, 10, 16, 30)
    assert due.at == datetime(2027, 3, 10, 15, 30, tzinfo=UTC)
    assert (due.is_day, due.day) == (False, date(2027, 3, 10))


def test_r4_womens_day_moves_the_welcome_in_berlin():
    closed_won = local("Europe/Berlin", 2027, 3, 5, 16, 30)

    due = due_moment(closed_won, WELCOME, BERLIN)

    assert due.local == local("Europe/Berlin", 2027, 3, 11, 16, 30)


def test_r4_a_federal_holiday_moves_the_welcome_in_the_united_states():
    closed_won = local("America/New_York", 2027, 2, 12, 15)

    due = due_moment(closed_won, WELCOME, UNITED_STATES)

    assert due.local == local("America/New_York", 2027, 2, 18, 15)


def test_r4_closed_won_is_read_on_the_customers_clock():
    in_berlin = local("America/New_York", 2027, 2, 12, 15).astimezone(
        ZoneInfo("Europe/Berlin")
    )

    due = due_moment(in_berlin, WELCOME, UNITED_STATES)

    assert due.local == local("America/New_York", 2027, 2, 18, 15)


def test_r11_link_is_due_14_days_before_the_first_session_in_sydney():
    first_session = local("Australia/Sydney", 2027, 4, 6, 9)

    due = due_moment(first_session, REGISTRATION_LINK, SYDNEY)

    assert due == Due(
        at=local("Europe/Berlin", 2027, 3, 23, 14).astimezone(UTC),
        is_day=True,
        day=date(2027, 3, 23),
        zone="Australia/Sydney",
    )


def test_r11_the_day_is_the_sessions_whatever_zone_the_moment_came_in():
    # 23:00 on Monday in UTC is Tuesday in Sydney.
    first_session = datetime(2027, 4, 5, 23, tzinfo=UTC)

    due = due_moment(first_session, REGISTRATION_LINK, SYDNEY)

    assert due.day == date(2027, 3, 23)


def test_r13_review_is_due_168_elapsed_hours_after_the_submission():
    submitted = local("America/New_York", 2027, 3, 10, 10)

    due = due_moment(submitted, REVIEW, UNITED_STATES)

    assert due.local == local("America/New_York", 2027, 3, 17, 11)
    assert due.at - submitted.astimezone(UTC) == (
        datetime(2027, 1, 8, tzinfo=UTC) - datetime(2027, 1, 1, tzinfo=UTC)
    )


def test_r13_review_in_a_week_without_a_clock_change_keeps_the_hour():
    submitted = local("America/New_York", 2027, 5, 5, 10)

    due = due_moment(submitted, REVIEW, UNITED_STATES)

    assert due.local == local("America/New_York", 2027, 5, 12, 10)


def test_r16_day_five_skips_the_weekend_and_whit_monday():
    day_one = date(2027, 5, 13)

    due = due_moment(day_one, PASSIVE_ACCEPTANCE, GERMANY)

    assert (due.is_day, due.day) == (True, date(2027, 5, 20))
    assert due.local == local("Europe/Berlin", 2027, 5, 21)


@pytest.mark.parametrize("day_off", [date(2027, 5, 15), date(2027, 5, 16)])
def test_r16_a_day_off_counts_as_the_next_business_day(day_off):
    # Tuesday 18 May is the next business day, so Monday 24 May is day five.
    due = due_moment(day_off, PASSIVE_ACCEPTANCE, GERMANY)

    assert due.day == date(2027, 5, 24)
