from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from psdelivery import clock

pytestmark = pytest.mark.unit


@time_machine.travel(datetime(2027, 3, 5, 23, 30, tzinfo=UTC), tick=False)
def test_now_is_utc_and_today_is_local():
    assert clock.now() == datetime(2027, 3, 5, 23, 30, tzinfo=UTC)
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.today("America/New_York") == date(2027, 3, 5)
    assert clock.today("Europe/Berlin") == date(2027, 3, 6)


@time_machine.travel(datetime(2027, 3, 5, 23, 30, tzinfo=UTC), tick=False)
def test_a_demo_moves_the_clock(settings):
    settings.CLOCK_OFFSET = timedelta(days=-1)

    assert clock.now() == datetime(2027, 3, 4, 23, 30, tzinfo=UTC)
    assert clock.today("UTC") == date(2027, 3, 4)
