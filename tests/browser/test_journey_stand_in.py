"""The trainer is ill this morning: somebody else gives the class in the afternoon."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step
from scheduling.choices import Hold
from scheduling.models import Allocation
from tests.browser.office import NOW
from tests.browser.test_axe import look
from tests.factories.people import UserFactory
from tests.factories.scheduling import booked

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = NOW.date()
CLASS_DAYS = (TODAY, TODAY + timedelta(days=1))


@pytest.fixture
def toni(office):
    """Another trainer of the place, in whose zone it is morning too."""
    trainer = office[Role.TRAINER]
    return UserFactory(
        first_name="Toni",
        last_name="Able",
        roles=[Role.TRAINER],
        zone=trainer.zone,
        region=trainer.region,
        practice=trainer.practice,
    )


@pytest.fixture
def prepare(office, toni):
    """The trainer is booked for both days of the class, and owes a step today."""
    trainer, coordinator = office[Role.TRAINER], office[Role.COORDINATOR]
    booked(
        trainer,
        office.active,
        hold=Hold.HARD,
        role=EngagementRole.TRAINER,
        days=dict.fromkeys(CLASS_DAYS, 4),
        by=coordinator,
        now=NOW,
    )
    step = AdHocStep(title="Print the sheets", assignee=trainer, due_day=TODAY)
    return add_step(office.active.checklist, step, by=coordinator, now=NOW)


def enter_the_illness(page, trainer):
    page.goto("/schedule/conflicts/")
    page.get_by_role("link", name="Somebody is ill").click()
    assert look(page, [page.url]) == []
    page.get_by_label("Who is ill").select_option(str(trainer.pk))
    # Today is filled in; it will take until tomorrow.
    expect(page.get_by_label("First day")).to_have_value(TODAY.isoformat())
    page.get_by_label("Last day").fill(CLASS_DAYS[1].isoformat())
    page.get_by_role("button", name="Enter it and find a stand-in").click()
    expect(page.locator("#notices")).to_contain_text("The illness is entered.")


def let_stand_in(page, trainer, toni):
    page.locator("main tbody").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text(f"{trainer.display_name} cannot work")
    assert look(page, [page.url]) == []
    page.get_by_role("radio", name="Toni Able").check()
    why = page.locator("#stand-in").get_by_label("Why?")
    why.fill(f"{trainer.display_name} is ill")
    page.get_by_role("button", name="Let them stand in").click()
    notice = page.locator("#notices")
    expect(notice).to_contain_text("Toni Able takes the days")
    expect(notice).to_contain_text("The mail to the customer is drafted.")


def see_the_afternoon(page):
    """Session, booking and step stand on the day of who came in."""
    page.goto("/")
    today = page.locator(".panel").filter(has_text="Sessions today")
    expect(today).to_contain_text("Wed 3 Mar 2027, 14:00 CET")
    expect(page.locator("#bookings")).to_contain_text("Roll-out")
    rows = page.locator("[data-row]").filter(has_text="Print the sheets")
    expect(rows).to_have_count(1)
    today.get_by_role("link", name="Git basics, spring").click()
    expect(page.locator("h1")).to_contain_text("Git basics, spring")


def test_a_stand_in_takes_class_booking_and_steps(office, toni, prepare, open_as):
    trainer, page = office[Role.TRAINER], open_as(office[Role.COORDINATOR])

    enter_the_illness(page, trainer)
    let_stand_in(page, trainer, toni)

    [now_booked] = Allocation.objects.active().filter(person=toni)
    days = now_booked.days.order_by("day").values_list("day", flat=True)
    assert (now_booked.hold, tuple(days)) == (Hold.HARD, CLASS_DAYS)
    office.delivery.refresh_from_db()
    assert office.delivery.trainer == toni
    of_class = Step.objects.open().filter(checklist=office.delivery.checklist)
    assert not of_class.filter(assignee=trainer).exists()
    prepare.refresh_from_db()
    assert prepare.assignee == toni

    see_the_afternoon(open_as(toni, width=390))

    # The mail waits for the coordinator's click.
    draft = Message.objects.get(kind="stand-in")
    assert draft.state == "draft"
    page.goto(draft.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Toni Able")
