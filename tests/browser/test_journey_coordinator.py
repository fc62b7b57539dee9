"""A blended engagement from the intake to a class that moves, as a coordinator."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from psdelivery.people.choices import Role
from tests.factories.people import (
    ContactFactory,
    CustomerFactory,
    PracticeFactory,
    RegionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

# Mon 1 Feb 2027, 10:00 in Berlin and 20:00 in Sydney.
NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
SOW = {"name": "sow.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 draft"}
SIGNED = {**SOW, "name": "sow-signed.pdf", "buffer": b"%PDF-1.4 signed"}


@pytest.fixture
def office(shipped, clock_at):
    clock_at(NOW)
    place = {"region": RegionFactory(name="EMEA"), "practice": PracticeFactory()}
    sydney = CustomerFactory(name="Acme", zone="Australia/Sydney", country="AU")
    ContactFactory(customer=sydney, name="Sheila Ward")
    UserFactory(first_name="Petra", last_name="Marsh", roles=[Role.PM], **place)
    UserFactory(first_name="Tilda", last_name="Rehn", roles=[Role.TRAINER], **place)
    UserFactory(first_name="Emil", last_name="Graf", roles=[Role.EM], **place)
    return UserFactory(
        first_name="Carla", last_name="Mendes", roles=[Role.COORDINATOR], **place
    )


def test_from_the_intake_to_a_class_that_moves(office, open_as):
    page = open_as(office)

    register(page)
    url = page.url
    reach_set_up(page)
    reach_okay_to_start(page, url)
    see_what_stands_there(page, url)
    enter_class(page, url)
    see_when_the_link_is_due(page)
    move_class(page, url)


def register(page):
    page.goto("/engagements/")
    page.get_by_role("link", name="Register an engagement").first.click()
    page.get_by_label(re.compile(r"^\s*Customer\*")).select_option("Acme")
    expect(page.get_by_role("option", name="Sheila Ward")).to_be_attached()
    page.get_by_label("Main contact").select_option("Sheila Ward")
    page.get_by_label("Title").fill("DevSecOps roll-out with classes")
    page.get_by_label("Kind").select_option("Blended")
    page.get_by_text("Education").click()
    page.get_by_label("GitLab with Git Basics").check()
    page.get_by_label("Link to the opportunity").fill("https://crm.example.com/1")
    page.get_by_label("File", exact=True).set_input_files(SOW)
    page.get_by_label("Wished start, from").fill("2027-03-01")
    page.get_by_label("Planned end").fill("2027-06-30")
    page.get_by_label("Engagement manager").select_option("Emil Graf")
    page.get_by_role("button", name="Register the engagement").click()
    expect(page.locator("h1")).to_contain_text("Estimate")
    expect(page.get_by_text("sow.pdf").first).to_be_visible()


def move_to(page, words):
    page.get_by_role("button", name=f"Move to {words}").click()


def refusal(page):
    return page.locator("#refusal")


def reach_set_up(page):
    move_to(page, "Prospect")
    expect(page.locator("h1")).to_contain_text("Prospect")
    move_to(page, "In set-up")
    expect(refusal(page)).to_contain_text("Closed-won is not recorded.")
    refusal(page).get_by_role("link", name="Record closed-won").click()
    expect(page.get_by_label("Time (Sydney)")).to_have_value("20:00")
    page.get_by_label("Link").fill("https://crm.example.com/1")
    page.get_by_role("button", name="Put it on file").click()
    move_to(page, "In set-up")
    expect(page.locator("h1")).to_contain_text("In set-up")


def reach_okay_to_start(page, url):
    move_to(page, "Okay to start")
    expect(refusal(page).get_by_role("listitem")).to_have_count(4)
    for words, cure in CURES:
        expect(refusal(page)).to_contain_text(words)
        refusal(page).get_by_role("listitem").first.get_by_role("link").click()
        cure(page)
        page.goto(url)
        # What could not go on goes on where it was mended.
        expect(page.locator("h1")).to_contain_text("Blended")
        move_to(page, "Okay to start")
    expect(page.locator("h1")).to_contain_text("Okay to start")


def file_signature(page):
    page.get_by_label("File", exact=True).set_input_files(SIGNED)
    page.get_by_role("button", name="Put it on file").click()


def set_billing_terms(page):
    page.get_by_label("Billing terms").select_option("upon SOW execution")
    page.get_by_role("button", name="Save").click()


def name_lead(page):
    expect(page.get_by_label("Role")).to_have_value("pm")
    page.get_by_label("Person").select_option("Petra Marsh")
    page.get_by_role("button", name="Add to the team").click()


def tick_welcome(page):
    page.get_by_label("Link").fill("https://mail.example.com/welcome")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("h1")).to_contain_text("done")


CURES = (
    ("The customer's signature is not on file.", file_signature),
    ("The billing terms are not set.", set_billing_terms),
    ("No lead is named", name_lead),
    ("The welcome mail is not sent", tick_welcome),
)


def see_what_stands_there(page, url):
    page.goto(f"{url}checklist/")
    for words, day, owner in (
        ("Hold the handoff", "Mon 8 Feb", "Carla Mendes"),
        ("Hold the kickoff with the customer", "Mon 1 Mar", "Petra Marsh"),
        ("Get the customer's yes to the class dates", "11 Feb", "Carla Mendes"),
        ("Write the close-out report", "Jul", "Petra Marsh"),
    ):
        row = find_row(page, words)
        expect(row).to_contain_text(day)
        expect(row).to_contain_text(owner)


def find_row(page, words):
    """Return the first row with these words, on this page of the list or a later."""
    row = page.locator("[data-row]").filter(has_text=words)
    following = page.get_by_role("link", name="Next", exact=True)
    while not row.count() and following.count():
        following.click()
    return row.first


def enter_class(page, url):
    page.goto(f"{url}training/")
    page.get_by_role("link", name="Enter a class").first.click()
    page.get_by_role("link", name="GitLab with Git Basics").click()
    page.get_by_label("Trainer", exact=True).select_option("Tilda Rehn · not certified")
    page.get_by_label("Why this trainer?").fill("Nobody is certified yet")
    expect(page.get_by_label("Time zone of the sessions")).to_have_value(
        "Australia/Sydney"
    )
    for number, day in enumerate(("2027-04-06", "2027-04-07")):
        page.get_by_label(re.compile(r"^\s*Day\b")).nth(number).fill(day)
        expect(page.get_by_label("Start").nth(number)).to_have_value("09:00")
    page.get_by_role("button", name="Enter the class").click()
    expect(page.locator("h1")).to_contain_text("GitLab with Git Basics")
    expect(
        page.get_by_text("Tue 6 Apr 2027, 01:00 CEST · 09:00 Sydney")
    ).to_be_visible()


def see_when_the_link_is_due(page):
    page.get_by_role("link", name="Send the registration link").first.click()
    facts = page.locator("aside")
    expect(facts).to_contain_text(
        "Tue 23 Mar 2027, end of day Sydney · 14:00 your time (Berlin)"
    )
    expect(facts).to_contain_text("14 days before the first session (Tue 6 Apr 2027")
    expect(facts).to_contain_text("Carla Mendes")


def move_class(page, url):
    page.goto(f"{url}training/")
    page.get_by_role("link", name="Open the class").click()
    page.get_by_role("link", name="Move the class").click()
    page.get_by_label("By how many days?").fill("9")
    page.get_by_label("Caused by").select_option("customer")
    page.get_by_label("Why?").fill("The customer's release moved")
    page.get_by_role("button", name="Show what moves").click()
    see_registration_link_move(page.locator("#what-moves"))
    page.get_by_role("button", name="Move the class").click()
    page.get_by_role("link", name="What moved").click()
    moved = see_registration_link_move(page.locator("main"))
    moved.get_by_role("link").click()
    facts = page.locator("aside")
    expect(facts).to_contain_text(
        "Thu 1 Apr 2027, end of day Sydney · 15:00 your time (Berlin)"
    )
    expect(facts).to_contain_text("14 days before the first session (Thu 15 Apr 2027")
    expect(page.locator("main")).to_contain_text("The customer's release moved")


def see_registration_link_move(part):
    moved = part.locator("tbody tr").filter(has_text="registration link").first
    expect(moved).to_contain_text("Tue 23 Mar 2027")
    expect(moved).to_contain_text("Thu 1 Apr 2027")
    return moved
