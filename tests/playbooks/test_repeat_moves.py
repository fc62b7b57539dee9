from datetime import date, timedelta

import pytest

from psdelivery.playbooks.choices import Repeat, StepState
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.moves import apply_moves, preview_moves, undo_move
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.people import UserFactory
from tests.factories.playbooks import PlaybookFactory, PlaybookStepFactory, start
from tests.playbooks.moving import NOW, everything, to

pytestmark = pytest.mark.django_db

# A report each week from 12 April, due three days later, until 30 April.
BEGIN, END = date(2027, 4, 12), date(2027, 4, 30)


@pytest.fixture
def checklist():
    PlaybookStepFactory(
        playbook=(playbook := PlaybookFactory()),
        key="report",
        repeat=Repeat.WEEKLY,
        repeat_until="golive",
    )
    return start(playbook, anchors={"kickoff": BEGIN, "golive": END})


def tick(checklist, *periods):
    for period in periods:
        step = checklist.steps.get(period=period)
        complete_step(step, Completion(), by=None, now=NOW)


def rows(checklist):
    return [
        (step.period, step.state, step.due_day)
        for step in checklist.steps.order_by("period")
    ]


def move(checklist, key, day):
    changes = to(checklist, day, key=key)
    return apply_moves(changes, checklist=checklist, by=None, now=NOW)


def test_r20_the_open_period_moves_with_its_anchor_and_done_ones_keep(checklist):
    tick(checklist, 0)

    move(checklist, "kickoff", BEGIN + timedelta(days=1))

    assert rows(checklist) == [
        (0, StepState.DONE, date(2027, 4, 15)),
        (1, StepState.OPEN, date(2027, 4, 23)),
    ]


def test_r20_an_end_that_comes_earlier_takes_the_periods_after_it_along(checklist):
    tick(checklist, 0)
    changes = to(checklist, date(2027, 4, 16), key="golive")

    assert [line.step.period for line in preview_moves(changes, now=NOW).ending] == [1]
    move(checklist, "golive", date(2027, 4, 16))

    assert [state for _period, state, _day in rows(checklist)] == [
        StepState.DONE,
        StepState.CANCELLED,
    ]


def test_r20_an_end_that_comes_later_brings_the_periods_back(checklist):
    tick(checklist, 0, 1, 2)
    assert len(rows(checklist)) == 3

    move(checklist, "golive", date(2027, 5, 10))

    assert rows(checklist)[3] == (3, StepState.OPEN, date(2027, 5, 6))


def test_r20_a_period_that_ended_is_opened_again_not_doubled(checklist):
    tick(checklist, 0)
    move(checklist, "golive", date(2027, 4, 16))

    move(checklist, "golive", END)

    assert rows(checklist)[1:] == [(1, StepState.OPEN, date(2027, 4, 22))]


def test_r20_undo_puts_a_row_back(checklist):
    tick(checklist, 0)
    before = everything(checklist.steps.all())

    for day in (date(2027, 4, 16), date(2027, 5, 10)):
        undo_move(move(checklist, "golive", day), by=UserFactory(), now=NOW)
        assert everything(checklist.steps.filter(pk__in=before)) == before
