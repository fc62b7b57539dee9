from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from zoneinfo import ZoneInfo

import pytest
import vobject

from psdelivery.outbox.choices import Audience, InvitationState
from psdelivery.outbox.invitations import (
    Attendee,
    Meeting,
    attendees_of,
    cancel_invitation,
    invite,
    restore_invitation,
    update_invitation,
)
from psdelivery.outbox.models import Message
from psdelivery.outbox.transport import compose
from psdelivery.registry import RuleRefused
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


@pytest.fixture
def host(db):
    return UserFactory(username="carla", first_name="Carla", last_name="Mendes")


def meeting(*people, start=datetime(2027, 3, 3, 10, tzinfo=BERLIN), **changes):
    given = {
        "kind": "handoff",
        "title": "Handoff, Acme; part 1",
        "starts_at": start.astimezone(UTC),
        "ends_at": start.astimezone(UTC) + HOUR,
        "zone": "Europe/Berlin",
        "attendees": [Attendee(p.display_name, p.email, p.pk) for p in people],
        "description": "Goals\nScope",
        "location": "https://meet.example/1",
    }
    return Meeting(**{**given, **changes})


def files(message):
    """The calendar as a reader that is not ours understands it, by its two places."""
    parts = message_from_bytes(compose(message).message().as_bytes()).walk()
    found = {part.get_content_type(): part for part in parts}
    return [
        vobject.readOne(found[kind].get_payload(decode=True).decode())
        for kind in ("text/calendar", "application/ics")
    ]


def only(to):
    return Message.objects.filter(to=[to.email]).order_by("created_at", "pk").last()


def test_another_program_reads_the_invitation(host):
    ann = UserFactory(first_name="Ann", last_name="O'Neil, Dr.")
    invitation = invite(meeting(ann, host), organizer=host, by=host, now=NOW)

    for calendar in files(only(ann)):
        event = calendar.vevent
        assert calendar.method.value == "REQUEST"
        assert event.uid.value.startswith(str(invitation.uid))
        assert event.sequence.value == "0"
        assert event.summary.value == "Handoff, Acme; part 1"
        assert event.description.value == "Goals\nScope"
        assert event.dtstart.value == datetime(2027, 3, 3, 10, tzinfo=BERLIN)
        assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Europe/Berlin"]
        assert event.organizer.value == f"mailto:{host.email}"
        assert {one.value for one in event.attendee_list} == {
            f"mailto:{ann.email}",
            f"mailto:{host.email}",
        }


def test_the_mail_says_its_method_in_the_content_type(host):
    ann = UserFactory()
    invite(meeting(ann), organizer=host, by=host, now=NOW)

    mail = compose(only(ann)).message()

    (part,) = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")


@pytest.mark.parametrize(
    ("day", "offset"),
    [(26, 1), (29, 2)],
    ids=["before the clocks change on 28 March", "after"],
)
def test_the_local_time_holds_across_a_change_of_clocks(host, day, offset):
    ann = UserFactory()
    start = datetime(2027, 3, day, 10, tzinfo=BERLIN)
    invite(meeting(ann, start=start), organizer=host, by=host, now=NOW)

    calendar = files(only(ann))[0]

    found = calendar.vevent.dtstart.value
    assert (found.hour, found.utcoffset()) == (10, offset * HOUR)
    assert found == start
    assert "VTIMEZONE" in [part.name for part in calendar.getChildren()]


def test_a_change_has_the_same_uid_and_the_next_sequence(host):
    ann, bob, eve = UserFactory(), UserFactory(), UserFactory()
    first = invite(meeting(ann, bob), organizer=host, by=host, now=NOW)
    later = datetime(2027, 3, 4, 15, tzinfo=BERLIN)

    update_invitation(first, meeting(ann, eve, start=later), by=host, now=NOW + HOUR)

    calendar = files(only(ann))[0]
    assert calendar.vevent.uid.value.startswith(str(first.uid))
    assert calendar.vevent.sequence.value == "1"
    assert calendar.vevent.dtstart.value == later
    assert files(only(eve))[0].method.value == "REQUEST"
    gone = files(only(bob))[0]
    assert (gone.method.value, gone.vevent.status.value) == ("CANCEL", "CANCELLED")


def test_a_cancelled_meeting_is_taken_out_of_every_calendar(host):
    ann = UserFactory()
    first = invite(meeting(ann), organizer=host, by=host, now=NOW)

    cancelled = cancel_invitation(first, by=host, now=NOW + HOUR)

    assert cancelled.state == InvitationState.CANCELLED
    calendar = files(only(ann))[0]
    assert calendar.method.value == "CANCEL"
    assert calendar.vevent.sequence.value == "1"
    with pytest.raises(RuleRefused):
        update_invitation(first, meeting(ann), by=host, now=NOW)


def test_customers_are_invited_as_customers_by_who_clicked(host):
    guest = Attendee("Sheila", "sheila@acme.example")

    invite(meeting(attendees=[guest]), organizer=host, by=host, now=NOW)

    message = Message.objects.get()
    assert (message.audience, message.created_by) == (Audience.CUSTOMER, host)


@pytest.mark.parametrize(
    "changes",
    [
        {"attendees": []},
        {"attendees": [Attendee("Nobody", "no address")]},
        {"ends_at": datetime(2027, 3, 3, 9, tzinfo=BERLIN)},
        {"attendees": [Attendee("A", f"a{n}@x.example") for n in range(51)]},
    ],
)
def test_what_cannot_be_invited_to_is_refused_whole(host, changes):
    with pytest.raises(RuleRefused):
        invite(meeting(UserFactory(), **changes), organizer=host, by=host, now=NOW)

    assert not Message.objects.exists()


def test_no_line_break_in_a_title_reaches_the_header_or_the_file(host):
    ann = UserFactory(last_name="X")
    title = "A\r\nBcc: evil@x.example\nATTENDEE:mailto:evil@x.example"

    invitation = invite(meeting(ann, title=title), organizer=host, by=host, now=NOW)

    assert "\n" not in only(ann).subject
    assert len(files(only(ann))[0].vevent.attendee_list) == 1
    assert attendees_of(invitation)[0].person == ann.pk


def of(invitation):
    """(to, state, when it may leave) of its mails, in the order they were written."""
    letters = Message.objects.filter(thread_key=f"invitation-{invitation.uid}")
    ordered = sorted(letters, key=lambda one: one.idempotency_key)
    return [(one.to[0], one.state, one.next_attempt_at) for one in ordered]


def test_r20_a_change_waits_and_takes_the_place_of_one_that_waits(host):
    guest, end = UserFactory(), NOW + timedelta(minutes=10)
    sent = invite(meeting(guest), organizer=host, by=host, now=NOW)
    later = meeting(guest, start=datetime(2027, 3, 4, 10, tzinfo=BERLIN))

    for number in range(2):
        now = NOW + timedelta(minutes=number)
        update_invitation(sent, later, by=host, now=now, not_before=end)

    assert of(sent) == [
        (guest.email, "ready", NOW),
        (guest.email, "cancelled", end),
        (guest.email, "ready", end),
    ]


def test_only_who_is_new_hears_of_a_change_that_is_not_about_time_or_place(host):
    old, stays, new = UserFactory(), UserFactory(), UserFactory()
    sent = invite(meeting(old, stays), organizer=host, by=host, now=NOW)
    Message.objects.update(state="sent", sent_at=NOW)

    update_invitation(sent, meeting(stays, new), by=host, now=NOW, newcomers_only=True)

    told = Message.objects.filter(state="ready")
    assert {one.to[0]: one.subject.partition(":")[0] for one in told} == {
        new.email: "Changed",
        old.email: "Cancelled",
    }


def test_who_never_heard_of_a_meeting_does_not_hear_that_it_is_off(host):
    guest = UserFactory()
    sent = invite(
        meeting(guest), organizer=host, by=host, now=NOW, not_before=NOW + HOUR
    )

    cancel_invitation(sent, by=host, now=NOW)

    assert of(sent) == [(guest.email, "cancelled", NOW + HOUR)]


def test_r20_what_was_put_back_before_anybody_heard_is_told_to_nobody(host):
    guest, first = UserFactory(), datetime(2027, 3, 3, 10, tzinfo=BERLIN)
    sent = invite(meeting(guest, start=first), organizer=host, by=host, now=NOW)
    cancel_invitation(sent, by=host, now=NOW, not_before=NOW + HOUR)

    restore_invitation(sent, meeting(guest, start=first), by=host, now=NOW)

    sent.refresh_from_db()
    assert (sent.state, sent.sequence) == (InvitationState.ACTIVE, 2)
    assert of(sent) == [
        (guest.email, "ready", NOW),
        (guest.email, "cancelled", NOW + HOUR),
    ]


def test_r20_who_was_only_about_to_hear_is_invited_when_it_is_put_back(host):
    guest = UserFactory()
    sent = invite(
        meeting(guest), organizer=host, by=host, now=NOW, not_before=NOW + HOUR
    )

    restore_invitation(sent, meeting(guest), by=host, now=NOW)

    assert of(sent) == [
        (guest.email, "cancelled", NOW + HOUR),
        (guest.email, "ready", NOW),
    ]
