import pytest

from psdelivery.history.models import Event
from psdelivery.outbox import services
from psdelivery.outbox.choices import State
from psdelivery.registry import RuleRefused
from tests.factories.outbox import MessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(django_user_model):
    return django_user_model.objects.create(username="ann", email="ann@example.com")


def test_a_failed_message_is_sent_again_with_a_fresh_count(ann, now):
    message = MessageFactory(failed=True)

    services.retry_message(message, by=ann, now=now)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.READY, 0)
    assert message.next_attempt_at == now
    event = Event.objects.get()
    assert (event.verb, event.actor) == ("message-retried", ann)
    assert event.changes == {"state": ["failed", "ready"]}


def test_a_sent_message_is_not_sent_again(ann, now):
    message = MessageFactory(sent=True)

    with pytest.raises(RuleRefused, match="is sent is not sent again"):
        services.retry_message(message, by=ann, now=now)

    assert not Event.objects.exists()


def test_a_cancelled_message_does_not_leave(ann, now):
    message = MessageFactory(created_at=now)

    services.cancel_message(message, by=ann, now=now)

    message.refresh_from_db()
    assert message.state == State.CANCELLED
    assert services.send_due(now, 10) == 0


def test_what_left_meanwhile_cannot_be_cancelled(ann, now):
    message = MessageFactory()
    type(message).objects.update(state=State.SENT, sent_at=now)

    with pytest.raises(RuleRefused):
        services.cancel_message(message, by=ann, now=now)


def test_a_message_in_doubt_is_marked_as_arrived(ann, now):
    message = MessageFactory(customer=True, state=State.NEEDS_LOOK, attempts=1)

    services.confirm_message(message, by=ann, now=now)

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (State.SENT, now)
    assert Event.objects.get().verb == "message-confirmed"


def test_a_failed_message_is_not_marked_as_arrived(ann, now):
    with pytest.raises(RuleRefused):
        services.confirm_message(MessageFactory(failed=True), by=ann, now=now)
