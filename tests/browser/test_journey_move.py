# ruff: noqa: F811
"""A class moves by a month: seen first, exempted, undone; then a mail has left."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from psdelivery import clock
from psdelivery.outbox.services import send_due
from psdelivery.people.choices import Role
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from tests.factories.engagements import open_gate
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory
from tests.factories.training import SYDNEY, make_engagement, plan_class, team_of
from tests.outbox.conftest import sink, smtp  # noqa: F401
from tests.training.settled import settle
from training.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2027, 2, 1, 9, 30, tzinfo=UTC)
PHONE = {"width": 390, "is_mobile": True, "has_touch": True}
URL = "https://zoom.example.com/register/1"
LINK = "Send the registration link to the main contact"


@pytest.fixture
def trainer(db):
    return UserFactory(roles=[Role.TRAINER])


@pytest.fixture
def delivery(shipped, clock_at, trainer):
    clock_at(NOW)
    customer = CustomerFactory(name="Acme", zone=SYDNEY, country="AU")
    engagement = make_engagement(
        customer=customer,
        main_contact=ContactFactory(customer=customer, email="jane@acme.example"),
        team=team_of(tc=UserFactory(roles=[Role.COORDINATOR]), trainer=trainer),
    )
    # No mail promises dates before the gate is open.
    open_gate(engagement)
    delivery = plan_class(engagement, trainer=trainer, registration_url=URL)
    settle(delivery, 12, 5)
    return delivery


def starts():
    return [s.starts_at for s in Delivery.objects.get().sessions.all()]


def dates():
    return dict(Step.objects.filter(again=0).values_list("pk", "due_at"))


def ask(page, delivery):
    """Fill in the form of a move, and look at what moves."""
    page.goto(delivery.get_absolute_url())
    page.get_by_role("link", name="Move the class").click()
    page.get_by_label("By how many days?").fill("30")
    page.get_by_label("Caused by").select_option("customer")
    page.get_by_label("Why?").fill("They asked for May")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.get_by_role("heading", name="What moves with it")).to_be_visible()


def tell_the_customer(page, step):
    """Send what came back to be sent again: it really leaves."""
    page.goto(step.get_absolute_url())
    page.get_by_role("button", name="Prepare the mail").click()
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator("h1")).to_contain_text("Ready to leave")
    send_due(clock.now(), limit=10)


def test_r20_a_class_moves_by_a_month_and_back_and_then_a_mail_has_left(
    delivery, trainer, open_as, smtp
):
    page = open_as(UserFactory(roles=[Role.COORDINATOR]))
    sessions, before = starts(), dates()

    ask(page, delivery)
    expect(page.get_by_role("heading", name="12 open steps move")).to_be_visible()
    expect(page.get_by_role("link", name=f"Re-send: {LINK}")).to_be_visible()
    expect(page.get_by_text("4 steps stay as they are")).to_be_visible()
    assert starts() == sessions

    boxes = page.get_by_role("checkbox", name="Keep its date")
    for number in range(2):
        boxes.nth(number).check()
    page.get_by_role("button", name="Move the class").click()

    expect(page.locator("#notices")).to_contain_text("10 open steps moved")
    assert starts()[0] == sessions[0] + timedelta(days=30)
    assert len([pk for pk, due in dates().items() if due != before[pk]]) == 10
    again = Step.objects.get(again=1)
    assert again.state == StepState.OPEN

    phone = open_as(trainer, **PHONE)
    phone.goto(delivery.get_absolute_url())
    expect(phone.get_by_role("button", name="Undo the move")).to_be_visible()
    expect(phone.get_by_text("Undo until 10:40.")).to_be_visible()
    phone.get_by_role("link", name="What moved").tap()
    expect(phone.get_by_role("link", name=f"Re-send: {LINK}")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    page.get_by_role("button", name="Undo the move").click()
    expect(page.locator("#notices")).to_contain_text("The move is undone")
    assert (starts(), dates()) == (sessions, before)
    again.refresh_from_db()
    assert again.state == StepState.CANCELLED

    ask(page, delivery)
    page.get_by_role("button", name="Move the class").click()
    expect(page.get_by_role("button", name="Undo the move")).to_be_visible()
    tell_the_customer(page, Step.objects.get(again=2))
    (letter,) = smtp.received
    assert letter.mail["To"] == "jane@acme.example"
    assert URL in letter.text

    page.goto(delivery.get_absolute_url())
    page.get_by_role("button", name="Undo the move").click()
    expect(page.get_by_text("This move cannot be undone")).to_be_visible()
    told = f"“{letter.mail['Subject']}” left to jane@acme.example already"
    expect(page.get_by_text(told)).to_be_visible()
    assert starts()[0] == sessions[0] + timedelta(days=30)
