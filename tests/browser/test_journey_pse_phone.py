"""An engineer between two calls: open My day on a phone, tick two steps, leave."""

import pytest
from playwright.sync_api import expect

from psdelivery.people.choices import Role
from tests.browser.touch import too_small

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "is_mobile": True, "has_touch": True}
QUESTIONS = "Send the discovery questions to the customer"
NOTES = "File the discovery notes"


def row(page, words):
    return page.locator("[data-row]").filter(has_text=words).filter(has_text="Acme")


def open_form(page, words):
    row(page, words).locator("summary").tap()


def toasts(page):
    return page.locator("#notices")


def fits(page):
    width = page.evaluate("document.documentElement.scrollWidth")
    return width <= PHONE["width"]


def test_two_steps_are_ticked_with_evidence_on_a_phone(office, open_as):
    page = open_as(office[Role.PSE], **PHONE)

    page.goto("/")
    assert fits(page)
    open_form(page, QUESTIONS)
    assert too_small(page) == []
    row(page, QUESTIONS).get_by_label("What was done?").fill("Sent the usual ten.")
    row(page, QUESTIONS).get_by_role("button", name="Done").tap()
    expect(toasts(page)).to_contain_text(f"Done: {QUESTIONS}")
    open_form(page, NOTES)
    row(page, NOTES).get_by_label("Evidence: a link").fill("https://docs.example.com/1")
    row(page, NOTES).get_by_role("button", name="Done").tap()
    expect(toasts(page)).to_contain_text(f"Done: {NOTES}")

    assert fits(page)
    assert page.url.endswith("/")
    assert office.step("discovery-questions-sent").note == "Sent the usual ten."
    assert office.step("discovery-notes").evidence.url == "https://docs.example.com/1"


def test_missing_evidence_is_said_in_the_row_and_a_tick_can_be_undone(office, open_as):
    page = open_as(office[Role.PSE], **PHONE)
    page.goto("/")

    open_form(page, NOTES)
    row(page, NOTES).get_by_role("button", name="Done").tap()
    expect(row(page, NOTES).locator(".invalid-feedback").first).to_be_visible()
    row(page, NOTES).get_by_label("Evidence: a link").fill("https://docs.example.com/1")
    row(page, NOTES).get_by_role("button", name="Done").tap()
    page.get_by_role("button", name="Undo").tap()

    expect(toasts(page)).to_contain_text(f"Open again: {NOTES}")
    assert office.step("discovery-notes").is_open


@pytest.mark.full
def test_the_same_works_without_javascript(office, open_as):
    page = open_as(office[Role.PSE], **PHONE, java_script_enabled=False)

    page.goto("/")
    open_form(page, QUESTIONS)
    row(page, QUESTIONS).get_by_label("What was done?").fill("Sent the usual ten.")
    row(page, QUESTIONS).get_by_role("button", name="Done").tap()
    expect(page.locator("h1")).to_have_text("My day")
    open_form(page, NOTES)
    row(page, NOTES).get_by_label("Evidence: a link").fill("https://docs.example.com/1")
    row(page, NOTES).get_by_role("button", name="Done").tap()
    expect(page.locator("h1")).to_have_text("My day")

    expect(row(page, NOTES)).to_have_count(0)
    assert not office.step("discovery-notes").is_open
