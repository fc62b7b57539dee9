"""R-20: which dates of an engagement are moved, and to which days."""

from datetime import date, timedelta

import pytest

from engagements.choices import Status
from engagements.models import Engagement
from engagements.rules.dates import (
    date_words,
    planned_days,
    reasons_against_day,
    reasons_against_moving,
    reasons_against_planned,
)
from psdelivery.playbooks.models import Step
from tests.engagements.dating import END, KICKOFF, LATER, START

pytestmark = pytest.mark.unit


def codes(reasons):
    return [reason.code for reason in reasons]


def test_r20_only_a_date_that_is_there_is_moved():
    running = Engagement(pk=1, kind="consulting", status=Status.ACTIVE)
    step = Step(pk=7, title="Go live")

    assert reasons_against_moving(running, "kickoff", KICKOFF, None) == []
    (reason,) = reasons_against_moving(running, "golive", None, step)
    assert reason.code == "undated"
    assert "“Go live”" in reason.sentence
    over = Engagement(pk=1, status=Status.CANCELLED)
    assert codes(reasons_against_moving(over, "kickoff", KICKOFF, None)) == ["over"]


def test_r20_a_move_leads_to_another_day():
    given = {"today": KICKOFF}

    assert reasons_against_day("kickoff", KICKOFF, LATER, **given) == []
    assert codes(reasons_against_day("kickoff", LATER, LATER, **given)) == ["same-day"]
    assert codes(reasons_against_day("signoff_sent", START, LATER, **given)) == [
        "ahead"
    ]
    assert reasons_against_day("signoff_sent", LATER, KICKOFF, **given) == []


def test_r20_a_planned_start_takes_its_window_along():
    planned = Engagement(
        wished_start=START, wished_start_latest=START + timedelta(days=3),
        planned_end=END,
    )  # fmt: skip

    days = planned_days(planned, "planned_start", LATER)

    assert days == {
        "wished_start": LATER,
        "wished_start_latest": LATER + timedelta(days=3),
    }
    assert reasons_against_planned(planned, days) == []
    assert codes(
        reasons_against_planned(planned, {"wished_start": END + timedelta(days=1)})
    ) == ["order"]
    early = {"planned_end": date(2027, 1, 1)}
    assert codes(reasons_against_planned(planned, early)) == ["order"]
    assert planned_days(planned, "planned_end", LATER) == {"planned_end": LATER}
    last = date(2099, 12, 31)
    assert set(planned_days(planned, "planned_start", last).values()) == {last}


def test_dedicated_work_begins_with_a_first_day():
    assert date_words("dedicated", "planned_start") == "the first day"
    assert date_words("consulting", "planned_start") == "the planned start"
    assert date_words("dedicated", "planned_end") == "the planned end"
