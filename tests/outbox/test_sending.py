import smtplib
import socket
from datetime import timedelta

import pytest

from psdelivery import clock
from psdelivery.history.models import Event
from psdelivery.outbox import renderers, services, tasks
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.renderers import Rendered
from psdelivery.outbox.rules import LONGEST_DELAY
from psdelivery.outbox.services import sending
from psdelivery.outbox.tasks import send_ready
from tests.factories.outbox import MessageFactory
from tests.services.sink import Banner, Sink

pytestmark = pytest.mark.django_db


def send():
    return services.send_due(clock.now() + timedelta(seconds=1), 50)


def states():
    return dict(Message.objects.values_list("subject", "state"))


def test_a_ready_message_leaves_once(smtp):
    message = MessageFactory(subject="Hello", cc=["bob@example.com"])

    assert [send(), send()] == [1, 0]

    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 1)
    assert message.sent_at is not None
    (received,) = smtp.received
    assert received.recipients == ("ann@example.com", "bob@example.com")
    assert received.sender == "portal@example.com"
    assert received.message_id == f"<{message.pk}@mail.example.com>"


def test_what_is_due_later_stays(smtp):
    MessageFactory(next_attempt_at=clock.now() + timedelta(hours=1))

    assert send() == 0


def test_a_batch_uses_one_connection(smtp):
    MessageFactory.create_batch(5)

    assert send() == 5

    assert len(smtp.received) == 5
    assert smtp.connections == 1


def test_a_final_refusal_stops_this_message_only(smtp):
    smtp.answers["RCPT"].append("550 no such person")
    MessageFactory(subject="bad", next_attempt_at=clock.now() - timedelta(hours=1))
    MessageFactory(subject="good")

    send()

    assert states() == {"bad": State.FAILED, "good": State.SENT}
    bad = Message.objects.get(subject="bad")
    assert bad.last_error == "550 no such person ann@example.com"
    assert smtp.connections == 1
    assert Event.objects.get().verb == "message-failed"


def test_no_recipient_gets_a_mail_that_another_cannot_get(smtp):
    smtp.answers["RCPT"].extend(["250 OK", "550 no such person"])
    message = MessageFactory(to=["ann@example.com", "gone@example.com"])

    send()

    message.refresh_from_db()
    assert message.state == State.FAILED
    assert smtp.received == []


def test_a_refused_content_is_final_too(smtp):
    smtp.answers["DATA"].append("554 looks like spam")
    message = MessageFactory()

    send()

    message.refresh_from_db()
    assert (message.state, message.last_error) == (
        State.FAILED,
        "554 looks like spam",
    )


def test_bad_luck_is_tried_again_later_and_then_succeeds(smtp):
    smtp.answers["DATA"].append("451 try again")
    message = MessageFactory()

    send()

    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.READY, 1)
    assert message.next_attempt_at > clock.now() + timedelta(seconds=10)
    assert services.send_due(message.next_attempt_at, 50) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.SENT, 2)
    assert len(smtp.received) == 1


def test_a_server_that_is_down_keeps_everything_ready(use_port):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        use_port(probe.getsockname()[1])
        MessageFactory.create_batch(3)
        send()

    assert set(states().values()) == {State.READY}
    # One message knocked; the others wait without having been tried.
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]
    assert Message.objects.filter(lease_until=None, lease_token="").count() == 3
    assert "Connection" in Message.objects.get(attempts=1).last_error


@pytest.mark.parametrize(
    ("banner", "error"), [("554 not you", "554 not you"), ("", "timed out")]
)
def test_a_server_that_does_not_greet_keeps_everything_ready(use_port, banner, error):
    with Banner(banner) as server:
        use_port(server.port)
        MessageFactory.create_batch(2, customer=True)
        send()

    assert set(states().values()) == {State.READY}
    assert error in Message.objects.get(attempts=1).last_error


@pytest.mark.parametrize("customer", [False, True])
def test_a_server_that_hangs_before_the_text_harms_nothing(smtp, customer):
    smtp.always["MAIL"] = "hang"
    MessageFactory.create_batch(2, customer=customer)

    send()

    assert set(states().values()) == {State.READY}
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 1]


@pytest.mark.parametrize(
    ("customer", "state"), [(False, State.READY), (True, State.NEEDS_LOOK)]
)
def test_a_server_that_takes_the_text_and_hangs_leaves_doubt(smtp, customer, state):
    smtp.answers["DATA"].append("hang-after")
    message = MessageFactory(customer=customer)

    send()

    message.refresh_from_db()
    assert message.state == state
    assert len(smtp.received) == 1


def test_a_repeat_has_the_same_message_id(smtp):
    smtp.answers["DATA"].append("hang-after")
    message = MessageFactory()

    send()
    message.refresh_from_db()
    services.send_due(message.next_attempt_at, 50)

    assert smtp.copies() == {f"<{message.pk}@mail.example.com>": 2}


def test_a_server_that_hangs_up_after_some_messages_is_called_again(smtp):
    smtp.answers["MAIL"].extend(["250 OK", "421 enough for one connection"])
    MessageFactory.create_batch(3)

    send()

    assert set(states().values()) == {State.SENT}
    assert smtp.connections == 2


def test_a_backend_that_takes_mails_whole_is_served_too(settings, mailoutbox):
    settings.EMAIL_URL = "memorymail://"
    message = MessageFactory()

    send()

    message.refresh_from_db()
    assert message.state == State.SENT
    assert [m.to for m in mailoutbox] == [["ann@example.com"]]


def test_the_task_sends_what_is_due(smtp):
    MessageFactory()

    send_ready()

    assert len(smtp.received) == 1


def test_the_task_asks_for_another_look_when_its_time_is_up(
    smtp, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(tasks, "SECONDS", 0)
    MessageFactory()

    with django_capture_on_commit_callbacks() as hints:
        send_ready()

    assert len(hints) == 1


def test_without_a_mail_server_mail_is_kept(settings):
    settings.EMAIL_URL = ""
    message = MessageFactory()

    assert send() == 1

    message.refresh_from_db()
    assert (message.state, message.sent_at, message.attempts) == (State.KEPT, None, 0)
    assert send() == 0


def test_a_header_that_would_inject_another_fails_with_its_reason(smtp):
    message = MessageFactory(reply_to="a@b.example\nBcc: eve@example.com")

    send()

    message.refresh_from_db()
    assert message.state == State.FAILED
    assert "newlines" in message.last_error
    assert smtp.received == []


def test_a_refused_connection_that_then_breaks_is_opened_again(smtp):
    smtp.answers["RCPT"].append("550 no such person")
    smtp.always["RSET"] = "421 and good bye"
    MessageFactory.create_batch(2)

    send()

    assert sorted(states().values()) == [State.FAILED, State.SENT]


@pytest.fixture
def renderer():
    """Registers a writer for mails of kind "test" and takes it away again."""

    def register(function):
        renderers.register_renderer("test", function, title="Test")

    yield register
    renderers._renderers.pop("test", None)
    renderers._titles.pop("test", None)


def test_staff_mail_is_written_when_it_leaves_in_one_call(smtp, renderer):
    calls = []

    def write(messages):
        calls.append(len(messages))
        return {m.pk: Rendered.from_markdown("Now\nthis", "**Tick**") for m in messages}

    renderer(write)
    MessageFactory.create_batch(3, kind="test", subject="", text="")

    send()

    assert calls == [3]
    assert {m.mail["Subject"] for m in smtp.received} == {"Now this"}
    assert "<strong>Tick</strong>" in smtp.received[0].html
    assert set(Message.objects.values_list("text", flat=True)) == {"Tick\n"}


def test_what_is_no_longer_needed_is_cancelled(smtp, renderer):
    renderer(lambda messages: {m.pk: None for m in messages})
    message = MessageFactory(kind="test", text="")

    send()

    message.refresh_from_db()
    assert message.state == State.CANCELLED
    assert "No longer needed" in message.last_error
    assert smtp.received == []


def test_a_broken_writer_delays_its_kind_only(smtp, renderer):
    def write(messages):
        raise ZeroDivisionError("no zone")

    renderer(write)
    MessageFactory(kind="test", subject="broken")
    MessageFactory(subject="other")

    send()

    assert states() == {"broken": State.READY, "other": State.SENT}
    assert "no zone" in Message.objects.get(subject="broken").last_error


def test_a_mail_that_cannot_be_written_delays_itself_only(smtp, renderer):
    def write(messages):
        if any(message.subject == "broken" for message in messages):
            raise ZeroDivisionError("no zone")
        return {m.pk: Rendered.from_markdown(m.subject, "Tick") for m in messages}

    renderer(write)
    for subject in ("one", "broken", "two"):
        MessageFactory(kind="test", subject=subject)

    send()

    sent = {"one": State.SENT, "two": State.SENT}
    assert states() == sent | {"broken": State.READY}


@pytest.mark.parametrize("kind", ["test", "nobody-writes-these"])
def test_a_mail_without_text_fails_visibly(smtp, renderer, kind):
    renderer(lambda messages: {})
    message = MessageFactory(kind=kind, text="")

    send()

    message.refresh_from_db()
    assert message.state == State.FAILED
    assert message.last_error


def test_another_thread_of_the_process_does_not_send_too(smtp):
    MessageFactory()

    with sending._sender:
        assert send() == 0
        assert services.send_all_due(seconds=5) is False

    assert smtp.received == []


def test_all_that_is_due_leaves_in_batches(smtp, settings):
    settings.OUTBOX_BATCH = 2
    MessageFactory.create_batch(5)

    assert services.send_all_due(seconds=20) is False

    assert len(smtp.received) == 5


def test_when_the_time_is_up_the_rest_is_left(smtp):
    MessageFactory()

    assert services.send_all_due(seconds=0) is True
    assert smtp.received == []


def test_a_dead_server_ends_the_round(use_port):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        use_port(probe.getsockname()[1])
        MessageFactory.create_batch(3)

        assert services.send_all_due(seconds=20) is False

    assert sum(Message.objects.values_list("attempts", flat=True)) == 1


def test_after_an_outage_everything_goes_out(use_port):
    with Sink() as earlier:
        use_port(earlier.port)
    MessageFactory.create_batch(5)
    moment = clock.now() + timedelta(seconds=1)
    for _ in range(4):
        services.send_due(moment, 50)
        moment += timedelta(seconds=30)

    with Sink() as sink:
        use_port(sink.port)
        services.send_due(moment + LONGEST_DELAY, 50)

    assert set(states().values()) == {State.SENT}
    assert sorted(sink.copies().values()) == [1] * 5


def test_a_wrong_password_is_not_the_fault_of_the_message(smtp, settings):
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "x"
    message = MessageFactory()

    send()

    message.refresh_from_db()
    assert message.state == State.READY
    assert issubclass(smtplib.SMTPNotSupportedError, smtplib.SMTPException)
    assert message.last_error.startswith("SMTPNotSupportedError")
