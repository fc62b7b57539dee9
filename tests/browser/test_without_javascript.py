"""What the journeys do with JavaScript goes without it too."""

import re

import pytest
from playwright.sync_api import expect

from psdelivery.people.choices import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


@pytest.fixture
def page(office, open_as):
    return open_as(office[Role.COORDINATOR], java_script_enabled=False)


def test_an_engagement_is_registered_with_its_contact(page, office):
    page.goto("/engagements/add/")
    page.get_by_label(re.compile(r"^\s*Customer\*")).select_option("Acme")
    page.get_by_label("Title").fill("Migration")
    page.get_by_role("button", name="Show the contacts").click()
    expect(page.get_by_label("Title")).to_have_value("Migration")
    page.get_by_label("Main contact").select_option("Sheila Ward")
    page.get_by_role("button", name="Register the engagement").click()

    expect(page.locator("h1")).to_contain_text("Acme · Migration")


def test_a_refused_move_says_why_and_leads_to_the_cure(page, office):
    page.goto(office.fresh.get_absolute_url())
    page.get_by_role("button", name="Move to Prospect").click()
    expect(page.locator("main")).to_contain_text("opportunity is missing")
    page.get_by_role("link", name="Edit the intake").first.click()
    page.get_by_label("Link to the opportunity").fill("https://crm.example.com/2")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Move to Prospect").click()

    expect(page.locator("h1")).to_contain_text("Prospect")


def test_a_list_is_filtered_and_a_tick_undone(page, office):
    page.goto("/steps/")
    page.get_by_label("When").select_option("late")
    page.get_by_label("Mine only").check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("when=late"))
    rows = page.locator("[data-row]")
    before = rows.count()
    rows.locator("[data-row-tick]").first.click()
    expect(rows).to_have_count(before - 1)
    page.get_by_role("button", name="Undo").click()
    page.goto("/steps/?when=late&mine=on")

    expect(rows).to_have_count(before)
