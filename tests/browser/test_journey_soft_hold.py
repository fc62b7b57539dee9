"""A soft hold that its requester extends once, and that then ends by itself (R-8)."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.services.reminders import scan_reminders
from scheduling.models import CapacityDay
from scheduling.services.bookings import place
from scheduling.tasks import look as look_at_the_schedule
from tests.browser.test_axe import look
from tests.factories.engagements import registered
from tests.factories.people import (
    CustomerFactory,
    PracticeFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.scheduling import asked_for, wanted, workdays
from tests.told import told_of

pytestmark = pytest.mark.django_db(transaction=True)

# Mon 1 March 2027, 10:00 in Berlin; the week held begins on Mon 12 April.
PLACED = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
WEEK = (date(2027, 4, 12), date(2027, 4, 16))


@pytest.fixture
def office(shipped, clock_at):
    clock_at(PLACED)
    place_of_work = {"region": RegionFactory(), "practice": PracticeFactory()}

    def person(name, role):
        return UserFactory(
            first_name=name, last_name="Graf", roles=[role], **place_of_work
        )

    carla, paul = person("Carla", Role.COORDINATOR), person("Paul", Role.PM)
    ann = person("Ann", Role.PSE)
    work = registered(
        title="Roll-out",
        customer=CustomerFactory(name="Acme", zone="Europe/Berlin", country=""),
        team=[(EngagementRole.PM, paul), (EngagementRole.PC, carla)],
        opportunity_stage=5,
        forecast_category="commit",
        by=carla,
        now=PLACED,
        **place_of_work,
    )
    asked = asked_for(work, state="booked", requested_by=paul, days=[WEEK])
    week = workdays(WEEK[0])
    hold = place(wanted(ann, work, days=week, request=asked), by=carla, now=PLACED)
    return {"carla": carla, "paul": paul, "asked": asked, "hold": hold}


@pytest.fixture
def days_later(clock_at):
    """Let so many days pass since the placing, and the portal look around."""

    def pass_by(days):
        now = PLACED + timedelta(days=days)
        clock_at(now)
        look_at_the_schedule()
        scan_reminders(now=now)

    return pass_by


def told(paul, start):
    found = told_of(start, "soft-hold")
    return sum(one.to == [paul.email] for one in found)


def is_held():
    days = CapacityDay.objects.filter(day__range=WEEK, soft__gt=0)
    return days.count() == 5


def see_the_warning(page):
    """My day names the hold that ends, and leads to where it is decided."""
    page.goto("/")
    page.locator(".row-title").filter(has_text="The soft hold ends: Ann Graf").click()
    page.get_by_role("link", name="Open what it is about").click()


def extend(page):
    """Not without a reason; then for two weeks from the end that it had."""
    expect(page.locator("h1")).to_have_text("Soft hold of Ann Graf")
    assert look(page, [page.url]) == []
    page.get_by_role("button", name="Extend").click()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    page.get_by_label("Why?").fill("The signature comes on Friday")
    page.get_by_role("button", name="Extend").click()
    expect(page.locator("#notices")).to_contain_text("Mon 29 Mar 2027")


def see_that_nobody_asks(page):
    page.goto("/")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("The soft hold ends")


def see_the_days_free(page, asked):
    """The request is coordination's again, and its week is Ann's to give."""
    page.goto("/")
    page.locator(".row-title").filter(has_text="Answer the request").click()
    page.get_by_role("link", name="Open what it is about").click()
    expect(page).to_have_url(re.compile(f"{asked.get_absolute_url()}$"))
    expect(page.locator("h1")).to_contain_text("Under review")
    could = page.locator("#candidates").get_by_role("listitem")
    expect(could.filter(has_text="Ann Graf")).to_contain_text("5 of 5 days free")


def test_r8_a_hold_is_warned_about_extended_once_and_ends(office, days_later, open_as):
    page, hold, paul = open_as(office["paul"]), office["hold"], office["paul"]

    days_later(10)
    see_that_nobody_asks(page)
    days_later(11)
    assert told(paul, "A soft hold ends soon") == 1
    see_the_warning(page)
    extend(page)
    see_that_nobody_asks(page)

    # Its first end passes by; three days before the second one he is asked again.
    days_later(14.5)
    assert is_held()
    days_later(25)
    assert told(paul, "A soft hold ends soon") == 2
    for days in (28.1, 29, 30):
        days_later(days)

    assert not is_held()
    assert told(paul, "The soft hold has ended") == 1
    see_that_nobody_asks(page)
    page.goto(hold.get_absolute_url())
    expect(page.locator("main")).to_contain_text("The signature comes on Friday")
    page.goto(f"{hold.get_absolute_url()}extend/")
    expect(page.locator("main")).to_contain_text("This is no soft hold any more.")
    see_the_days_free(open_as(office["carla"]), office["asked"])
