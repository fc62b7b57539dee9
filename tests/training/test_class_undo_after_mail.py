"""R-20: mails about a class that was moved stand against taking the move back."""

from datetime import date, timedelta

import pytest

from psdelivery.outbox.choices import State
from psdelivery.outbox.invitations import Attendee, Meeting, invite
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.playbooks.models import Move
from psdelivery.playbooks.services.moves import reasons_against_undo, undo_move
from tests.factories.handoff import begun
from tests.factories.shipped import ship_mails
from tests.factories.training import NOW, local, plan_class
from training.services.deliveries import move_delivery
from training.services.sessions import add_session, remove_session

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
SOON = NOW + 5 * MINUTE


@pytest.fixture
def delivery(engagement):
    return plan_class(engagement)


@pytest.fixture
def moved(delivery, coordinator):
    move_delivery(
        delivery, 30, by=coordinator, reason="They asked", cause="customer", now=NOW
    )
    return Move.objects.get()


def codes(made):
    return [reason.code for reason in reasons_against_undo(made, now=SOON)]


def invited(subject, engagement, coordinator):
    begins = NOW + timedelta(days=60)
    meeting = Meeting(
        kind="class",
        title="Git basics",
        starts_at=begins,
        ends_at=begins + timedelta(hours=4),
        zone="Europe/Berlin",
        attendees=[Attendee("Jane", "jane@acme.example")],
    )
    invite(
        meeting,
        organizer=coordinator,
        engagement=engagement,
        subject=subject,
        by=coordinator,
        now=NOW + MINUTE,
    )


def let_leave():
    Message.objects.update(state=State.SENT, sent_at=NOW + 2 * MINUTE)


def test_r20_an_invitation_to_one_of_its_sessions_keeps_the_move(
    moved, delivery, engagement, coordinator
):
    invited(delivery.sessions.last(), engagement, coordinator)
    assert codes(moved) == []

    let_leave()
    assert codes(moved) == ["left"]


def test_r20_so_does_one_to_the_class(moved, delivery, engagement, coordinator):
    invited(delivery, engagement, coordinator)
    let_leave()

    assert codes(moved) == ["left"]


def test_r20_one_to_another_class_or_to_the_handoff_does_not(
    moved, delivery, engagement, coordinator
):
    other = plan_class(engagement)
    for subject in (other, other.sessions.first(), begun(engagement)):
        invited(subject, engagement, coordinator)
    let_leave()

    assert codes(moved) == []
    undo_move(moved, by=coordinator, now=SOON)


def test_r20_a_mail_that_tells_the_new_days_keeps_the_move(
    moved, delivery, coordinator
):
    ship_mails()
    prepare_draft("class-moved", delivery, by=coordinator, now=NOW + MINUTE)
    assert codes(moved) == []

    let_leave()
    assert codes(moved) == ["left"]


def test_r20_a_mail_about_another_class_does_not(moved, engagement, coordinator):
    ship_mails()
    other = plan_class(engagement)
    prepare_draft("class-moved", other, by=coordinator, now=NOW + MINUTE)
    let_leave()

    assert codes(moved) == []


def test_r20_an_added_and_a_removed_session_count_too(
    delivery, engagement, coordinator
):
    times = local(date(2027, 5, 4), "09:00", "12:00", "Europe/Berlin").moments
    added = add_session(delivery, times, by=coordinator, now=NOW)
    made = Move.objects.get()
    invited(added, engagement, coordinator)
    let_leave()
    assert codes(made) == ["left"]

    removed = delivery.sessions.first()
    key = removed.pk
    remove_session(removed, by=coordinator, reason="Shorter", now=NOW)
    removed.pk = key
    invited(removed, engagement, coordinator)
    let_leave()
    assert "left" in codes(Move.objects.first())
