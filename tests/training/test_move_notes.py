"""R-20: what a move takes along beside the steps, said before it is saved."""

import pytest
from django.urls import reverse

from psdelivery.documents.services import add_link
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.training import NOW
from training import move_notes
from training.choices import StepKey
from training.move_notes import (
    Note,
    notes_of_cancelling,
    notes_of_move,
    register_cancel_notes,
    register_move_notes,
)
from training.services.deliveries import move_delivery, moved_plan
from training.told_notes import link_notes

pytestmark = pytest.mark.django_db

ASKED = {"days": "9", "first_day": "", "cause": "customer", "reason": "asked"}


@pytest.fixture
def registers(monkeypatch):
    """Registers of the test's own: what it enters is gone afterwards."""
    monkeypatch.setattr(move_notes, "_of_moves", {})
    monkeypatch.setattr(move_notes, "_of_cancelling", {})


def send_link(delivery, coordinator):
    step = Step.objects.get(
        checklist=delivery.checklist, key=StepKey.REGISTRATION_LINK, again=0
    )
    proof = add_link(
        "https://mail.example/1",
        title="Mail",
        engagement=delivery.engagement,
        by=coordinator,
        now=NOW,
    )
    complete_step(step, Completion(evidence=proof), by=coordinator, now=NOW)


def test_r20_each_part_says_its_own_in_order(registers, delivery):
    register_move_notes("labs", lambda plan, now: [Note("second")], order=20)
    register_move_notes("dates", lambda plan, now: [Note("first", "warn")], order=10)
    register_move_notes("labs", lambda plan, now: [Note("instead")], order=20)
    plan = moved_plan(delivery, 7, now=NOW)

    said = [(note.sentence, note.tone) for note in notes_of_move(plan, now=NOW)]

    assert said == [("first", "warn"), ("instead", "info")]


def test_r20_what_calling_off_takes_along_is_said_too(
    registers, as_coordinator, delivery
):
    register_cancel_notes(
        "labs", lambda class_, now: [Note(f"The code of {class_} dies.")], order=1
    )

    page = as_coordinator.get(reverse("training:delivery-cancel", args=[delivery.pk]))

    assert f"The code of {delivery} dies." in page.content.decode()
    assert len(notes_of_cancelling(delivery, now=NOW)) == 1


def test_r20_a_link_that_went_out_is_said_to_be_sent_again(
    as_coordinator, delivery, coordinator
):
    address = reverse("training:delivery-move", args=[delivery.pk])
    before = as_coordinator.post(address, ASKED).content.decode()
    send_link(delivery, coordinator)

    after = as_coordinator.post(address, ASKED).content.decode()

    said = "The registration link went out on Mon 1 Feb 2027. It is to be sent again"
    assert said not in before
    assert said in after


def test_r20_a_link_that_already_waits_to_be_sent_again_is_not_said_twice(
    delivery, coordinator
):
    send_link(delivery, coordinator)
    move_delivery(
        delivery, 7, by=coordinator, cause="customer", reason="asked", now=NOW
    )

    assert list(link_notes(moved_plan(delivery, 7, now=NOW), NOW)) == []
