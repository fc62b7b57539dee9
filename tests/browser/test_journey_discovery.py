# ruff: noqa: F811
"""Discovery of a migration: mailed, answered by two at once, recapped, confirmed."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from engagements.execution.models import Assumption, DiscoverySession
from engagements.execution.services.question_sets import load_question_sets
from engagements.models import Assessment, Offering
from psdelivery import clock
from psdelivery.outbox.services.sending import send_due
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.models import Step
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold
from tests.outbox.conftest import sink, smtp  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
# The poll comes every two seconds.
SOON = 15_000
ASSUMED = ("All repositories move", "Everybody logs in by SSO", "One weekend is enough")


@pytest.fixture
def work(shipped, clock_at, own_connections):
    clock_at(NOW)
    load_question_sets()
    migration = Offering.objects.get(key="scm-migration")
    made = sold(offerings=[migration], wished_start=date(2027, 3, 1))
    Assessment.objects.create(
        engagement=made, assumptions="\n".join(ASSUMED), changed_at=NOW
    )
    return made


def step(work, key):
    return Step.objects.get(checklist=work.checklist_id, key=key)


def field(page, label):
    return page.get_by_label(label, exact=True)


def leave(page):
    page.locator("h1").click()


def add_a_session(page, work):
    page.goto(f"/work/engagements/{work.pk}/discovery/add/")
    expect(page.get_by_label("Migration")).to_be_checked()
    page.get_by_label("Day").fill("2027-02-16")
    page.get_by_role("button", name="Add the session").click()
    expect(page.locator("[data-live-count]")).to_have_text("0 of 21 answered")
    return DiscoverySession.objects.get()


def mail_the_questions(page, session, work, smtp):
    page.locator("#questions-mail").get_by_role("button", name="Prepare").click()
    expect(page.get_by_text("5 GB").first).to_be_visible()
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator("h1")).to_contain_text("Ready to leave")
    send_due(clock.now(), limit=10)
    assert smtp.received[0].mail["Reply-To"] == "pia@ps.example"
    assert step(work, "discovery-questions-sent").state == "done"
    page.goto(session.get_absolute_url())
    expect(page.locator("#questions-mail")).to_contain_text("sent")


def answer_by_two_at_once(pia, paul):
    """Each field reaches both; in one field at once nothing is lost."""
    users = "How many users move, and how many of them are active?"
    large = "Which repositories are larger than 5 GB, and what makes them so large?"
    field(pia, users).fill("400, half of them")
    field(paul, large).fill("Two, with videos")
    leave(pia), leave(paul)
    expect(field(paul, users)).to_have_value("400, half of them", timeout=SOON)
    expect(field(pia, large)).to_have_value("Two, with videos", timeout=SOON)
    for page in (pia, paul):
        expect(page.locator("[data-live-count]")).to_have_text("2 of 21 answered")

    cut = "When may nobody work, and for how long?"
    field(pia, cut).fill("Never on Mondays")
    field(paul, cut).fill("Four hours")
    leave(pia)
    note = (
        field(pia, cut).locator("xpath=ancestor::section").locator("[data-live-note]")
    )
    expect(note).to_contain_text("earlier")
    leave(paul)
    conflict = paul.locator("[data-live-conflict]")
    expect(conflict).to_contain_text("while you were writing")
    conflict.get_by_role("button", name="Save this text").click()
    for page in (pia, paul):
        expect(field(page, cut)).to_have_value(
            "Never on Mondays\nFour hours", timeout=SOON
        )


def ask_another_by_keyboard(pia, paul):
    """A question of the call: the other hears of it, and Ctrl+Enter leads on."""
    pia.get_by_label("Another question").fill("Who decides in the night?")
    pia.keyboard.press("Enter")
    expect(field(pia, "Who decides in the night?")).to_be_visible()
    expect(paul.locator("[data-live-fresh]")).to_be_visible(timeout=SOON)
    paul.locator("[data-live-fresh] a").click()
    first = field(
        paul, "Which systems do you move away from, and which versions do they run?"
    )
    first.fill("Two of them")
    first.press("Control+Enter")
    expect(
        field(paul, "On which operating system and database does the source run?")
    ).to_be_focused()
    expect(paul.locator("[data-live-count]")).to_have_text("4 of 22 answered")


def overturn_three_assumptions(page, session):
    for text in ASSUMED:
        page.goto(session.get_absolute_url())
        row = page.locator("#assumptions li").filter(has_text=text)
        row.get_by_role("link", name="Decide").click()
        page.get_by_label("invalidated").check()
        page.get_by_label("What shows it?").fill("Cora says no")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#assumptions")).to_be_visible()
    expect(page.locator("#assumptions")).to_contain_text("3 invalidated")
    assert Assumption.objects.filter(state="invalidated", session=session).count() == 3


def agree_on_the_recap(page, session, work):
    page.get_by_role("button", name="Draft it from the answers").click()
    recap = page.locator("#id-live-recap")
    expect(recap).to_have_value(re.compile("It does not hold: All repositories move"))
    recap.fill("We move in three waves, at night.")
    leave(page)
    expect(page.locator("#live-recap [data-live-state]")).to_have_text("")
    page.get_by_role("button", name="Read back").click()
    expect(page.locator("#recap-card")).to_contain_text("read back")
    page.get_by_role("link", name="Confirmed by the customer").click()
    page.get_by_label("How?").fill("In the call: yes, like this")
    page.get_by_role("button", name="Confirmed").click()
    expect(page.locator("#recap-card")).to_contain_text("Cora Client")
    for key in ("discovery-read-back", "discovery-notes", "discovery-confirmed"):
        assert step(work, key).state == "done", key


def test_a_migration_is_discovered_by_two_and_confirmed(work, open_as, smtp):
    pia = open_as(person(work, EngagementRole.PSE))
    paul = open_as(person(work, EngagementRole.PM))

    session = add_a_session(pia, work)
    mail_the_questions(pia, session, work, smtp)
    paul.goto(session.get_absolute_url())
    answer_by_two_at_once(pia, paul)
    ask_another_by_keyboard(pia, paul)
    overturn_three_assumptions(pia, session)
    agree_on_the_recap(pia, session, work)
    lead = Step.objects.open().filter(title="Look at what discovery overturned")
    assert lead.get().assignee == person(work, EngagementRole.PM)
