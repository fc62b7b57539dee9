"""Everything goes wrong at once, and the counts are those that are promised."""

import pytest

from tests.services.kill_mail import Plan, play
from tests.services.sink import Sink

pytestmark = [pytest.mark.services, pytest.mark.full]


def test_nothing_is_lost_and_little_repeated_whatever_dies(make_portal):
    # The broker made of files is slow to find its way back after a kill.
    is_slow = make_portal().takes_one_worker
    plan = Plan(messages=1000, kills=6 if is_slow else 20, drops=10)

    with Sink(linger=0.03) as sink:
        report = play(make_portal, sink, plan)

    assert report.kills >= (6 if is_slow else 10), str(report)
    assert report.drops >= 1, str(report)
    assert report.refused_minutes >= 10, str(report)
    assert (report.staff.queued, report.customer.queued) == (900, 100)
    assert report.staff.arrived == 900, str(report)
    assert report.is_as_promised, str(report)
