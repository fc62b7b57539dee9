"""R-20: mails with new dates are drafted for who was told the old ones."""

from datetime import timedelta

import pytest
from django.urls import reverse

from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.playbooks.services.moves import undo_move
from tests.confirming import confirmed as confirmed_form
from tests.factories.engagements import open_gate
from tests.factories.people import ContactFactory
from tests.factories.shipped import ship_mails
from tests.factories.training import NOW, plan_class
from training.services.deliveries import (
    cancel_delivery,
    confirm_delivery,
    move_delivery,
)
from training.services.news import drafts_about

pytestmark = pytest.mark.django_db

ASKED = {"days": "9", "first_day": "", "cause": "customer", "reason": "asked"}


@pytest.fixture
def planned(engagement, coordinator):
    ship_mails()
    open_gate(engagement)
    engagement.main_contact = ContactFactory(
        customer=engagement.customer, email="jane@acme.example"
    )
    engagement.save()
    return plan_class(engagement, by=coordinator)


@pytest.fixture
def known(planned, coordinator):
    return confirm_delivery(planned, by=coordinator, now=NOW)


def moved(delivery, coordinator, days=7):
    return move_delivery(
        delivery, days, by=coordinator, cause="customer", reason="asked", now=NOW
    )


def test_r20_nobody_who_never_heard_of_the_class_hears_that_it_moved(
    planned, coordinator
):
    moved(planned, coordinator)

    assert not drafts_about(planned).exists()


def test_r20_one_mail_is_drafted_however_often_the_class_moves(known, coordinator):
    moved(known, coordinator)
    moved(known, coordinator)

    draft = drafts_about(known).get()
    assert (draft.kind, draft.state, draft.to) == (
        "class-moved",
        State.DRAFT,
        ["jane@acme.example"],
    )
    assert "Tue 20 Apr 2027" in draft.text


def test_r20_an_undone_move_takes_its_draft_back(known, coordinator):
    move = moved(known, coordinator)

    undo_move(move, by=coordinator, now=NOW + timedelta(minutes=5))

    assert not drafts_about(known).exists()
    assert Message.objects.get(kind="class-moved").state == State.CANCELLED


def test_a_class_called_off_has_its_mail_drafted(known, coordinator):
    cancel_delivery(known, by=coordinator, reason="no budget", now=NOW)

    assert drafts_about(known).get().kind == "class-cancelled"


def test_who_moves_a_class_sees_who_was_told_and_is_led_to_the_draft(
    as_coordinator, known
):
    address = reverse("training:delivery-move", args=[known.pk])

    look = as_coordinator.post(address, ASKED).content.decode()
    done = confirmed_form(as_coordinator, address, ASKED, follow=True)

    assert "A mail with the new dates is drafted for the main contact." in look
    draft = drafts_about(known).get()
    assert f'href="{draft.get_absolute_url()}"' in done.content.decode()
