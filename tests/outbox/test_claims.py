from datetime import timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.outbox import services
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import claims
from tests.factories.outbox import MessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lease(settings):
    settings.OUTBOX_LEASE_SECONDS = 60
    return timedelta(seconds=60)


def test_what_is_claimed_is_not_claimed_again(now, lease):
    MessageFactory.create_batch(3, created_at=now)

    first = claims.claim(now, 2)
    second = claims.claim(now, 2)

    assert [len(first), len(second)] == [2, 1]
    assert not {m.pk for m in first} & {m.pk for m in second}


def test_a_claim_that_was_not_begun_is_free_after_its_lease(now, lease):
    MessageFactory(created_at=now)
    claims.claim(now, 1)

    assert claims.claim(now + lease, 1) == []
    assert len(claims.claim(now + lease + timedelta(seconds=1), 1)) == 1


def test_a_late_sender_does_not_begin_what_another_claimed(now, lease):
    MessageFactory(created_at=now)
    (late,) = claims.claim(now, 1)
    (taken,) = claims.claim(now + lease * 2, 1)

    assert claims.begin(late, now) is False
    assert claims.begin(taken, now) is True


def test_a_cancelled_message_is_not_begun(now, lease, django_user_model):
    ann = django_user_model.objects.create(username="ann")
    MessageFactory(created_at=now)
    (message,) = claims.claim(now, 1)

    services.cancel_message(message, by=ann, now=now)

    assert claims.begin(message, now) is False


def test_a_late_sender_does_not_overwrite_what_became_of_a_message(now, lease, caplog):
    message = MessageFactory(created_at=now)
    (late,) = claims.claim(now, 1)
    claims.begin(late, now)
    Message.objects.update(state=State.NEEDS_LOOK, lease_token="")

    assert claims.settle(late, State.SENDING, state=State.READY) is False

    message.refresh_from_db()
    assert message.state == State.NEEDS_LOOK
    assert "taken over" in caplog.text


def test_giving_back_frees_only_what_was_not_begun(now, lease):
    MessageFactory.create_batch(2, created_at=now)
    begun, other = claims.claim(now, 2)
    claims.begin(begun, now)

    claims.release([begun, other])
    claims.release([])

    assert Message.objects.get(pk=begun.pk).state == State.SENDING
    assert len(claims.claim(now, 2)) == 1


def sending(now, **fields):
    MessageFactory(created_at=now, **fields)
    (message,) = claims.claim(now, 1)
    claims.begin(message, now)
    return message


def test_a_dead_senders_staff_mail_is_sent_again(now, lease):
    message = sending(now)

    first = now + lease + timedelta(seconds=1)
    claims.recover(first)
    message.refresh_from_db()
    assert message.state == State.SENDING
    claims.recover(first + lease + timedelta(seconds=1))

    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.READY, 1)
    assert "may or may not" in message.last_error
    assert not Event.objects.exists()


def test_a_dead_senders_customer_mail_needs_a_look(now, lease):
    message = sending(now, customer=True)

    claims.recover(now + lease * 2)
    claims.recover(now + lease * 4)

    message.refresh_from_db()
    assert message.state == State.NEEDS_LOOK
    assert Event.objects.get().verb == "message-needs-look"


def test_a_living_sender_survives_a_clock_that_jumps(now, lease):
    message = sending(now)

    # Another worker's clock is set forward by a day while this one is sending.
    claims.recover(now + timedelta(days=1))
    assert claims.settle(message, State.SENDING, state=State.SENT, sent_at=now)

    message.refresh_from_db()
    assert message.state == State.SENT


def test_a_living_lease_is_left_alone(now, lease):
    message = sending(now)

    claims.recover(now + lease)

    message.refresh_from_db()
    assert message.lease_until == now + lease
