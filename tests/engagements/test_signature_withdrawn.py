from datetime import timedelta

import pytest

from engagements.choices import Condition
from engagements.queries import gate_for
from engagements.services.gate import withdraw_condition
from psdelivery.outbox.models import Message
from psdelivery.people.choices import Role
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold
from tests.factories.engagements import NOW, meet, open_gate
from tests.factories.people import UserFactory
from tests.factories.scheduling import booked as book

pytestmark = pytest.mark.django_db
SIGNATURE = Condition.CUSTOMER_SIGNATURE


@pytest.fixture
def manager(consulting):
    person = UserFactory(roles=[Role.PRACTICE_MANAGER])
    consulting.practice.manager = person
    consulting.practice.save()
    return person


@pytest.fixture
def booked(consulting, pse):
    open_gate(consulting)
    return book(pse, consulting, hold=Hold.HARD, now=NOW)


def withdraw(engagement, by, code=SIGNATURE, now=NOW):
    return withdraw_condition(engagement, code, by=by, reason="Wrong person", now=now)


def test_r2_a_signature_withdrawn_gives_the_practice_manager_a_step(
    consulting, coordinator, manager, booked
):
    condition = withdraw(consulting, coordinator)

    step = condition.withdrawal_step
    assert not gate_for(consulting, NOW).is_open
    assert step.assignee == manager
    assert step.due_day.isoformat() == "2027-02-03"
    assert step.subject_url == f"{consulting.get_absolute_url()}gate/"
    assert "First" in step.instructions
    assert "Wrong person" in step.instructions
    assert Message.objects.get(kind="approval").to == [manager.email]


def test_r2_bookings_stay_when_the_signature_is_withdrawn_and_new_ones_are_refused(
    consulting, coordinator, manager, booked
):
    withdraw(consulting, coordinator)

    booked.refresh_from_db()
    assert (booked.hold, booked.is_active) == (Hold.HARD, True)
    with pytest.raises(RuleRefused):
        book(UserFactory(), consulting, hold=Hold.HARD, now=NOW)


def test_the_step_is_ticked_when_the_signature_is_given_again(
    consulting, coordinator, manager, booked
):
    step = withdraw(consulting, coordinator).withdrawal_step

    meet(consulting, SIGNATURE, now=NOW + timedelta(days=1), by=coordinator)
    step.refresh_from_db()
    assert (step.state, step.done_by) == (StepState.DONE, coordinator)
    assert gate_for(consulting, NOW).is_open


def test_a_second_withdrawal_gives_a_second_step(
    consulting, coordinator, manager, booked
):
    first = withdraw(consulting, coordinator).withdrawal_step
    meet(consulting, SIGNATURE, by=coordinator)

    second = withdraw(consulting, coordinator).withdrawal_step
    assert second.pk != first.pk
    assert second.is_open


def test_what_else_is_withdrawn_asks_nobody(consulting, coordinator, manager):
    meet(consulting, Condition.AGREEMENT)

    condition = withdraw(consulting, coordinator, code=Condition.AGREEMENT)
    assert condition.withdrawal_step is None
    assert not Message.objects.filter(kind="approval").exists()


def test_r23_without_a_manager_the_coordinator_has_the_step(consulting, coordinator):
    open_gate(consulting)

    step = withdraw(consulting, coordinator).withdrawal_step
    assert step.assignee == coordinator
    assert Step.objects.get(pk=step.pk).owner_role == "practice_manager"
