from datetime import date, timedelta

import pytest

from psdelivery.outbox.choices import State
from psdelivery.playbooks.choices import MoveCause, StepState
from psdelivery.playbooks.models import Move, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.moves import reasons_against_undo, undo_move
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import RuleRefused
from tests.factories.outbox import MessageFactory
from tests.factories.training import FIRST_DAY, NOW, local, plan_class
from tests.playbooks.moving import everything
from tests.training.settled import settle
from training.choices import DeliveryState, StepKey
from training.models import Session
from training.queries import steps_of_classes
from training.services.deliveries import move_delivery, moved_plan
from training.services.moves import preview_plan
from training.services.sessions import add_session, change_session, remove_session

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=5)
MONTH = 30


def rows(delivery):
    return everything(steps_of_classes([delivery]).order_by("pk"))


def starts(delivery):
    return [(s.pk, s.starts_at, s.ends_at, s.zone) for s in delivery.sessions.all()]


@pytest.fixture
def twelve_and_five(engagement):
    delivery = plan_class(engagement)
    settle(delivery, 12, 5)
    return delivery


def test_r20_a_class_with_twelve_open_and_five_done_steps_moves_by_a_month(
    twelve_and_five, coordinator
):
    delivery = twelve_and_five
    before, sessions = rows(delivery), starts(delivery)
    plan = moved_plan(delivery, MONTH, now=NOW)

    preview = preview_plan(plan, exempt=(), now=NOW)

    assert len(preview.moving) == 12
    assert [line.title for line in preview.again] == [
        "Re-send: Send the registration link to the main contact"
    ]
    assert len(preview.lines) == 17

    exempt = [line.step.pk for line in preview.moving[:2]]
    move = move_delivery(
        delivery,
        MONTH,
        by=coordinator,
        cause=MoveCause.CUSTOMER,
        reason="They asked",
        exempt=exempt,
        now=NOW,
    )

    moved = rows(delivery)
    kept = [pk for pk in before if moved[pk]["due_at"] == before[pk]["due_at"]]
    assert set(exempt) < set(kept)
    assert len(kept) == 2 + 5
    again = Step.objects.get(again=1)
    assert (again.title[:9], again.state) == ("Re-send: ", StepState.OPEN)

    undo_move(move, by=coordinator, now=SOON)

    after = rows(delivery)
    assert {pk: after[pk] for pk in before} == before
    assert starts(delivery) == sessions
    again.refresh_from_db()
    assert again.state == StepState.CANCELLED


def test_r20_after_the_welcome_mail_really_left_undo_says_why_it_cannot(
    twelve_and_five, coordinator
):
    move = move_delivery(
        twelve_and_five, MONTH, by=coordinator, reason="They asked", now=NOW
    )
    MessageFactory(
        step=Step.objects.get(again=1),
        subject="Welcome to PS",
        to=["jane@acme.example"],
        state=State.SENT,
        sent_at=SOON,
    )

    with pytest.raises(RuleRefused) as refusal:
        undo_move(move, by=coordinator, now=SOON)

    (reason,) = refusal.value.reasons
    assert reason.sentence == (
        "“Welcome to PS” left to jane@acme.example already: tell them instead."
    )
    assert twelve_and_five.sessions.first().starts_at.date() > FIRST_DAY


def test_r20_sessions_that_would_collide_are_put_back_too(engagement, coordinator):
    delivery = plan_class(engagement, days=4)
    before = starts(delivery)

    for days in (1, -1):
        move = move_delivery(delivery, days, by=coordinator, reason="x", now=NOW)
        moved = starts(delivery)
        undo_move(move, by=coordinator, now=SOON)
        assert starts(delivery) == before != moved


def test_r20_an_added_session_is_taken_out_again(engagement, coordinator):
    delivery = plan_class(engagement)
    before, sessions = rows(delivery), starts(delivery)
    times = local(FIRST_DAY + timedelta(days=5)).moments
    added = add_session(delivery, times, by=coordinator, now=NOW)

    undo_move(Move.objects.get(), by=coordinator, now=SOON)

    after = rows(delivery)
    assert starts(delivery) == sessions
    assert {pk: after[pk] for pk in before} == before
    steps = Step.objects.filter(checklist=added.checklist_id)
    assert set(steps.values_list("state", flat=True)) == {StepState.CANCELLED}


def test_r20_an_added_session_that_was_worked_on_stays(engagement, coordinator):
    delivery = plan_class(engagement)
    times = local(FIRST_DAY + timedelta(days=5)).moments
    added = add_session(delivery, times, by=coordinator, now=NOW)
    step = added.checklist.steps.get(key="meeting-exists")
    Step.objects.filter(pk=step.pk).update(
        state=StepState.DONE, done_at=SOON, next_reminder_at=None
    )

    codes = [r.code for r in reasons_against_undo(Move.objects.get(), now=SOON)]

    assert codes == ["class-changed"]


def test_r20_a_removed_session_comes_back_with_its_steps(engagement, coordinator):
    delivery = plan_class(engagement)
    before, sessions = rows(delivery), starts(delivery)
    last = delivery.sessions.last()
    remove_session(last, by=coordinator, reason="one is enough", now=NOW)

    undo_move(Move.objects.get(), by=coordinator, now=SOON)

    assert starts(delivery) == sessions
    assert rows(delivery) == before
    assert Session.objects.get(pk=sessions[-1][0]).checklist.steps.open().exists()


def test_r20_a_class_that_counted_as_held_by_the_removal_does_not_any_more(
    engagement, coordinator
):
    delivery = plan_class(engagement, first=date(2027, 1, 25))
    first, last = delivery.sessions.all()
    held = first.checklist.steps.get(key=StepKey.HELD)
    complete_step(held, Completion(note="All there"), by=coordinator, now=NOW)
    remove_session(last, by=coordinator, reason="one is enough", now=NOW)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.HELD

    undo_move(Move.objects.get(), by=coordinator, now=SOON)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PLANNED


def test_r20_a_changed_session_goes_back_to_its_zone(engagement, coordinator):
    delivery = plan_class(engagement)
    before, sessions = rows(delivery), starts(delivery)
    times = local(FIRST_DAY, zone="Europe/Berlin").moments
    change_session(
        delivery.sessions.first(), times, by=coordinator, reason="room", now=NOW
    )
    delivery.checklist.refresh_from_db()
    assert delivery.checklist.zone == "Europe/Berlin"

    undo_move(Move.objects.get(), by=coordinator, now=SOON)

    delivery.checklist.refresh_from_db()
    assert delivery.checklist.zone == "Australia/Sydney"
    assert starts(delivery) == sessions
    assert rows(delivery) == before


def test_r20_a_class_that_was_moved_again_is_put_back_in_turn(engagement, coordinator):
    delivery = plan_class(engagement)
    before = starts(delivery)
    first = move_delivery(delivery, 7, by=coordinator, reason="x", now=NOW)
    second = move_delivery(delivery, 7, by=coordinator, reason="x", now=SOON)

    with pytest.raises(RuleRefused):
        undo_move(first, by=coordinator, now=SOON)
    undo_move(second, by=coordinator, now=SOON)
    undo_move(first, by=coordinator, now=SOON)

    assert starts(delivery) == before


def test_r20_a_class_is_not_moved_without_a_cause(engagement, coordinator):
    delivery = plan_class(engagement)

    with pytest.raises(RuleRefused):
        move_delivery(delivery, 7, by=coordinator, reason="x", cause="weather", now=NOW)

    assert not Move.objects.exists()
