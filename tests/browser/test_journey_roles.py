"""One short path for each of the other roles, and one without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from engagements.choices import Status
from engagements.models import Engagement
from psdelivery.people.choices import Role
from psdelivery.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def toasts(page):
    return page.locator("#notices")


def row(page, words):
    return page.locator("[data-row]").filter(has_text=words).first


def test_pm_ticks_a_step_and_puts_the_work_on_hold(office, open_as):
    page = open_as(office[Role.PM])
    page.goto("/")
    page.get_by_role("link", name="Acme · Roll-out").first.click()

    page.get_by_role("link", name="Checklist", exact=True).click()
    row(page, "Plan deliverables").locator("[data-row-tick]").click()
    expect(toasts(page)).to_contain_text("Done: Plan deliverables")
    page.locator(".page-actions summary").click()
    page.get_by_role("link", name="Put on hold").click()
    page.get_by_role("button", name="Put on hold").click()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    page.get_by_label("Reason").fill("Their budget is frozen")
    page.get_by_role("button", name="Put on hold").click()
    expect(page.locator("main")).to_contain_text("No reminder leaves")

    page.get_by_role("link", name="Resume").first.click()
    page.get_by_label("Reason").fill("It goes on")
    # It paused for no whole day, so nothing moves and nothing is asked again.
    page.get_by_role("button", name="Show what moves").click()
    expect(page.locator("h1")).to_contain_text("Active")


@pytest.mark.full
def test_em_registers_an_engagement_that_is_theirs(office, open_as):
    page = open_as(office[Role.EM])

    page.goto("/engagements/add/")
    page.get_by_label(re.compile(r"^\s*Customer\*")).select_option("Acme")
    page.get_by_label("Title").fill("Migration")
    page.get_by_label("Value").fill("120000")
    page.get_by_role("button", name="Register the engagement").click()
    expect(page.locator(".invalid-feedback")).to_contain_text("currency")
    expect(page.get_by_label("Title")).to_have_value("Migration")
    page.get_by_label("Currency").select_option("EUR")
    page.get_by_role("button", name="Register the engagement").click()

    expect(page.locator("h1")).to_contain_text("Acme · Migration")
    found = Engagement.objects.get(title="Migration")
    assert found.team.get(role="em").person == office[Role.EM]


@pytest.mark.full
def test_account_team_answers_its_own_step(office, open_as):
    page = open_as(office[Role.ACCOUNT])

    page.goto("/")
    mine = row(page, "Note the growth potential")
    mine.locator("summary").click()
    mine.get_by_label("What was done?").fill("Two more teams next year.")
    mine.get_by_role("button", name="Done").click()

    expect(toasts(page)).to_contain_text("Done: Note the growth potential")
    assert not office.step("handoff-growth").is_open
    page.get_by_role("link", name="Acme · Roll-out").first.click()
    expect(page.get_by_role("link", name="Edit the intake")).to_have_count(0)


def test_finance_completes_what_is_closed(office, open_as):
    page = open_as(office[Role.FINANCE])

    page.goto(office.closed.get_absolute_url())
    page.get_by_role("button", name="Complete").click()
    refusal = page.locator("#refusal")
    expect(refusal).to_contain_text("“Release the revenue” must be done")
    refusal.get_by_role("link", name="Open the step").click()
    page.get_by_role("button", name="Done").click()
    page.goto(office.closed.get_absolute_url())
    page.get_by_role("button", name="Complete").click()

    expect(page.locator("h1")).to_contain_text("Completed")
    office.closed.refresh_from_db()
    assert office.closed.status == Status.COMPLETED


@pytest.mark.full
def test_leader_looks_from_the_portfolio_at_the_money(office, open_as):
    page = open_as(office[Role.LEADERSHIP])

    page.goto("/portfolio/")
    page.get_by_role("link", name="open engagements").click()
    page.get_by_role("link", name="Acme · Roll-out").click()
    page.get_by_role("link", name="Money").click()

    expect(page.locator("main")).to_contain_text("EUR")
    expect(page.get_by_role("link", name="Edit the intake")).to_have_count(0)


@pytest.mark.full
def test_admin_adds_a_person_and_changes_a_setting(office, open_as):
    page = open_as(office[Role.ADMINISTRATOR])

    page.goto("/people/")
    page.get_by_role("link", name="Add a person").click()
    page.get_by_label("Log-in name").fill("nora")
    page.get_by_label("First name").fill("Nora")
    page.get_by_label("Last name").fill("Lund")
    page.get_by_label("E-mail address").fill("nora@example.com")
    page.get_by_role("button", name="Add the person").click()
    page.get_by_label("Trainer").check()
    page.get_by_role("button", name="Save the roles").click()
    expect(page.locator("h1")).to_contain_text("Nora Lund")
    assert User.objects.get(username="nora").role_set == {Role.TRAINER}

    page.goto("/people/settings/")
    row(page, "Hour at which reminders leave").get_by_role("link").click()
    page.get_by_role("spinbutton").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(row(page, "Hour at which reminders leave")).to_contain_text("7 o'clock")


def test_coordinator_clears_steps_without_a_mouse(office, open_as):
    page = open_as(office[Role.COORDINATOR])
    page.goto("/")
    ticks = page.locator("[data-row]:has([data-row-tick])")
    first = ticks.first.get_attribute("id")

    press_until(page, "j", lambda: focused(page) == first)
    page.keyboard.press("x")
    expect(toasts(page)).to_contain_text("Done:")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(f"#{first}")).to_be_focused()

    with_link = page.locator("[data-row]:has([name=evidence_link])")
    wordy = with_link.first.get_attribute("id")
    for _row in range(ticks.count() + 20):
        page.keyboard.press("k")
    press_until(page, "j", lambda: focused(page) == wordy)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("open")
    link = page.get_by_label("Link", exact=True)
    press_until(page, "Tab", lambda: link.evaluate("n => n === document.activeElement"))
    page.keyboard.type("https://docs.example.com/1")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("done")


def focused(page):
    return page.evaluate("document.activeElement.id")


def press_until(page, key, reached):
    for _press in range(60):
        page.keyboard.press(key)
        if reached():
            return
    pytest.fail(f"{key} does not lead there")
