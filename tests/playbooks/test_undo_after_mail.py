"""R-20: which mails stand against taking a move back, and which do not."""

from datetime import timedelta

import pytest

from psdelivery.outbox.choices import State
from psdelivery.outbox.invitations import (
    Attendee,
    Meeting,
    invite,
    letters_about,
    update_invitation,
)
from psdelivery.outbox.models import Message
from psdelivery.playbooks.models import Anchor, Step
from psdelivery.playbooks.services.moves import (
    reasons_against_undo,
    register_undo,
    undo_move,
)
from psdelivery.playbooks.services.moves.undo import _handlers
from psdelivery.registry import RuleRefused
from tests.factories.engagements import EngagementFactory
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory
from tests.playbooks.moving import KICKOFF, NOW, checklist_with, move

pytestmark = pytest.mark.django_db

SOON = NOW + timedelta(minutes=9)
BEGIN = NOW + timedelta(days=40)


@pytest.fixture
def engagement():
    return EngagementFactory()


@pytest.fixture
def checklist(engagement):
    return checklist_with("one", engagement_id=engagement.pk)


@pytest.fixture
def host():
    return UserFactory()


def codes(made):
    return [reason.code for reason in reasons_against_undo(made, now=SOON)]


def meeting(host, starts_at=BEGIN):
    guest = Attendee("Jane", "jane@acme.example")
    return Meeting(
        kind="kickoff",
        title="Kickoff",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        zone="Europe/Berlin",
        attendees=[guest],
    )


def invited(subject, host, engagement, *, now, starts_at=BEGIN):
    return invite(
        meeting(host, starts_at),
        organizer=host,
        engagement=engagement,
        subject=subject,
        by=host,
        now=now,
    )


def let_leave(state=State.SENT, at=None):
    """Let what waits leave, at that moment."""
    at = at or NOW + timedelta(minutes=3)
    Message.objects.filter(state__in=[State.READY, State.DRAFT]).update(
        state=state, sent_at=at, lease_until=at + timedelta(minutes=1)
    )


@pytest.mark.parametrize("about", [Anchor, Step])
@pytest.mark.parametrize("state", [State.SENT, State.KEPT, State.SENDING])
def test_r20_an_invitation_to_what_moved_stands_against_the_undo(
    checklist, engagement, host, about, state
):
    made = move(checklist)
    subject = about.objects.get(checklist=checklist)
    invited(subject, host, engagement, now=NOW + timedelta(minutes=1))
    let_leave(state)

    (reason,) = reasons_against_undo(made, now=SOON)
    assert reason.code == "left"
    assert "“Invitation: Kickoff” left to jane@acme.example" in reason.sentence
    with pytest.raises(RuleRefused):
        undo_move(made, by=host, now=SOON)


def test_r20_an_invitation_that_waits_is_cancelled_with_the_undo(
    checklist, engagement, host
):
    made = move(checklist)
    call = invite(
        meeting(host, BEGIN),
        organizer=host,
        subject=checklist.anchors.get(),
        by=host,
        now=NOW + timedelta(minutes=1),
        not_before=made.undo_until,
    )

    undo_move(made, by=host, now=SOON)

    letters = Message.objects.filter(kind="invitation")
    assert set(letters.values_list("state", flat=True)) == {State.CANCELLED}
    call.refresh_from_db()
    assert call.state == "cancelled"


def test_r20_a_change_that_waits_is_cancelled_and_the_meeting_stays(
    checklist, engagement, host
):
    call = invited(checklist.anchors.get(), host, engagement, now=NOW - timedelta(1))
    let_leave(at=NOW - timedelta(hours=1))
    made = move(checklist)
    later = meeting(host, BEGIN + timedelta(days=30))
    minute = NOW + timedelta(minutes=1)
    update_invitation(call, later, by=host, now=minute, not_before=made.undo_until)

    undo_move(made, by=host, now=SOON)

    states = Message.objects.filter(kind="invitation").values_list("state", flat=True)
    assert set(states) == {State.SENT, State.CANCELLED}
    call.refresh_from_db()
    assert call.state == "active"


def test_r20_a_changed_invitation_tells_the_new_date_too(checklist, engagement, host):
    call = invited(checklist.anchors.get(), host, engagement, now=NOW - timedelta(1))
    let_leave(at=NOW - timedelta(hours=1))
    made = move(checklist)
    assert codes(made) == []

    later = meeting(host, BEGIN + timedelta(days=30))
    update_invitation(
        call, later, engagement=engagement, by=host, now=NOW + timedelta(minutes=1)
    )
    assert codes(made) == []
    let_leave()
    assert codes(made) == ["left"]


def test_r20_an_invitation_to_something_else_of_the_engagement_does_not(
    checklist, engagement, host
):
    made = move(checklist)
    other = checklist_with("two", engagement_id=engagement.pk)
    subjects = (other.anchors.get(), other.steps.get(), engagement, None)
    for number, subject in enumerate(subjects):
        # Each on a day of its own: the host is at one of them at a time.
        begin = BEGIN + timedelta(days=number)
        now = NOW + timedelta(minutes=1)
        invited(subject, host, engagement, now=now, starts_at=begin)
    MessageFactory(engagement=engagement)
    let_leave()

    assert codes(made) == []
    undo_move(made, by=host, now=SOON)
    assert checklist.anchors.get().day == KICKOFF


def test_r20_an_invitation_with_the_old_date_that_left_late_does_not(
    checklist, engagement, host
):
    invited(checklist.anchors.get(), host, engagement, now=NOW - timedelta(minutes=1))
    made = move(checklist)
    let_leave()

    assert codes(made) == []


def test_r20_an_invitation_that_waits_does_not(checklist, engagement, host):
    made = move(checklist)
    invited(checklist.anchors.get(), host, engagement, now=NOW + timedelta(minutes=1))

    assert codes(made) == []


@pytest.fixture
def handlers():
    known = dict(_handlers)
    yield
    _handlers.clear()
    _handlers.update(known)


def test_r20_the_place_that_was_moved_knows_further_mails(
    handlers, checklist, engagement
):
    mine = MessageFactory(engagement=engagement, created_at=NOW)
    MessageFactory(engagement=engagement, created_at=NOW)
    found = Message.objects.filter(pk=mine.pk)
    register_undo("tour", lambda *a, **k: None, told=lambda move: found)
    made = move(checklist, kind="tour")
    assert codes(made) == []

    let_leave()
    assert codes(made) == ["left"]


def test_nobody_is_asked_about_where_nobody_is_invited(
    checklist, django_assert_num_queries
):
    step = checklist.steps.get()
    with django_assert_num_queries(1):
        assert list(letters_about([step], since=NOW)) == []
