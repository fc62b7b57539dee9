"""Calendar invitations to the sessions of a class: who is told what, and when."""

from datetime import timedelta

import pytest

from psdelivery.outbox.choices import InvitationState, State
from psdelivery.outbox.models import BadAddress, Invitation, Message
from psdelivery.playbooks.models import Move
from psdelivery.playbooks.services.moves import reasons_against_undo, undo_move
from psdelivery.registry import RuleRefused
from tests.factories.engagements import open_gate
from tests.factories.people import ContactFactory
from tests.factories.training import FIRST_DAY, NOW, local, plan_class
from training.choices import Place
from training.services.deliveries import (
    cancel_delivery,
    change_trainer,
    confirm_delivery,
    edit_delivery,
    move_delivery,
)
from training.services.invitations import (
    GUEST,
    TEAM,
    follow_invitations,
    guests_in,
    invite_contact,
    standing_of,
    uninvite_contacts,
)
from training.services.sessions import add_session, remove_session

pytestmark = pytest.mark.django_db

BEFORE = NOW - timedelta(hours=1)
SOON = NOW + timedelta(minutes=5)
WINDOW = timedelta(minutes=10)
JANE = "jane@acme.example"


@pytest.fixture
def confirmed(engagement, trainer, coordinator):
    """A class whose dates are confirmed: its trainer was invited to two sessions."""
    open_gate(engagement)
    engagement.main_contact = ContactFactory(
        customer=engagement.customer, name="Jane Roe", email=JANE
    )
    engagement.save()
    delivery = plan_class(engagement, trainer=trainer, by=coordinator)
    confirm_delivery(delivery, by=coordinator, now=BEFORE)
    delivery.refresh_from_db()
    return delivery


def letters(to="", **fields):
    """The mails with an invitation: (what became of the meeting, state)."""
    found = Message.objects.filter(kind="invitation", **fields)
    told = [one for one in found.order_by("created_at", "pk") if not to or to in one.to]
    return sorted((one.subject.partition(":")[0], one.state) for one in told)


def let_leave():
    Message.objects.filter(state=State.READY).update(state=State.SENT, sent_at=BEFORE)


def starts(kind):
    found = Invitation.objects.filter(kind=kind, state=InvitationState.ACTIVE)
    return sorted(found.values_list("starts_at", flat=True))


def moved(delivery, coordinator, days=7, now=NOW):
    return move_delivery(
        delivery, days, by=coordinator, cause="customer", reason="asked", now=now
    )


def test_a_planned_class_invites_nobody(engagement, trainer, coordinator):
    plan_class(engagement, trainer=trainer, by=coordinator)

    assert not Invitation.objects.exists()


def test_confirming_the_dates_invites_the_trainer_to_each_session(
    confirmed, trainer, coordinator
):
    first, last = Invitation.objects.order_by("starts_at")

    assert (first.kind, first.organizer, first.location) == (
        TEAM,
        coordinator,
        "Online",
    )
    assert [first.starts_at, last.starts_at] == [
        session.starts_at for session in confirmed.sessions.all()
    ]
    assert letters(trainer.email) == [("Invitation", "ready")] * 2
    assert letters(JANE) == []


def test_following_once_more_changes_nothing(confirmed, coordinator):
    follow_invitations(confirmed, by=coordinator, now=SOON)

    assert len(letters()) == 2
    assert set(Invitation.objects.values_list("sequence", flat=True)) == {0}


def test_no_invitation_holds_a_link_that_lets_anybody_in(confirmed, coordinator):
    confirmed.sessions.update(join_url="https://zoom.example/j/s3cret")
    moved(confirmed, coordinator)

    for letter in Message.objects.filter(kind="invitation"):
        files = b"".join(bytes(file.content) for file in letter.attachments.all())
        assert "s3cret" not in letter.text + letter.html + files.decode()
        assert "/training/classes/" in letter.text


def test_the_main_contact_is_invited_by_a_click_alone(confirmed, coordinator):
    invite_contact(confirmed, by=coordinator, now=NOW)
    invite_contact(confirmed, by=coordinator, now=SOON)

    assert letters(JANE) == [("Invitation", "ready")] * 2
    to_jane = Message.objects.filter(to=[JANE]).first()
    assert (to_jane.audience, to_jane.created_by) == ("customer", coordinator)
    assert "/training/classes/" not in to_jane.text
    assert "Whoever registers gets an own link to join." in to_jane.text


def test_r2_the_main_contact_is_not_invited_while_the_gate_is_closed(
    engagement, coordinator
):
    engagement.main_contact = ContactFactory(customer=engagement.customer, email=JANE)
    engagement.save()
    delivery = plan_class(engagement)

    with pytest.raises(RuleRefused):
        invite_contact(delivery, by=coordinator, now=NOW)

    assert not Invitation.objects.exists()


def test_r20_a_moved_class_changes_its_invitations_after_the_undo_window(
    confirmed, trainer, coordinator
):
    invite_contact(confirmed, by=coordinator, now=NOW)
    let_leave()
    uids = set(Invitation.objects.values_list("uid", flat=True))

    moved(confirmed, coordinator)

    changed = Message.objects.filter(kind="invitation", state=State.READY)
    assert {one.next_attempt_at for one in changed} == {NOW + WINDOW}
    assert sorted(one.to[0] for one in changed) == sorted([JANE, trainer.email] * 2)
    assert all(one.subject.startswith("Changed: ") for one in changed)
    assert set(Invitation.objects.values_list("uid", flat=True)) == uids
    assert (
        starts(TEAM)
        == starts(GUEST)
        == [session.starts_at for session in confirmed.sessions.all()]
    )


def test_r20_near_a_session_the_change_leaves_at_once(confirmed, coordinator):
    let_leave()
    eve = confirmed.sessions.first().starts_at - timedelta(hours=20)

    moved(confirmed, coordinator, now=eve)

    changed = Message.objects.filter(kind="invitation", state=State.READY)
    assert {one.next_attempt_at for one in changed} == {eve}


def test_r20_moving_twice_tells_the_last_dates_once(confirmed, trainer, coordinator):
    let_leave()

    moved(confirmed, coordinator)
    moved(confirmed, coordinator, now=SOON)

    assert letters(trainer.email) == [
        ("Changed", "cancelled"),
        ("Changed", "cancelled"),
        ("Changed", "ready"),
        ("Changed", "ready"),
        ("Invitation", "sent"),
        ("Invitation", "sent"),
    ]


def test_r20_an_undone_move_tells_nobody(confirmed, trainer, coordinator):
    let_leave()
    before = starts(TEAM)
    move = moved(confirmed, coordinator)
    assert starts(TEAM) != before

    undo_move(move, by=coordinator, now=SOON)

    assert starts(TEAM) == before
    assert not Message.objects.filter(state=State.READY, kind="invitation").exists()


def test_r20_a_change_that_left_stands_against_the_undo(confirmed, coordinator):
    let_leave()
    move = moved(confirmed, coordinator)
    Message.objects.filter(state=State.READY).update(state=State.SENT, sent_at=SOON)

    assert [one.code for one in reasons_against_undo(move, now=SOON)] == ["left"] * 2


def test_r20_a_session_taken_out_and_back_again_keeps_its_invitation(
    confirmed, trainer, coordinator
):
    let_leave()
    before = starts(TEAM)
    remove_session(
        confirmed.sessions.last(), by=coordinator, reason="one is enough", now=NOW
    )
    assert (starts(TEAM), letters(state="ready")) == (
        before[:1],
        [("Cancelled", "ready")],
    )

    undo_move(Move.objects.get(), by=coordinator, now=SOON)

    assert starts(TEAM) == before
    assert letters(state="ready") == []


def test_an_added_session_is_told_to_all_who_are_invited(
    confirmed, trainer, coordinator
):
    invite_contact(confirmed, by=coordinator, now=NOW)
    let_leave()

    added = local(FIRST_DAY + timedelta(days=3)).moments
    add_session(confirmed, added, by=coordinator, now=NOW)

    assert letters(JANE, state="ready") == [("Invitation", "ready")]
    assert letters(trainer.email, state="ready") == [("Invitation", "ready")]


def test_another_trainer_is_invited_and_the_former_taken_off(
    confirmed, trainer, stranger, coordinator
):
    invite_contact(confirmed, by=coordinator, now=NOW)
    let_leave()

    change_trainer(confirmed, stranger, by=coordinator, reason="ill", now=NOW)

    assert letters(trainer.email, state="ready") == [("Cancelled", "ready")] * 2
    assert letters(stranger.email) == [("Changed", "ready")] * 2
    assert letters(JANE, state="ready") == []


def test_an_alternative_host_is_invited_alone(confirmed, stranger, coordinator):
    let_leave()

    edit_delivery(confirmed, {"alternative_host": stranger}, by=coordinator, now=NOW)

    assert letters(state="ready") == [("Changed", "ready")] * 2
    assert letters(stranger.email) == [("Changed", "ready")] * 2


def test_another_place_is_told_to_everybody(confirmed, trainer, coordinator):
    let_leave()
    place = {"place": Place.ON_SITE, "address": "1 George St"}

    edit_delivery(confirmed, place, by=coordinator, now=NOW)

    assert letters(trainer.email, state="ready") == [("Changed", "ready")] * 2
    assert set(Invitation.objects.values_list("location", flat=True)) == {"1 George St"}


def test_a_class_called_off_calls_its_invitations_off(confirmed, trainer, coordinator):
    invite_contact(confirmed, by=coordinator, now=NOW)
    let_leave()

    cancel_delivery(confirmed, by=coordinator, reason="no budget", now=NOW)

    assert starts(TEAM) == starts(GUEST) == []
    assert letters(JANE, state="ready") == [("Cancelled", "ready")] * 2
    assert letters(trainer.email, state="ready") == [("Cancelled", "ready")] * 2


def test_a_bad_address_does_not_hold_a_move_up(confirmed, coordinator):
    invite_contact(confirmed, by=coordinator, now=NOW)
    let_leave()
    BadAddress.objects.create(
        address=JANE, since=NOW, reason="unknown", marked_by=coordinator
    )

    moved(confirmed, coordinator)

    assert letters(JANE, state="ready") == []
    assert starts(GUEST) == []


def test_the_contact_is_taken_off_by_a_click(confirmed, coordinator):
    invite_contact(confirmed, by=coordinator, now=NOW)
    let_leave()

    uninvite_contacts(confirmed, by=coordinator, now=SOON)

    assert guests_in(standing_of(confirmed).values()) == []
    assert letters(JANE, state="ready") == [("Cancelled", "ready")] * 2


def test_another_class_of_the_engagement_is_left_alone(
    confirmed, engagement, stranger, coordinator
):
    other = plan_class(
        engagement,
        trainer=stranger,
        by=coordinator,
        first=FIRST_DAY + timedelta(days=30),
    )
    confirm_delivery(other, by=coordinator, now=NOW)
    let_leave()

    cancel_delivery(confirmed, by=coordinator, reason="no budget", now=NOW)

    assert letters(stranger.email) == [("Invitation", "sent")] * 2
    assert len(starts(TEAM)) == 2


def test_a_session_that_was_held_is_not_called_off(confirmed, coordinator):
    first, last = confirmed.sessions.all()
    first.held_on = FIRST_DAY
    first.save()
    during = first.starts_at + timedelta(hours=1)
    let_leave()

    cancel_delivery(confirmed, by=coordinator, reason="ill", now=during)

    assert starts(TEAM) == [first.starts_at]
