import pytest
from celery import Celery

from psdelivery.history.models import Event
from psdelivery.outbox import services
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.models import Message, Recipient
from psdelivery.outbox.services import queueing
from psdelivery.registry import RuleRefused

pytestmark = pytest.mark.django_db


def queue(now, **changes):
    fields = {
        "kind": "note",
        "audience": Audience.STAFF,
        "to": ["Ann@Example.com"],
        "subject": "Hello",
        "text": "Text.",
        "idempotency_key": "a",
    }
    return services.queue_message(**fields | changes, now=now)


def test_a_queued_message_is_ready_at_once(now):
    message = queue(now, cc=["bob@example.com"], thread_key="engagement-7", why="Step.")

    message.refresh_from_db()
    assert message.state == State.READY
    assert message.next_attempt_at == message.created_at == now
    assert message.to == ["Ann@example.com"]
    assert message.cc == ["bob@example.com"]
    assert message.thread_key == "engagement-7"


def test_recipients_are_found_by_address_in_any_case(now):
    message = queue(now, cc=["bob@example.com", "ann@example.com"])

    assert list(Message.objects.addressed_to("ANN@example.com")) == [message]
    assert Recipient.objects.count() == 2


def test_the_same_key_is_one_message(now):
    first = queue(now)
    second = queue(now, subject="Other")

    assert first == second
    assert second.subject == "Hello"
    assert Message.objects.count() == Recipient.objects.count() == 1


def test_many_are_queued_in_order_and_each_key_once(now):
    keys = ["a", "b", "a"]
    drafts = [
        MessageDraft(
            kind="note",
            audience=Audience.STAFF,
            to=[f"p{n}@example.com"],
            idempotency_key=key,
        )
        for n, key in enumerate(keys)
    ]

    messages = services.queue_many(drafts, now)

    assert [m.idempotency_key for m in messages] == keys
    assert messages[0].pk == messages[2].pk
    assert Message.objects.count() == 2


@pytest.mark.parametrize("number", [3, 30])
def test_queueing_many_costs_the_same_queries(number, now, django_assert_num_queries):
    drafts = [
        MessageDraft(
            kind="note",
            audience=Audience.STAFF,
            to=["ann@example.com"],
            idempotency_key=str(n),
        )
        for n in range(number)
    ]

    # Savepoint, messages, what stands there now, recipients, release.
    with django_assert_num_queries(5):
        services.queue_many(drafts, now)


def test_one_bad_draft_queues_nothing(now):
    good = MessageDraft(
        kind="note", audience=Audience.STAFF, to=["a@b.example"], idempotency_key="a"
    )
    bad = MessageDraft(
        kind="note", audience=Audience.STAFF, to=["nobody"], idempotency_key="b"
    )

    with pytest.raises(RuleRefused) as refused:
        services.queue_many([good, bad], now)

    assert [r.code for r in refused.value.reasons] == ["bad-address"]
    assert not Message.objects.exists()


def test_a_click_that_lets_customer_mail_leave_is_in_the_history_once(
    now, django_user_model
):
    ann = django_user_model.objects.create(username="ann")

    for _ in range(2):
        message = queue(now, audience=Audience.CUSTOMER, by=ann)

    event = Event.objects.get()
    assert (event.verb, event.actor) == ("message-queued", ann)
    assert event.subject_id == str(message.pk)


def test_staff_mail_does_not_fill_the_history(now):
    queue(now)

    assert not Event.objects.exists()


def test_no_drafts_are_no_message(now):
    assert services.queue_many([], now) == []


def test_header_injection_by_the_subject_becomes_one_line(now):
    message = queue(now, subject="Due\r\nBcc: eve@example.com", text="a\x00b")

    assert message.subject == "Due Bcc: eve@example.com"
    assert message.text == "ab"


@pytest.fixture
def hints(monkeypatch):
    sent = []
    monkeypatch.setattr(
        queueing.current_app, "send_task", lambda name, **k: sent.append((name, k))
    )
    return sent


def test_a_worker_is_woken_only_when_the_transaction_is_through(
    hints, now, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        queue(now)
        assert hints == []
    for callback in callbacks:
        callback()

    assert hints == [("outbox.send_ready", {"queue": "mail", "expires": 30})]


def test_a_broker_that_is_down_does_not_stop_the_request(
    monkeypatch, settings, now, django_capture_on_commit_callbacks, caplog
):
    nowhere = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    nowhere.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr(queueing, "current_app", nowhere)

    with django_capture_on_commit_callbacks(execute=True):
        message = queue(now)

    assert message.state == State.READY
    assert "broker did not answer" in caplog.text
