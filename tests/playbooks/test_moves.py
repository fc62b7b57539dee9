from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from psdelivery.history.models import Event
from psdelivery.outbox.choices import State
from psdelivery.people.services.settings import change_setting
from psdelivery.playbooks.choices import MoveCause, StepState
from psdelivery.playbooks.events import AnchorMoved, DatesMoved
from psdelivery.playbooks.models import Move, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.rules.moves import LineKind, reasons_without_cause
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.moves import Ending, ZoneChange, apply_moves
from psdelivery.playbooks.services.reminders import scan_reminders
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import reactions
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory
from tests.factories.playbooks import PlaybookFactory, PlaybookStepFactory, start
from tests.playbooks.moving import (
    KICKOFF,
    LATER,
    MONTH,
    NOW,
    by_kind,
    checklist_with,
    everything,
    move,
    pin,
    preview,
    queries_of,
    tick,
    to,
)

pytestmark = pytest.mark.django_db


def step_of(checklist, key="one", again=0):
    return checklist.steps.get(key=key, again=again)


def test_r20_the_preview_lists_every_step_with_its_date_before_and_after():
    checklist = checklist_with("open", "pinned", "done", "link", again=["link"])
    tick(checklist, "done", "link")
    pin(step_of(checklist, "pinned"))

    shown = preview(checklist)

    assert by_kind(shown) == {
        "moves": ["open"],
        "pinned": ["pinned"],
        "done": ["done"],
        "again": ["link"],
    }
    (moving,) = shown.moving
    assert (moving.old.day, moving.new.day) == (date(2027, 4, 15), date(2027, 5, 15))
    assert moving.why.startswith("3 days after the kickoff (Wed 12 May 2027)")
    (staying,) = shown.pinned
    assert staying.old == staying.new
    assert staying.why == "Its date was set by hand."


def test_r20_the_preview_writes_nothing():
    checklist = checklist_with("open", "link", again=["link"])
    tick(checklist, "link")
    before = everything()

    preview(checklist)

    assert everything() == before
    assert checklist.anchors.get().day == KICKOFF
    assert not Move.objects.exists()


def test_r20_a_done_step_that_is_told_again_is_shown_under_its_new_title():
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")

    (line,) = preview(checklist).again

    assert line.title == "Re-send: Do link"
    assert line.new.day == date(2027, 5, 15)


def test_r20_the_preview_names_the_mails_that_a_move_makes_out_of_date():
    checklist = checklist_with("open", "other")
    step = step_of(checklist, "open")
    draft = MessageFactory(step=step, state=State.DRAFT)
    waiting = MessageFactory(step=step, state=State.READY)
    MessageFactory(step=step, state=State.SENT, sent_at=NOW)

    shown = preview(checklist)

    assert {mail.pk for mail in shown.mails} == {draft.pk, waiting.pk}
    assert {line.step.key for line in shown.lines if line.mails} == {"open"}


def test_r20_a_step_that_would_be_late_by_the_move_says_so():
    playbook = PlaybookFactory()
    given = {"offset_value": -14, "playbook": playbook}
    PlaybookStepFactory(key="at-once", due_at_once=True, **given)
    PlaybookStepFactory(key="plain", **given)
    checklist = start(playbook, anchors={"kickoff": KICKOFF})

    lines = {line.step.key: line for line in preview(checklist, date(2027, 3, 5)).lines}

    assert (lines["at-once"].late_by_design, lines["at-once"].is_past) == (True, False)
    assert lines["at-once"].new.day == NOW.date()
    assert (lines["plain"].late_by_design, lines["plain"].is_past) == (False, True)


def test_r20_the_token_changes_with_what_is_shown_and_not_with_what_is_exempted():
    checklist = checklist_with("one", "two")
    first = preview(checklist)

    exempted = preview(checklist, exempt=[step_of(checklist).pk])
    tick(checklist, "two")

    assert exempted.token == first.token
    assert preview(checklist).token != first.token
    assert preview(checklist, KICKOFF + MONTH * 2).token != first.token


def test_r20_open_steps_move_along_pinned_and_exempted_ones_stay():
    checklist = checklist_with("open", "pinned", "exempted", "done")
    tick(checklist, "done")
    pin(step_of(checklist, "pinned"))

    move(checklist, exempt=[step_of(checklist, "exempted").pk])

    days = {step.key: step.due_day for step in checklist.steps.all()}
    assert days == {
        "open": date(2027, 5, 15),
        "pinned": date(2027, 4, 15),
        "exempted": date(2027, 4, 15),
        "done": date(2027, 4, 15),
    }
    assert step_of(checklist, "exempted").pinned
    assert checklist.anchors.get().day == LATER


def test_r20_a_done_step_comes_back_as_re_send_and_stays_done_itself():
    checklist = checklist_with("link", "kept", again=["link"])
    tick(checklist, "link", "kept")

    move(checklist)

    original, again = step_of(checklist, "link"), step_of(checklist, "link", again=1)
    assert original.state == StepState.DONE
    assert (again.title, again.state) == ("Re-send: Do link", StepState.OPEN)
    assert (again.due_day, again.open_since) == (date(2027, 5, 15), NOW)
    assert (again.done_at, again.evidence, again.note) == (None, None, "")
    assert checklist.steps.filter(key="kept").count() == 1


def test_r20_a_re_send_whose_day_has_passed_is_due_at_once():
    playbook = PlaybookFactory()
    PlaybookStepFactory(
        playbook=playbook, key="link", offset_value=-14, after_move="tell_again"
    )
    checklist = start(playbook, anchors={"kickoff": KICKOFF})
    tick(checklist, "link")

    move(checklist, date(2027, 3, 5))

    again = step_of(checklist, "link", again=1)
    assert (again.due_day, again.late_by_design) == (NOW.date(), True)


def test_r20_a_re_send_that_is_open_moves_and_does_not_double():
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")
    move(checklist)

    move(checklist, LATER + MONTH)

    assert [step.again for step in checklist.steps.order_by("again")] == [0, 1]
    assert step_of(checklist, "link", again=1).due_day == date(2027, 6, 14)


def test_r20_a_re_send_that_was_sent_comes_back_once_more():
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")
    move(checklist)
    complete_step(step_of(checklist, "link", again=1), Completion(), by=None, now=NOW)

    move(checklist, LATER + MONTH)

    again = step_of(checklist, "link", again=2)
    assert (again.title, again.state) == ("Re-send: Do link", StepState.OPEN)


def test_r20_a_re_send_holds_no_status():
    playbook = PlaybookFactory()
    PlaybookStepFactory(
        playbook=playbook, key="link", blocks_move="closed", after_move="tell_again"
    )
    checklist = start(playbook, anchors={"kickoff": KICKOFF})
    tick(checklist, "link")

    move(checklist)

    assert step_of(checklist, "link", again=1).blocks_move == ""


def test_r20_a_re_send_can_be_exempted():
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")
    exempt = [step_of(checklist, "link").pk]

    (line,) = preview(checklist, exempt=exempt).again
    move(checklist, exempt=exempt)

    assert (line.kind, line.is_exempt) == (LineKind.NOT_AGAIN, True)
    assert checklist.steps.count() == 1


def test_r20_what_left_with_a_colleague_who_left_comes_back_to_the_pool():
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")
    gone = UserFactory(is_active=False)
    Step.objects.update(assignee=gone, pool=None)

    move(checklist)

    again = step_of(checklist, "link", again=1)
    assert (again.assignee, again.pool) == (None, checklist.pool)


def test_r20_nothing_is_told_again_when_a_date_is_first_known():
    checklist = checklist_with("link", again=["link"], anchors={"kickoff": None})
    tick(checklist, "link")

    set_anchor(checklist, "kickoff", KICKOFF, by=None, now=NOW)

    assert checklist.steps.count() == 1


def test_r20_one_event_says_who_from_to_why_and_how_much():
    checklist = checklist_with("one", "two", "three", "link", again=["link"])
    tick(checklist, "link")
    by = UserFactory()

    made = move(checklist, by=by, exempt=[step_of(checklist, "two").pk])

    event = Event.objects.get(verb="anchor-moved")
    assert (event.actor, event.reason, event.engagement) == (by, "They asked", None)
    assert event.subject_id == str(made.pk)
    assert event.changes == {
        "kickoff": ["2027-04-12", "2027-05-12"],
        "steps": ["", "2"],
        "re-sends": ["", "1"],
        "exempted": ["", "1"],
        "cause": ["", "customer"],
    }


def test_r20_a_move_remembers_who_when_why_and_until_when_it_can_be_undone():
    checklist, by = checklist_with("one"), UserFactory()

    made = move(checklist, by=by, title="Kickoff", payload={"class": 7})

    made.refresh_from_db()
    assert (made.by, made.at, made.cause) == (by, NOW, MoveCause.CUSTOMER)
    assert (made.title, made.payload) == ("Kickoff", {"class": 7})
    assert made.undo_until == NOW + timedelta(minutes=10)


def test_r20_the_undo_window_is_a_setting():
    change_setting("moves.undo_minutes", 30, by=UserFactory(), now=NOW)

    assert move(checklist_with("one")).undo_until == NOW + timedelta(minutes=30)


def test_r20_other_places_hear_of_each_date_and_of_the_move(monkeypatch):
    heard = []
    monkeypatch.setattr(reactions, "_by_event", {})
    reactions.register(AnchorMoved, heard.append)
    reactions.register(DatesMoved, heard.append)
    checklist = checklist_with("one")

    made = move(checklist)

    dated, moved = heard
    assert (dated.key, dated.old, dated.new) == ("kickoff", KICKOFF, LATER)
    assert moved.move == made


def test_r20_a_move_says_why():
    assert reasons_without_cause("customer", "They asked") == []
    codes = [reason.code for reason in reasons_without_cause("", " ")]
    assert codes == ["cause-missing", "reason-missing"]
    assert [r.code for r in reasons_without_cause("weather", "It rains")] == [
        "cause-missing"
    ]


def test_r20_reminders_of_a_new_date_wait_until_the_move_can_no_longer_be_undone():
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")
    Step.objects.update(offset_value=-80)

    made = move(checklist)

    again = step_of(checklist, "link", again=1)
    assert again.next_reminder_at >= made.undo_until
    assert scan_reminders(now=NOW + timedelta(minutes=9)) == 0
    assert scan_reminders(now=made.undo_until + timedelta(minutes=1)) == 1


def test_r20_close_to_the_event_nobody_waits():
    checklist = checklist_with("link", again=["link"], anchors={"kickoff": NOW.date()})
    tick(checklist, "link")
    Step.objects.update(offset_value=-80)

    move(checklist)

    assert scan_reminders(now=NOW + timedelta(minutes=1)) == 1


def test_r20_the_session_calendar_moves_with_its_zone():
    playbook = PlaybookFactory()
    PlaybookStepFactory(playbook=playbook, key="one", calendar="session")
    checklist = start(playbook, anchors={"kickoff": KICKOFF}, zone="Europe/Berlin")

    changes = [ZoneChange(checklist, "Australia/Sydney")]
    made = apply_moves(changes, checklist=checklist, by=None, now=NOW)

    checklist.refresh_from_db()
    assert checklist.zone == "Australia/Sydney"
    assert step_of(checklist).due_at == datetime(
        2027, 4, 16, tzinfo=ZoneInfo("Australia/Sydney")
    )
    zones = {str(checklist.pk): ["Europe/Berlin", "Australia/Sydney"]}
    assert made.record["zones"] == zones


def test_r20_a_checklist_that_ends_takes_its_open_steps_with_it():
    checklist = checklist_with("open", "done")
    tick(checklist, "done")

    apply_moves([Ending(checklist)], checklist=checklist, by=None, now=NOW)

    states = {step.key: step.state for step in checklist.steps.all()}
    assert states == {"open": StepState.CANCELLED, "done": StepState.DONE}


def test_r20_several_dates_are_one_move():
    playbook = PlaybookFactory()
    PlaybookStepFactory(playbook=playbook, key="start")
    PlaybookStepFactory(playbook=playbook, key="end", anchor="golive")
    dates = {"kickoff": KICKOFF, "golive": LATER}
    checklist = start(playbook, anchors=dates)
    changes = [
        *to(checklist, KICKOFF + MONTH),
        *to(checklist, LATER + MONTH, key="golive"),
    ]

    apply_moves(changes, checklist=checklist, by=None, now=NOW)

    days = {step.key: step.due_day for step in checklist.steps.all()}
    assert days == {"start": date(2027, 5, 15), "end": date(2027, 6, 14)}
    assert Event.objects.filter(verb="anchor-moved").count() == 1
    assert Move.objects.count() == 1


def big(count):
    """A checklist of many steps: open, pinned, done, and done to be told again."""
    playbook = PlaybookFactory()
    for number in range(count):
        after = "tell_again" if number % 5 == 0 else "keep"
        PlaybookStepFactory(playbook=playbook, key=f"s{number}", after_move=after)
    checklist = start(playbook, anchors={"kickoff": KICKOFF})
    done = [f"s{n}" for n in range(count) if n % 5 < 2]
    checklist.steps.filter(key__in=done).update(
        state=StepState.DONE, done_at=NOW, next_reminder_at=None
    )
    checklist.steps.filter(key="s2").update(pinned=True)
    return checklist


@pytest.mark.parametrize("count", [10, 1000])
def test_r20_a_preview_takes_the_same_queries_for_10_and_1000_steps(count):
    move(big(5))  # fills caches of the process
    checklist = big(count)

    assert queries_of(lambda: preview(checklist)) - 1 == 5


@pytest.mark.parametrize("count", [10, 1000])
def test_r20_a_move_takes_the_same_ten_queries_for_10_and_1000_steps(count):
    move(big(5))  # fills caches of the process
    checklist, by = big(count), UserFactory()
    changes = to(checklist, LATER)

    def apply():
        apply_moves(changes, checklist=checklist, by=by, now=NOW)

    assert queries_of(apply) == 9
    assert checklist.steps.filter(again=1).count() == count // 5
