from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMultiAlternatives

from psdelivery.outbox.transport import compose
from tests.factories.outbox import MessageFactory

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def domain(settings):
    settings.MAIL_DOMAIN = "mail.example.com"


def mail(**fields):
    composed = compose(MessageFactory.build(**fields))
    assert isinstance(composed, EmailMultiAlternatives)
    return composed.message()


def test_staff_mail_says_that_a_machine_wrote_it():
    assert mail()["Auto-Submitted"] == "auto-generated"


def test_customer_mail_comes_from_a_person():
    assert mail(customer=True)["Auto-Submitted"] is None


def test_mails_of_a_thread_answer_its_root():
    message = mail(thread_key="engagement-7")

    root = "<engagement-7@mail.example.com>"
    assert message["In-Reply-To"] == message["References"] == root


def test_a_mail_without_thread_answers_nothing():
    assert mail()["References"] is None


def test_the_message_id_is_made_of_the_id():
    message = MessageFactory.build()

    assert (
        compose(message).message()["Message-ID"] == f"<{message.pk}@mail.example.com>"
    )


def test_staff_read_why_a_mail_comes_to_them():
    message = mail(text="Text.\n", html="<p>Text.</p>", why="You own <this> step.")

    plain, html = [part.get_content() for part in read(message).iter_parts()]
    assert plain == "Text.\n\n-- \nYou own <this> step.\n"
    assert "<small>You own &lt;this&gt; step.</small>" in html


def test_a_reason_is_added_to_plain_mail_too():
    message = read(mail(text="Text.", why="You own it."))

    assert message.get_content() == "Text.\n\n-- \nYou own it.\n"


def test_customers_do_not_read_our_reasons():
    assert "own" not in str(mail(customer=True, text="Text.", why="You own it."))


def test_a_mail_without_html_is_plain():
    message = read(mail(text="Grüße", why=""))

    assert message.get_content_type() == "text/plain"
    assert message.get_content() == "Grüße"


def read(message):
    return message_from_bytes(message.as_bytes(), policy=policy.default)
