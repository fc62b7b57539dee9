"""Steps that open with an anchor (R-12): due by their rule, but never before."""

from datetime import UTC, datetime, timedelta

import pytest

from psdelivery.calendars import Calendar, Offset
from psdelivery.playbooks.choices import OffsetKind
from psdelivery.playbooks.models import Anchor
from psdelivery.playbooks.rules.deadlines import Timing, deadline_for, why_due
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.moves import (
    AnchorChange,
    apply_moves,
    moved_lines,
    preview_moves,
    undo_move,
)
from tests.factories.people import UserFactory
from tests.factories.playbooks import NOW, PlaybookFactory, PlaybookStepFactory, start

BERLIN = Calendar("Europe/Berlin", "DE", "BE")
# Mon 26 April 2027, 10:00 in Berlin.
FIRST = datetime(2027, 4, 26, 8, tzinfo=UTC)
EARLY, LATE = FIRST - timedelta(days=6), FIRST - timedelta(hours=3)
DAY_BEFORE = datetime(2027, 4, 23, 22, tzinfo=UTC)  # the end of Friday


def timing(opens, **facts):
    return Timing(
        anchor_key="first_session",
        anchor=FIRST,
        known_since=NOW,
        offset=Offset.parse("-1 business day"),
        calendar=BERLIN,
        opens_key="lab_window",
        opens=opens,
        **facts,
    )


@pytest.mark.parametrize("opens", [None, EARLY, DAY_BEFORE])
def test_r12_a_step_that_opens_in_time_is_due_by_its_rule(opens):
    due = deadline_for(timing(opens)).due

    assert (due.at, due.is_day) == (DAY_BEFORE, True)


def test_r12_a_step_that_opens_after_its_date_is_due_at_the_anchor():
    due = deadline_for(timing(LATE)).due

    assert (due.at, due.is_day, due.zone) == (FIRST, False, BERLIN.zone)


def test_why_says_with_what_a_step_opens():
    assert why_due(timing(LATE)) == (
        "At the first session (Mon 26 Apr 2027 10:00): Mon 26 Apr 2027 10:00 Berlin "
        "time. It opens with the window for the lab code: Mon 26 Apr 2027 07:00 "
        "Berlin time."
    )
    assert "opens" not in why_due(timing(None))


@pytest.fixture
def code_step(db):
    playbook = PlaybookFactory()
    PlaybookStepFactory(
        playbook=playbook,
        key="code",
        anchor="first_session",
        opens_with="lab_window",
        offset_value=-1,
        offset_unit=OffsetKind.BUSINESS_DAYS,
        reminder_days={"owner": [4, 0]},
    )
    anchors = {"first_session": FIRST, "lab_window": EARLY}
    return start(playbook, anchors=anchors, now=NOW).steps.get()


def test_nobody_is_reminded_before_a_step_opens(code_step):
    opens = DAY_BEFORE - timedelta(hours=10)  # Friday noon in Berlin
    before = code_step.next_reminder_at
    set_anchor(code_step.checklist, "lab_window", opens, by=None, now=NOW)
    code_step.refresh_from_db()

    assert before < opens
    assert code_step.next_reminder_at == opens


def test_a_moved_opening_takes_the_due_date_along_and_undo_brings_it_back(code_step):
    anchor = Anchor.objects.get(key="lab_window")
    change = [AnchorChange(anchor, LATE)]
    before = (code_step.due_at, code_step.due_is_day)

    assert [one.kind for one in preview_moves(change, now=NOW).lines] == ["moves"]
    move = apply_moves(change, checklist=code_step.checklist, by=None, now=NOW)
    code_step.refresh_from_db()
    assert (code_step.due_at, code_step.due_is_day) == (FIRST, False)
    undo_move(move, by=UserFactory(), now=NOW)
    code_step.refresh_from_db()
    assert (code_step.due_at, code_step.due_is_day) == before


def test_an_opening_alone_moves_no_date_but_the_reminder_and_undo_brings_it_back(
    code_step,
):
    anchor = Anchor.objects.get(key="lab_window")
    opens = DAY_BEFORE - timedelta(hours=10)  # Friday noon in Berlin
    before = code_step.next_reminder_at
    change = [AnchorChange(anchor, opens)]

    assert [one.kind for one in preview_moves(change, now=NOW).lines] == ["stays"]
    move = apply_moves(change, checklist=code_step.checklist, by=None, now=NOW)
    code_step.refresh_from_db()
    assert (code_step.due_at, code_step.next_reminder_at) == (DAY_BEFORE, opens)
    assert moved_lines(move) == []
    undo_move(move, by=UserFactory(), now=NOW)
    code_step.refresh_from_db()
    assert code_step.next_reminder_at == before
