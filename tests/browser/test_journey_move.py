"""A class moves by a month: seen first, exempted, undone; then a mail has left."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from psdelivery.outbox.choices import State
from psdelivery.people.choices import Role
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory
from tests.factories.training import make_engagement, plan_class, team_of
from tests.training.settled import settle
from training.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2027, 2, 1, 9, 30, tzinfo=UTC)
PHONE = {"width": 390, "is_mobile": True, "has_touch": True}
LINK = "Send the registration link to the main contact"


@pytest.fixture
def trainer(db):
    return UserFactory(roles=[Role.TRAINER])


@pytest.fixture
def delivery(shipped, clock_at, trainer):
    clock_at(NOW)
    engagement = make_engagement(team=team_of(trainer=trainer))
    delivery = plan_class(engagement, trainer=trainer)
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


def test_r20_a_class_moves_by_a_month_and_back_and_then_a_mail_has_left(
    delivery, trainer, open_as
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
    MessageFactory(
        step=Step.objects.get(again=2),
        subject="Welcome to PS",
        to=["jane@acme.example"],
        state=State.SENT,
        sent_at=NOW + timedelta(minutes=5),
        created_at=NOW + timedelta(minutes=4),
    )
    page.get_by_role("button", name="Undo the move").click()
    expect(
        page.get_by_text("“Welcome to PS” left to jane@acme.example")
    ).to_be_visible()
    assert starts()[0] == sessions[0] + timedelta(days=30)
