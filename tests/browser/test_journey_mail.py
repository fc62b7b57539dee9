# ruff: noqa: F811
"""The welcome mail as a coordinator writes it, with a real mail server behind."""

import re

import pytest
from playwright.sync_api import expect

from engagements.models import Engagement
from psdelivery import clock
from psdelivery.outbox.services import send_due
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import Contact
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold, step_of
from tests.outbox.conftest import sink, smtp  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def engagement(shipped, clock_at):
    clock_at(NOW)
    engagement = sold()
    Contact.objects.update(email="")
    return engagement


def test_r4_r15_a_welcome_that_is_whole_goes_once_and_comes_back(
    engagement, open_as, smtp
):
    page = open_as(person(engagement, EngagementRole.PC))
    step = step_of(engagement, "welcome").get_absolute_url()

    name_what_is_missing(page, step)
    mend_it(page)
    send_it(page, step)
    look_into_the_letter(smtp, engagement)
    let_it_come_back(page, step)
    change_a_fact_after_the_draft(page, step, engagement)
    assert len(smtp.received) == 1


def name_what_is_missing(page, step):
    page.goto(step)
    page.get_by_role("button", name="Prepare the mail").click()
    expect(page.get_by_text("The address of Cora Client is missing.")).to_be_visible()
    expect(page.get_by_role("button", name="Send it now")).to_have_count(0)


def mend_it(page):
    draft = page.url
    page.get_by_role("link", name="Enter it").click()
    page.get_by_label("E-mail address").fill("cora@acme.example")
    page.get_by_role("button", name="Save").click()
    page.goto(draft)
    expect(page.get_by_text("Out of date").first).to_be_visible()
    page.get_by_role("button", name="Make it again").click()
    expect(page.get_by_text("Hello Cora Client,").first).to_be_visible()


def send_it(page, step):
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator("h1")).to_contain_text("Ready to leave")
    send_due(clock.now(), limit=10)
    page.reload()
    expect(page.locator("h1")).to_contain_text("Sent")
    mail = page.url
    page.goto(step)
    expect(page.locator("h1")).to_contain_text(re.compile("done", re.I))
    page.goto(mail)


def look_into_the_letter(smtp, engagement):
    letter = smtp.received[0].mail
    assert letter["To"] == "cora@acme.example"
    assert letter["Reply-To"] == "carla@ps.example"
    copied = {address.strip() for address in letter["Cc"].split(",")}
    assert copied == {"sally@ps.example", "chris@ps.example", "petra@ps.example"}
    thread = f"<engagement-{engagement.pk}-customer@mail.example.com>"
    assert (letter["In-Reply-To"], letter["References"]) == (thread, thread)


def let_it_come_back(page, step):
    page.get_by_text("It came back, or did not arrive").click()
    page.get_by_label("Which address?").select_option("cora@acme.example")
    page.get_by_label("How did you notice?").fill("550 unknown user")
    page.get_by_role("button", name="Mark the address as bad").click()
    expect(page.get_by_text("This mail came back")).to_be_visible()
    page.get_by_role("button", name="It works again").click()
    page.goto(step)
    expect(page.get_by_role("button", name="Prepare the mail")).to_be_visible()


def change_a_fact_after_the_draft(page, step, engagement):
    page.get_by_role("button", name="Prepare the mail").click()
    expect(page.get_by_role("button", name="Send it now")).to_be_visible()
    Engagement.objects.filter(pk=engagement.pk).update(title="Second phase")
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("Title of the engagement").first).to_be_visible()
    expect(page.locator("#text")).to_contain_text("Rollout")
    expect(page.locator("#now")).to_contain_text("Second phase")
