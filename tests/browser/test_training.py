"""The pages of training as people look at them: readable, and usable by hand."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from psdelivery.people.choices import Role
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks
from tests.factories.training import (
    CourseFactory,
    make_engagement,
    plan_class,
    submit,
)
from training.models import Delivery

pytestmark = pytest.mark.django_db(transaction=True)
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.fixture
def delivery(transactional_db):
    ship_playbooks()
    delivery = plan_class(make_engagement(), trainer=UserFactory(roles=[Role.TRAINER]))
    submit(delivery)
    return delivery


def enter(context, address, **traits):
    roles = [Role.COORDINATOR, Role.PRACTICE_MANAGER]
    client = Client()
    client.force_login(UserFactory(roles=roles, **traits))
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])


def faults(page):
    found = Axe().run(page, options=WCAG).response["violations"]
    return [(page.url, fault["id"], fault["nodes"][0]["html"]) for fault in found]


def pages_of(delivery):
    session, submission = delivery.sessions.first(), delivery.submissions.get()
    add = reverse("training:delivery-add", args=[delivery.engagement_id])
    yield from (add, f"{add}?course={delivery.course_id}")
    for name in ("delivery-list", "submission-list", "course-list", "course-add"):
        yield reverse(f"training:{name}")
    for name in ("detail", "edit", "move", "link", "trainer", "cancel"):
        yield reverse(f"training:delivery-{name}", args=[delivery.pk])
    yield reverse("training:session-edit", args=[session.pk])
    yield reverse("training:session-remove", args=[session.pk])
    yield reverse("training:submission-add", args=[delivery.pk])
    yield reverse("training:submission-detail", args=[submission.pk])
    yield f"/engagements/{delivery.engagement_id}/training/"


@pytest.mark.full
@pytest.mark.parametrize(
    ("theme", "width"),
    [("dark", 390), ("light", 390), ("light", 1280), ("dark", 1280)],
)
def test_pages_are_accessible_and_fit(page, live_server, delivery, theme, width):
    enter(page.context, live_server.url, theme=theme)
    page.set_viewport_size({"width": width, "height": 844})

    found = []
    for address in pages_of(delivery):
        assert page.goto(address).status == 200, address
        found += faults(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((address, "scrolls sideways"))

    assert found == []


@pytest.mark.full
def test_a_class_is_entered_and_moved_without_javascript(
    browser, live_server, delivery
):
    CourseFactory(title="Git again", session_count=1)
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    enter(context, live_server.url)
    page = context.new_page()

    page.goto(reverse("training:delivery-add", args=[delivery.engagement_id]))
    page.get_by_role("link", name="Git again").click()
    page.get_by_role("button", name="Add more sessions").click()
    for row, day in enumerate(["2027-05-04", "2027-05-04", "2027-05-05"]):
        page.locator(f"[name=sessions-{row}-day]").fill(day)
    page.get_by_label("Title of the class").press("Enter")
    expect(page.get_by_text("Another session of this class")).to_be_visible()
    page.locator("[name=sessions-1-day]").fill("2027-05-06")
    page.get_by_label("Title of the class").press("Enter")
    page.get_by_role("link", name="Move the class").click()
    page.get_by_label("Or: the new first day").fill("2027-05-11")
    page.get_by_label("Caused by").select_option("customer")
    page.get_by_label("Why?").fill("Customer asked")
    page.get_by_role("button", name="Show what moves").click()
    expect(page.locator("#what-moves")).to_contain_text("open steps move")
    again = Delivery.objects.get(title="Git again")
    first = again.sessions.first()
    page.get_by_role("button", name="Move the class").click()

    expect(page.get_by_text("The class is 7 days later now.")).to_be_visible()
    expect(page.locator("#notices")).to_contain_text("open steps moved")
    moved = again.sessions.get(pk=first.pk)
    assert moved.starts_at - first.starts_at == timedelta(days=7)
    assert again.sessions.count() == 3
    context.close()
