from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psdelivery.history.models import Event
from psdelivery.outbox.choices import Audience, State
from psdelivery.playbooks.choices import AfterMove, Repeat, StepState
from psdelivery.playbooks.events import MoveUndone
from psdelivery.playbooks.models import Anchor, Move, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.moves import (
    Ending,
    ZoneChange,
    apply_moves,
    leaves_at,
    reasons_against_undo,
    register_undo,
    undo_move,
)
from psdelivery.playbooks.services.moves.undo import _handlers
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import Reason, RuleRefused, reactions
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory
from tests.factories.playbooks import PlaybookFactory, PlaybookStepFactory, start
from tests.playbooks.moving import (
    KICKOFF,
    LATER,
    MONTH,
    NOW,
    checklist_with,
    everything,
    fields_of,
    move,
    pin,
    queries_of,
    tick,
    to,
)

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=9)
TOO_LATE = NOW + timedelta(minutes=10)


def undo(made, *, now=SOON, by=None):
    return undo_move(made, by=by or UserFactory(), now=now)


def codes(made, *, now=SOON):
    return [reason.code for reason in reasons_against_undo(made, now=now)]


def sentence(made, *, now=SOON):
    (reason,) = reasons_against_undo(made, now=now)
    return reason.sentence


def test_r20_undo_puts_everything_back():
    checklist = checklist_with("open", "pinned", "exempted", "link", again=["link"])
    tick(checklist, "link")
    pin(checklist.steps.get(key="pinned"))
    before, dates = everything(), [fields_of(a) for a in Anchor.objects.all()]

    made = move(checklist, exempt=[checklist.steps.get(key="exempted").pk])
    undo(made)

    after = everything()
    again = checklist.steps.get(again=1)
    assert {pk: after[pk] for pk in before} == before
    assert (again.state, again.next_reminder_at) == (StepState.CANCELLED, None)
    assert [fields_of(a) for a in Anchor.objects.all()] == dates


def test_r20_an_undo_is_a_move_of_its_own_with_one_event():
    checklist, by = checklist_with("one"), UserFactory()
    made = move(checklist)

    back = undo(made, by=by)

    made.refresh_from_db()
    event = Event.objects.get(verb="move-undone")
    assert (made.undone_at, made.undone_by) == (SOON, by)
    assert (back.undo_of, back.at, back.by) == (made, SOON, by)
    assert event.changes == {"kickoff": ["2027-05-12", "2027-04-12"]}
    assert codes(back, now=SOON) == ["too-late"]


def test_r20_other_places_hear_that_a_move_was_taken_back(monkeypatch):
    made, heard = move(checklist_with("one")), []
    monkeypatch.setattr(reactions, "_by_event", {})
    reactions.register(MoveUndone, heard.append)

    undo(made)

    assert [event.move for event in heard] == [made]


def test_r20_undo_is_refused_when_the_window_is_over():
    made = move(checklist_with("one"))

    assert codes(made, now=SOON) == []
    assert codes(made, now=TOO_LATE) == ["too-late"]
    assert sentence(made, now=TOO_LATE).startswith("It could be undone until 10:10.")
    with pytest.raises(RuleRefused):
        undo(made, now=TOO_LATE)


def test_r20_undo_is_refused_a_second_time():
    made = move(checklist_with("one"))
    undo(made)

    made.refresh_from_db()
    assert codes(made) == ["undone"]
    with pytest.raises(RuleRefused):
        undo(made)


@pytest.mark.parametrize("state", [State.SENT, State.KEPT, State.ELSEWHERE])
def test_r20_undo_is_refused_after_mail_of_a_re_send_left(state):
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")
    made = move(checklist)
    mail = MessageFactory(
        step=checklist.steps.get(again=1),
        subject="Welcome to PS",
        to=["jane@acme.example"],
        state=state,
        sent_at=NOW + timedelta(minutes=2),
        created_at=NOW + timedelta(minutes=1),
    )

    assert codes(made) == ["left"]
    assert "“Welcome to PS” left to jane@acme.example already" in sentence(made)
    assert reasons_against_undo(made, now=SOON)[0].fix_url == mail.get_absolute_url()


def test_r20_undo_is_refused_while_a_mail_is_being_sent():
    checklist = checklist_with("one")
    made = move(checklist)
    MessageFactory(
        step=checklist.steps.get(),
        state=State.SENDING,
        lease_until=NOW + timedelta(minutes=5),
    )

    assert codes(made) == ["left"]


def test_r20_mail_that_left_before_the_move_does_not_stand_against_it():
    checklist = checklist_with("one")
    MessageFactory(
        step=checklist.steps.get(),
        state=State.SENT,
        sent_at=NOW - timedelta(minutes=1),
        created_at=NOW - timedelta(hours=1),
    )

    assert codes(move(checklist)) == []


def test_r20_undo_is_refused_when_a_step_was_ticked_since():
    checklist = checklist_with("one", "two")
    made = move(checklist)
    complete_step(checklist.steps.get(key="two"), Completion(), by=None, now=SOON)

    assert codes(made) == ["booked-on-top"]
    assert sentence(made) == "“Do two” was done since."


def test_r20_undo_is_refused_when_a_re_send_was_ticked_since():
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")
    made = move(checklist)
    complete_step(checklist.steps.get(again=1), Completion(), by=None, now=SOON)

    assert codes(made) == ["booked-on-top"]


def test_r20_undo_is_refused_when_the_told_step_was_reopened_since():
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")
    made = move(checklist)
    reopen_step(checklist.steps.get(again=0), by=None, now=SOON)

    assert codes(made) == ["booked-on-top"]


def test_r20_undo_is_refused_when_the_date_was_moved_again():
    checklist = checklist_with("one")
    made = move(checklist)
    second = move(checklist, LATER + MONTH, now=SOON)

    assert "moved-again" in codes(made)
    assert codes(second) == []


def test_r20_moves_are_undone_one_after_the_other():
    checklist = checklist_with("one")
    first = move(checklist)
    second = move(checklist, LATER + MONTH, now=SOON)

    undo(second)
    undo(first)

    assert checklist.anchors.get().day == KICKOFF
    assert checklist.steps.get().due_day == date(2027, 4, 15)


def test_r20_a_refused_undo_changes_nothing():
    checklist = checklist_with("one", "two")
    made = move(checklist)
    complete_step(checklist.steps.get(key="two"), Completion(), by=None, now=SOON)
    before = everything()

    with pytest.raises(RuleRefused):
        undo(made)

    assert everything() == before
    assert checklist.anchors.get().day == LATER
    assert not Move.objects.filter(undo_of=made).exists()


def test_r20_undo_keeps_back_what_was_drafted_for_a_re_send():
    checklist = checklist_with("link", again=["link"])
    tick(checklist, "link")
    made = move(checklist)
    draft = MessageFactory(
        step=checklist.steps.get(again=1),
        state=State.DRAFT,
        audience=Audience.CUSTOMER,
    )

    undo(made)

    draft.refresh_from_db()
    assert draft.state == State.CANCELLED


def test_r20_undo_puts_back_zones_and_what_had_ended():
    playbook = PlaybookFactory()
    PlaybookStepFactory(playbook=playbook, key="one", calendar="session")
    checklist = start(playbook, anchors={"kickoff": KICKOFF})
    other = checklist_with("of-the-session")
    before = everything()
    changes = [ZoneChange(checklist, "Asia/Tokyo"), Ending(other)]
    made = apply_moves(changes, checklist=checklist, by=None, now=NOW)

    undo(made)

    checklist.refresh_from_db()
    assert checklist.zone == "Europe/Berlin"
    assert everything() == before


@pytest.fixture
def handlers():
    known = dict(_handlers)
    yield
    _handlers.clear()
    _handlers.update(known)


def test_r20_the_place_that_was_moved_puts_its_own_record_back(handlers):
    restored = []
    register_undo("tour", lambda move, **given: restored.append((move, given)))
    by, made = UserFactory(), move(checklist_with("one"), kind="tour")

    undo(made, by=by)

    assert restored == [(made, {"by": by, "now": SOON})]


def test_r20_the_place_that_was_moved_may_have_reasons_of_its_own(handlers):
    reason = Reason("held", "A session was held.")
    register_undo("tour", lambda *a, **k: None, against=lambda move, now: [reason])

    assert codes(move(checklist_with("one"), kind="tour")) == ["held"]


def test_r20_mail_of_a_move_waits_for_the_undo_window_unless_the_event_is_near():
    made = move(checklist_with("one"))

    assert leaves_at(made, NOW + timedelta(hours=48)) == made.undo_until
    assert leaves_at(made, NOW + timedelta(hours=47)) == NOW
    assert leaves_at(made, NOW - timedelta(hours=1)) == NOW


@pytest.mark.parametrize("count", [10, 500])
def test_r20_an_undo_takes_the_same_queries_for_10_and_500_steps(count):
    undo(move(checklist_with("one")))  # fills caches of the process
    keys = [f"s{number}" for number in range(count)]
    checklist = checklist_with(*keys, again=keys)
    tick(checklist, *keys[::5])
    made, by = move(checklist), UserFactory()

    assert queries_of(lambda: undo(made, by=by)) == 16


KINDS = st.sampled_from(["open", "done", "pinned", "exempt", "aside"])
STEPS = st.lists(
    st.tuples(
        KINDS,
        st.sampled_from(list(AfterMove)),
        st.integers(-60, 60),
        st.sampled_from(["days", "business_days", "hours", "business_hours"]),
        st.sampled_from(["kickoff", "golive"]),
        st.booleans(),
        st.sampled_from([Repeat.ONCE, Repeat.WEEKLY, Repeat.MONTHLY]),
    ),
    min_size=1,
    max_size=8,
)
DAYS = st.dates(date(2027, 1, 1), date(2027, 12, 31))


def any_checklist(steps):
    playbook = PlaybookFactory()
    for number, (_kind, after, value, unit, anchor, at_once, repeat) in enumerate(
        steps
    ):
        PlaybookStepFactory(
            playbook=playbook,
            key=f"s{number}",
            after_move=after,
            offset_value=value,
            offset_unit=unit,
            anchor=anchor,
            due_at_once=at_once,
            repeat=repeat,
            repeat_until="golive" if repeat and anchor == "kickoff" else "",
        )
    dates = {"kickoff": KICKOFF, "golive": LATER}
    return start(playbook, anchors=dates)


def put_in_state(checklist, steps):
    """Tick and pin as the example says; return the keys of those to exempt."""
    exempt = []
    for number, (kind, *_rest) in enumerate(steps):
        step = checklist.steps.get(key=f"s{number}", period=0)
        if kind == "done":
            complete_step(step, Completion(), by=None, now=NOW)
        elif kind == "pinned":
            pin(step)
        elif kind == "exempt":
            exempt.append(step.pk)
        elif kind == "aside":
            Step.objects.filter(pk=step.pk).update(
                state=StepState.NOT_APPLICABLE, next_reminder_at=None
            )
    return exempt


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, kickoff=DAYS, golive=DAYS)
def test_r20_a_move_and_its_undo_leave_every_field_as_it_was(steps, kickoff, golive):
    with transaction.atomic():
        checklist = any_checklist(steps)
        exempt = put_in_state(checklist, steps)
        before, dates = everything(), [fields_of(a) for a in Anchor.objects.all()]
        changes = [*to(checklist, kickoff), *to(checklist, golive, key="golive")]

        made = apply_moves(
            changes, checklist=checklist, exempt=exempt, by=None, now=NOW
        )
        undo(made)

        after = everything()
        added = set(after) - set(before)
        assert {pk: after[pk] for pk in before} == before
        assert all(after[pk]["state"] == StepState.CANCELLED for pk in added)
        assert [fields_of(a) for a in Anchor.objects.all()] == dates
        transaction.set_rollback(True)
