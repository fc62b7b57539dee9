"""The roster of a class as its coordinator works on it, by hand and by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from psdelivery.people.choices import Role
from tests.factories.people import PracticeFactory, RegionFactory, UserFactory
from tests.factories.training import make_engagement, plan_class, team_of
from tests.training import zoom_reports
from tests.training.test_roster_services import AFTER, hold, take
from training.models import Attendance, Attendee
from training.services.parking_lot import park_question

pytestmark = pytest.mark.django_db(transaction=True)
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PHONE = 390


@pytest.fixture
def coordinator(shipped):
    place = {"region": RegionFactory(), "practice": PracticeFactory()}
    return UserFactory(roles=[Role.COORDINATOR], zone="Australia/Sydney", **place)


@pytest.fixture
def delivery(coordinator, clock_at):
    """A class held on Tue 6 April 2027, with its registrations, two days later."""
    clock_at(AFTER)
    place = {"region": coordinator.region, "practice": coordinator.practice}
    engagement = make_engagement(team=team_of(tc=coordinator), by=coordinator, **place)
    delivery = plan_class(
        engagement, days=1, trainer=UserFactory(roles=[Role.TRAINER]), by=coordinator
    )
    take(delivery, zoom_reports.REGISTRATION, by=coordinator)
    hold(delivery)
    return delivery


def roster(delivery):
    return f"{delivery.get_absolute_url()}roster/"


def faults(page):
    found = Axe().run(page, options=WCAG).response["violations"]
    return [(page.url, fault["id"], fault["nodes"][0]["html"]) for fault in found]


def choose(page, text):
    file = {
        "name": "participants_912.csv",
        "mimeType": "text/csv",
        "buffer": text.encode("utf-16"),
    }
    page.locator("#id_report").set_input_files(file)
    page.get_by_role("button", name="Import").click()


def test_from_the_report_to_finance_by_hand(open_as, coordinator, delivery):
    page = open_as(coordinator)
    page.goto(roster(delivery))
    page.get_by_role("link", name="Import a report").first.click()
    choose(page, zoom_reports.POLL)
    expect(page.locator("#div_id_report")).to_contain_text("Poll Report")
    choose(page, zoom_reports.MEETING)

    expect(page.get_by_role("heading", level=1)).to_have_text("Who is who")
    # The keyboard alone: the first choice of the first row, then Enter.
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(page.get_by_role("row", name="Jane Doe")).to_contain_text("240 min")
    expect(page.get_by_role("row", name="Jörg Müller")).to_contain_text("no-show")
    page.get_by_role("button", name="Hand the roster in").click()
    expect(page.locator("#hand-in")).to_contain_text("handed in")
    assert Attendance.objects.get(attendee__name="Jane Doe").minutes == 240


@pytest.mark.full
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (PHONE, "dark")])
def test_pages_of_the_roster_read_well(open_as, coordinator, delivery, width, scheme):
    session = delivery.sessions.get()
    report = take(
        delivery, zoom_reports.MEETING, by=coordinator, session=session, now=AFTER
    )
    question = park_question(delivery, "Why?", "Jane", by=coordinator, now=AFTER)
    page = open_as(coordinator, width=width, color_scheme=scheme)
    jane = Attendee.objects.get(name="Jane Doe")

    for address in (
        delivery.get_absolute_url(),
        roster(delivery),
        f"{roster(delivery)}import/",
        f"{roster(delivery)}reports/{report.pk}/",
        f"{roster(delivery)}add/",
        f"{roster(delivery)}count/",
        f"{roster(delivery)}seats/",
        f"{roster(delivery)}links/",
        f"{roster(delivery)}survey/",
        f"/training/attendees/{jane.pk}/edit/",
        f"/training/sessions/{session.pk}/attendance/",
        f"/training/parked/{question.pk}/answer/",
        f"/training/parked/{question.pk}/step/",
    ):
        page.goto(address)
        assert faults(page) == []
        shown = page.evaluate("document.documentElement.scrollWidth")
        assert shown <= width, address
