"""No text that somebody typed becomes a header of a mail, down to the mail server."""

import pytest
from django.urls import reverse

from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import queue_message, send_due
from psdelivery.people.choices import Role
from psdelivery.people.services import send_log_in_link
from psdelivery.registry import RuleRefused
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory

BREAKS = [
    "\r\n", "\n", "\r", "\u2028", "\u0085", "\x0b", "%0d%0a", "=?utf-8?q?=0D=0A?=",
]  # fmt: skip
EVIL = "Bcc: evil@example.com"
USUAL = {
    "content-type", "mime-version", "subject", "from", "to", "cc", "reply-to", "date",
    "message-id", "in-reply-to", "references", "auto-submitted",
    "x-auto-response-suppress", "content-transfer-encoding",
}  # fmt: skip

pytestmark = pytest.mark.django_db


def queued(now, **fields):
    given = {
        "kind": "note",
        "audience": Audience.STAFF,
        "to": ["ann@example.com"],
        "subject": "Hello",
        "text": "Hello.",
        "idempotency_key": "k",
        "now": now,
    }
    return queue_message(**given | fields)


def arrived(smtp, now):
    send_due(now, 10)
    (one,) = smtp.received
    return one


def is_harmless(one):
    """Only the headers of every mail, and nobody more than was asked for."""
    names = {name.lower() for name in one.mail}
    head = one.content.split(b"\r\n\r\n", 1)[0].decode()
    starts = [line for line in head.split("\r\n") if line.lower().startswith("bcc")]
    return names <= USUAL and not starts and one.recipients == ("ann@example.com",)


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_subject_stays_one_line(smtp, now, line_break):
    queued(now, subject=f"Hello{line_break}{EVIL}")

    one = arrived(smtp, now)

    assert is_harmless(one)
    assert one.mail["Subject"].startswith("Hello")


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_subject_written_at_sending_stays_one_line(smtp, now, line_break, kinds):
    kinds(f"Acme{line_break}{EVIL}")
    queued(now, kind="nasty", text="", subject="")

    assert is_harmless(arrived(smtp, now))


@pytest.fixture
def kinds(monkeypatch):
    from psdelivery.outbox import renderers

    def write(subject):
        rendered = renderers.Rendered(subject=subject, text="Hello.")
        written = lambda messages: {one.pk: rendered for one in messages}  # noqa: E731
        monkeypatch.setitem(renderers._renderers, "nasty", written)

    return write


@pytest.mark.parametrize("line_break", BREAKS)
@pytest.mark.parametrize("field", ["to", "cc", "reply_to"])
def test_an_address_with_more_in_it_is_refused(now, field, line_break):
    address = f"ann@example.com{line_break}{EVIL}"

    with pytest.raises(RuleRefused, match="Not an e-mail address"):
        queued(now, **{field: address if field == "reply_to" else [address]})

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "Ann <ann@example.com>",
        "ann@example.com, evil@example.com",
        '"ann\r\nBcc: evil@example.com"@example.com',
        "ann@example.com>\r\nRCPT TO:<evil@example.com",
        "ann@exa\x00mple.com",
    ],
)
def test_an_address_is_one_address_and_nothing_else(now, address):
    with pytest.raises(RuleRefused):
        queued(now, to=[address])


@pytest.mark.parametrize("line_break", BREAKS)
def test_the_name_of_a_thread_is_refused(now, line_break):
    with pytest.raises(RuleRefused, match="name of a thread"):
        queued(now, thread_key=f"engagement-1{line_break}{EVIL}")


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("field", ["subject", "reply_to", "thread_key", "to", "cc"])
def test_a_row_that_came_past_the_rules_does_not_leave(smtp, now, field, line_break):
    # As if an import, or a hand in the database, had written it.
    nasty = f"ann@example.com{line_break}{EVIL}"
    message = MessageFactory(created_at=now, next_attempt_at=now)
    value = [nasty] if field in {"to", "cc"} else nasty
    Message.objects.filter(pk=message.pk).update(**{field: value})

    send_due(now, 10)

    message.refresh_from_db()
    assert smtp.received == []
    assert message.state == State.FAILED
    assert "cannot be written" in message.last_error


@pytest.mark.parametrize("line_break", BREAKS)
def test_a_person_s_name_in_an_account_mail_stays_text(smtp, now, line_break):
    person = UserFactory(email="ann@example.com", first_name=f"Ann{line_break}{EVIL}")
    send_log_in_link(person, by=person, now=now)

    assert is_harmless(arrived(smtp, now))


def test_who_asks_for_a_password_chooses_no_header(client, smtp, now):
    UserFactory(email="ann@example.com", roles=[Role.PM])

    answer = client.post(
        reverse("account_reset_password"),
        {"email": f"ann@example.com\r\n{EVIL}"},
        headers={"host": "localhost"},
    )

    assert answer.status_code == 422
    assert not Message.objects.exists()
