"""A project manager asks for an engineer, a coordinator books, the engineer sees it."""

import pytest
from playwright.sync_api import expect

from psdelivery.people.choices import Role
from scheduling.choices import RequestState
from scheduling.models import Allocation, ResourceRequest
from tests.browser.test_axe import look

pytestmark = pytest.mark.django_db(transaction=True)


def ask(page, engagement):
    """Ask for an engineer in a week of March, from the page of the engagement."""
    page.goto(f"{engagement.get_absolute_url()}schedule/")
    page.get_by_role("link", name="Ask for people").click()
    page.get_by_label("Role").select_option("pse")
    page.get_by_label("Soft or hard").select_option("hard")
    page.get_by_label("From").first.fill("2027-03-22")
    page.get_by_label("To").first.fill("2027-03-26")
    page.get_by_label("Or: hours in total").fill("20")
    page.get_by_role("button", name="Send the request").click()


def test_a_request_is_asked_for_booked_and_seen(own_connections, office, open_as):
    manager = open_as(office[Role.PM])
    ask(manager, office.active)
    expect(manager.get_by_role("heading", name="Next:")).to_contain_text(
        "coordination answers"
    )
    asked = ResourceRequest.objects.latest("pk")

    coordinator = open_as(office[Role.COORDINATOR])
    coordinator.goto("/schedule/requests/")
    coordinator.locator(f"#request-{asked.pk}").get_by_role("link").first.click()
    coordinator.get_by_role("button", name="I take it").click()
    coordinator.get_by_role("link", name="Book …").click()
    engineer = office[Role.PSE]
    coordinator.get_by_label("Person", exact=True).select_option(str(engineer.pk))
    coordinator.get_by_role("button", name="Look at the days first").click()
    expect(coordinator.locator("#plan")).to_contain_text("The days: 20 hours")
    coordinator.get_by_role("button", name="Book it", exact=True).last.click()
    expect(coordinator.get_by_text(f"Booked: {engineer}")).to_be_visible()
    # The engineer is held softly that week already: booked all the same, and told.
    expect(coordinator.get_by_text("also booked: Acme")).to_have_count(5)

    asked.refresh_from_db()
    booking = Allocation.objects.get(request=asked)
    assert asked.state == RequestState.BOOKED
    assert (booking.person, booking.hours) == (engineer, 20)

    own_day = open_as(engineer, width=390)
    own_day.goto("/")
    booked = own_day.locator("#bookings")
    expect(booked).to_contain_text("Roll-out")
    booked.get_by_role("link").last.click()
    expect(own_day.get_by_role("heading", level=1)).to_contain_text(str(engineer))

    manager.reload()
    expect(manager.get_by_role("heading", level=1)).to_contain_text("Booked")


def test_the_second_coordinator_is_told_by_name(own_connections, office, open_as):
    page = open_as(office[Role.COORDINATOR])
    other = open_as(office[Role.COORDINATOR])
    asked = office.planning.asked
    for one in (page, other):
        one.goto(f"{asked.get_absolute_url()}refuse/")
        one.get_by_label("Why is it refused?").fill("Nobody is free.")

    page.get_by_role("button", name="Refuse it").click()
    expect(page.get_by_text("Refused:")).to_be_visible()
    other.get_by_role("button", name="Refuse it").click()

    expect(other.get_by_text("refused a resource request meanwhile")).to_be_visible()


@pytest.mark.full
def test_its_pages_are_accessible(office, open_as):
    page = open_as(office[Role.COORDINATOR])
    asked, booking = office.planning.asked, office.planning.booking
    add = f"/schedule/requests/add/?kind=engagement&engagement={office.active.pk}"
    pages = [
        "/schedule/requests/",
        "/schedule/requests/add/",
        add,
        asked.get_absolute_url(),
        f"{asked.get_absolute_url()}book/?person={office[Role.TRAINER].pk}",
        booking.get_absolute_url(),
        f"{booking.get_absolute_url()}edit/",
        f"{booking.get_absolute_url()}release/",
        f"{office.active.get_absolute_url()}schedule/",
    ]

    assert look(page, pages) == []
