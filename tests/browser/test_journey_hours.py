"""A week of hours: confirmed by one click, corrected by keyboard, approved once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from psdelivery.people.choices import Role
from scheduling.models import HoursPart


@pytest.mark.django_db(transaction=True)
def test_a_week_from_one_click_to_its_approval(office, open_as):
    week = office.planning.hours.week
    page = open_as(office[Role.COORDINATOR])
    page.goto(week.get_absolute_url())
    page.get_by_role("button", name="Confirm as planned").click()
    expect(page.get_by_text("Confirmed: Week to Fri 5 Mar 2027.")).to_be_visible()

    # Monday an hour and a half, Tuesday nothing: without a mouse.
    page.locator("input[data-day='20270301']").first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("1,5")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    expect(page.locator("[data-sum-all]")).to_have_text("7.5")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row='extra'][data-day='20270302']")).to_be_focused()
    page.get_by_role("button", name="Confirm again").click()
    expect(page.get_by_text("Confirmed: Week to Fri 5 Mar 2027.")).to_be_visible()

    part = HoursPart.objects.get(week=week)
    address = reverse("scheduling:hours-approval-list")
    leader = open_as(office[Role.LEADERSHIP])
    leader.goto(f"{address}?show=all")
    expect(leader.locator(f"#part-{part.pk}")).to_contain_text("−0.5")  # noqa: RUF001
    pm = open_as(office[Role.PM])
    pm.goto(address)
    pm.locator(f"#part-{part.pk} button").click()
    expect(pm.get_by_text("1 approved.")).to_be_visible()

    leader.locator(f"#part-{part.pk} button").click()
    told = "has approved these hours already"
    expect(leader.get_by_text(told).first).to_be_visible()
