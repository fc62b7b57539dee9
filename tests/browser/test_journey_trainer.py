"""A trainer on a phone: today's session, and a submission that is released."""

import pytest
from playwright.sync_api import expect

from psdelivery.people.choices import Role

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_day_leads_to_the_session_and_the_review(office, open_as):
    page = open_as(office[Role.TRAINER], width=390, is_mobile=True, has_touch=True)

    page.goto("/")
    today = page.locator(".panel").filter(has_text="Sessions today")
    expect(today).to_contain_text("Wed 3 Mar 2027, 14:00 CET")
    today.get_by_role("link", name="Git basics, spring").tap()
    expect(page.locator("h1")).to_contain_text("Git basics, spring")
    expect(page.locator("main")).to_contain_text("Wed 3 Mar 2027, 14:00 CET")

    page.get_by_role("link", name="Ada Byron").tap()
    expect(page.locator("aside")).to_contain_text("Fri 5 Mar 2027, 10:00 CET")
    page.get_by_label("Points for “Line 1”").fill("60")
    page.get_by_role("button", name="Release and mail the result").tap()
    expect(page.locator(".invalid-feedback").first).to_contain_text("Not marked yet")
    page.get_by_label("Points for “Line 2”").fill("30")
    page.get_by_role("button", name="Release and mail the result").tap()

    expect(page.locator(".toast-text")).to_contain_text("passed with 90 %")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(office.submission.get_absolute_url())
    expect(page.locator("h1")).to_contain_text("passed")
    office.submission.refresh_from_db()
    assert office.submission.score == 90
    assert not office.submission.checklist.steps.get().is_open
