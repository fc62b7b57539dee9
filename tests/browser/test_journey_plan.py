"""From the kickoff to a deliverable that the customer accepted."""

import re

import pytest
from playwright.sync_api import expect

from engagements.execution.models import Deliverable
from psdelivery.livetext.models import LiveText
from psdelivery.people.choices import Role
from tests.factories.plan import KitItemFactory

pytestmark = pytest.mark.django_db(transaction=True)


def tab(office, name):
    return f"{office.active.get_absolute_url()}{name}/"


def prepare_the_kickoff(page, office):
    """From its step to the sheet, which begins with what is known."""
    page.goto(office.step("kickoff-prepared").get_absolute_url())
    page.get_by_role("link", name="Agenda, invitation and links").click()
    page.get_by_role("button", name="Prepare it now").click()
    expect(page.locator("#id-live-agenda")).to_have_value(re.compile("^1. Welcome"))
    expect(page.locator("#id-live-outcomes-1-outcome")).to_have_value(
        "Releases every week"
    )
    page.locator("#id-live-outcomes-1-said").fill("Yes, from May on.")
    # To the end: what is typed is saved when the field is left.
    with page.expect_response(lambda answer: "/live/" in answer.url and answer.ok):
        page.locator("h1").click()


def take_the_template(page, office):
    page.goto(tab(office, "plan"))
    page.get_by_role("button", name="Take the template").click()
    expect(page.locator("#raci")).to_contain_text("Scope, and changes to it")
    page.get_by_role("link", name="Add a risk").click()
    page.get_by_label("What can happen?").fill("Nobody has access")
    page.get_by_label("Priority").select_option("high")
    page.get_by_label("Impact on").select_option("timeline")
    page.get_by_role("button", name="Add the risk").click()
    expect(page.locator("#risks")).to_contain_text("Missing: owner, mitigation")


def take_the_kit(page, office):
    page.goto(tab(office, "deliverables"))
    page.get_by_role("button", name="Take the kit over").click()
    expect(page.locator("#deliverables")).to_contain_text("Migration plan")
    expect(page.get_by_role("button", name="Take the kit over")).to_have_count(0)


def deliver(page):
    page.get_by_role("link", name="Migration plan").first.click()
    page.get_by_role("button", name="Let it be reviewed").click()
    expect(page.locator("main")).to_contain_text("There is no version yet")
    page.get_by_role("link", name="Add a version").click()
    add_version(page)


def add_version(page):
    page.get_by_label("Link", exact=True).fill("https://docs.example/plan")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("button", name="Let it be reviewed").click()
    page.get_by_role("button", name="It is delivered").click()


def hear_the_customer(page, outcome, words):
    page.get_by_role("link", name="Record what the customer said").click()
    page.get_by_label(outcome, exact=True).check()
    page.get_by_label("In their words").fill(words)
    page.get_by_role("button", name="Record it").click()


def test_from_the_kickoff_to_what_the_customer_accepted(office, open_as):
    criteria = "- Every wave has a day"
    KitItemFactory(
        offering=office.offering, title="Migration plan", acceptance_criteria=criteria
    )
    page = open_as(office[Role.PM])

    prepare_the_kickoff(page, office)
    take_the_template(page, office)
    take_the_kit(page, office)
    deliver(page)
    hear_the_customer(page, "rejected", "No way back is named.")
    expect(page.locator("#versions")).to_contain_text("No way back is named.")
    page.get_by_role("link", name="Add a version").click()
    add_version(page)
    hear_the_customer(page, "accepted", "Fine now.")
    expect(page.locator("h1")).to_contain_text("accepted")
    said = LiveText.objects.get(
        sheet=office.active.kickoff.sheet, key="outcomes-1-said"
    )
    assert said.text == "Yes, from May on."
    assert (
        not Deliverable.objects.get(title="Migration plan")
        .versions.get(number=1)
        .document.is_current
    )
