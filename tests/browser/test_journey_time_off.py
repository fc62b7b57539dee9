"""An engineer goes away for two weeks: seen before, passed on meanwhile, back after."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from playwright.sync_api import expect

from psdelivery.calendars import end_of_day
from psdelivery.history.models import Event
from psdelivery.outbox.models import Recipient
from psdelivery.people.choices import Role
from psdelivery.people.models import TimeOff, User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import reschedule
from psdelivery.playbooks.services.reminders import scan_reminders
from tests.browser.office import NOW

pytestmark = pytest.mark.django_db(transaction=True)

# Mon 8 to Fri 19 March; the step falls due on the first Thursday, late on the Friday.
THURSDAY = date(2027, 3, 11)
AWAY = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)
BACK = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)
NOTES = "File the discovery notes"


@pytest.fixture
def office(office):
    pse = office[Role.PSE]
    pse.manager = office[Role.PRACTICE_MANAGER]
    pse.save(update_fields=["manager"])
    # Nothing else of hers is due, so that every mail is about this one.
    steps = Step.objects.open()
    steps.exclude(pk=office.step("discovery-notes").pk).update(next_reminder_at=None)
    due(office, THURSDAY)
    return office


@transaction.atomic
def due(office, day):
    """Let the notes fall due on a day, as if somebody had pinned them there."""
    step = office.step("discovery-notes")
    Step.objects.filter(pk=step.pk).update(
        due_at=end_of_day(day, "Europe/Berlin"),
        due_day=day,
        due_is_day=True,
        pinned=True,
        open_since=NOW,
    )
    reschedule(Step.objects.filter(pk=step.pk), now=NOW)


def enter_two_weeks(page, deputy):
    page.goto("/people/profile/time-off/")
    page.get_by_role("link", name="Enter time off").first.click()
    page.get_by_label("First day").fill("2027-03-08")
    page.get_by_label("Last day").fill("2027-03-19")
    page.get_by_label("Who stands in").select_option(label=deputy.display_name)
    page.get_by_role("button", name="See what falls into it").click()
    expect(page.locator("#preview")).to_contain_text(NOTES)
    expect(page.locator("#preview")).to_contain_text(f"{deputy.display_name} stands in")
    assert not TimeOff.objects.filter(starts_on=date(2027, 3, 8)).exists()
    page.get_by_role("button", name="Save the time off").click()
    expect(page.locator("#notices")).to_contain_text("The time off is entered")


def approve(page):
    page.goto("/")
    page.locator("#waiting").get_by_role("link", name="8 Mar").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("h1")).to_contain_text("approved")


def mails_to(person, since):
    rows = Recipient.objects.filter(address=person.email.lower())
    return rows.filter(message__created_at__gt=since).count()


def row(page):
    return page.locator("[data-row]").filter(has_text=NOTES).filter(has_text="Acme")


def test_two_weeks_off_are_seen_before_passed_on_and_over(office, open_as, clock_at):
    pse, deputy = office[Role.PSE], office[Role.TECHNICAL_ARCHITECT]
    enter_two_weeks(open_as(pse), deputy)
    assert mails_to(deputy, NOW) == 1
    approve(open_as(office[Role.PRACTICE_MANAGER]))
    told = mails_to(pse, NOW)

    for days in range(5, 10):
        scan_reminders(now=NOW + timedelta(days=days))
    clock_at(AWAY)
    page = open_as(deputy)
    page.goto("/")

    expect(row(page)).to_contain_text(re.compile(f"for {pse.display_name}", re.I))
    # Nobody writes to her; each reminder of hers went to who stands in.
    assert mails_to(pse, NOW) == told == 1
    assert mails_to(deputy, NOW) > 1

    clock_at(BACK)
    due(office, date(2027, 3, 24))
    scan_reminders(now=BACK)
    page.goto("/")
    expect(row(page)).to_have_count(0)
    page = open_as(User.objects.get(pk=pse.pk))
    page.goto("/")
    expect(row(page)).to_have_count(1)
    assert mails_to(pse, BACK - timedelta(hours=1)) == 1
    assert office.step("discovery-notes").assignee == pse
    # Somebody else in the office is ill: these are the events of her two weeks.
    away = TimeOff.objects.get(person=pse, starts_on=date(2027, 3, 8))
    verbs = Event.objects.filter(verb__startswith="time-off", subject_id=str(away.pk))
    heard = verbs.order_by("pk").values_list("verb", flat=True)
    assert list(heard) == ["time-off-entered", "time-off-approved"]


@pytest.mark.full
def test_whoever_stands_in_ticks_and_the_history_says_for_whom(
    office, open_as, clock_at
):
    pse, deputy = office[Role.PSE], office[Role.TECHNICAL_ARCHITECT]
    TimeOff.objects.create(
        person=pse,
        deputy=deputy,
        starts_on=date(2027, 3, 8),
        ends_on=date(2027, 3, 19),
        requested_at=NOW,
    )
    clock_at(AWAY)
    page = open_as(deputy)

    page.goto("/")
    row(page).locator("summary").click()
    row(page).get_by_label("Evidence: a link").fill("https://docs.example.com/1")
    row(page).get_by_role("button", name="Done").click()
    expect(page.locator("#notices")).to_contain_text(f"Done: {NOTES}")

    event = Event.objects.filter(verb="step-completed").latest("pk")
    assert (event.actor, event.on_behalf_of) == (deputy, pse)
