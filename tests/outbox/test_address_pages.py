import pytest
import time_machine
from django.urls import reverse

from psdelivery.outbox.choices import State
from psdelivery.outbox.models import BadAddress, Message
from psdelivery.outbox.services import send_due
from psdelivery.outbox.waiting import mails_to_check
from psdelivery.people.choices import EngagementRole, Role
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
CORA = "cora@acme.example"


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def engagement(db):
    return sold()


@pytest.fixture
def carla(engagement, client):
    found = person(engagement, EngagementRole.PC)
    client.force_login(found)
    return found


@pytest.fixture
def left(engagement):
    return MessageFactory(
        engagement=engagement, customer=True, sent=True, to=[CORA], sent_at=NOW
    )


def act(client, action, message, **body):
    address = reverse(f"outbox:message-{action}", args=[message.pk])
    return client.post(address, body, follow=True)


def test_a_bounce_is_told_on_the_page_of_the_mail(client, carla, left):
    assert "It came back" in client.get(left.get_absolute_url()).content.decode()

    page = act(client, "bounce", left, address=CORA, reason="Unknown user")

    left.refresh_from_db()
    assert left.state == State.FAILED
    assert "This mail came back" in page.content.decode()
    assert BadAddress.objects.standing().get().address == CORA


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"address": "other@acme.example"}, {"reason": "x\ny"}]
)
def test_what_lacks_in_it_is_told(client, carla, left, wrong):
    body = {"address": CORA, "reason": "Unknown"} | wrong

    assert act(client, "bounce", left, **body).status_code == 422
    assert not BadAddress.objects.exists()


def test_an_address_that_the_server_refused_is_marked_by_one_click(client, carla, left):
    Message.objects.filter(pk=left.pk).update(
        state=State.FAILED, sent_at=None, last_error=f"550 no such person {CORA}"
    )

    page = client.get(left.get_absolute_url()).content.decode()

    assert f"Mark {CORA} as bad" in page
    act(client, "bounce", left, address=CORA, reason="550")
    page = client.get(left.get_absolute_url()).content.decode()
    assert f"Mail does not reach {CORA}" in page
    act(client, "clear", left, address=CORA)
    assert not BadAddress.objects.standing().exists()
    assert act(client, "clear", left, address=CORA).status_code == 409


def test_a_contact_is_marked_and_cleared(client, carla, engagement, left):
    address = reverse("outbox:contact-address", args=[engagement.main_contact.pk])
    assert left.subject in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422

    client.post(address, {"reason": "A call"})
    left.refresh_from_db()
    assert left.state == State.FAILED
    assert "A call" in client.get(address).content.decode()
    client.post(address)

    assert not BadAddress.objects.standing().exists()


def test_a_staff_mail_in_copy_changes_nothing_for_its_reader(client, carla, left):
    Message.objects.filter(pk=left.pk).update(cc=["petra@ps.example"])

    act(client, "bounce", left, address="petra@ps.example", reason="Full")

    left.refresh_from_db()
    assert left.state == State.SENT


def test_mails_to_check_wait_on_my_day(client, carla, engagement):
    draft = MessageFactory(
        engagement=engagement, customer=True, state=State.DRAFT, created_by=carla
    )
    MessageFactory(engagement=engagement, customer=True, state=State.DRAFT)

    assert [item.url for item in mails_to_check(carla, NOW)] == [
        draft.get_absolute_url()
    ]
    assert draft.subject in client.get(reverse("dashboards:my-day")).content.decode()
    assert mails_to_check(UserFactory(), NOW) == []


def test_an_administrator_sends_a_test_mail(client, smtp):
    admin = UserFactory(roles=[Role.ADMINISTRATOR])
    client.force_login(admin)
    outbox = reverse("outbox:message-list")
    assert "Send me a test mail" in client.get(outbox).content.decode()

    response = client.post(reverse("outbox:test-mail"))
    send_due(NOW, limit=10)

    assert smtp.received[0].mail["To"] == admin.email
    assert "Sent" in client.get(response.url).content.decode()


def test_nobody_else_sends_test_mails(client, carla):
    assert client.post(reverse("outbox:test-mail")).status_code == 403
