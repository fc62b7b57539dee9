"""From opportunity stage 5 to Active: the gate, the way around it, and its closing."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from engagements.choices import ForecastCategory, Status
from engagements.models import Engagement, Offering
from psdelivery import clock
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.services.reminders import scan_reminders
from tests.engagements.ticks import set_status, tick
from tests.factories.engagements import registered
from tests.factories.people import (
    CustomerFactory,
    PracticeFactory,
    RegionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)

# Mon 1 Feb 2027, 10:00 in Berlin.
NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
SIGNED = {
    "name": "sow-signed.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4 signed",
}


def person(name, role, **place):
    return UserFactory(first_name=name, last_name="Graf", roles=[role], **place)


@pytest.fixture
def office(shipped, clock_at):
    clock_at(NOW)
    place = {"region": RegionFactory(name="EMEA"), "practice": PracticeFactory()}
    people = {
        "carla": person("Carla", Role.COORDINATOR, **place),
        "petra": person("Petra", Role.PM, **place),
        "pia": person("Pia", Role.PSE, **place),
        "mona": person("Mona", Role.PRACTICE_MANAGER, **place),
    }
    place["practice"].manager = people["mona"]
    place["practice"].save()
    people["work"] = sold_at_stage_five(people, place)
    return people


def sold_at_stage_five(people, place):
    engagement = registered(
        title="Roll-out",
        customer=CustomerFactory(name="Acme", zone="Europe/Berlin", country="DE"),
        team=[
            (EngagementRole.PC, people["carla"]),
            (EngagementRole.PM, people["petra"]),
        ],
        by=people["carla"],
        offerings=Offering.objects.filter(kind="consulting")[:1],
        opportunity_url="https://crm.example.com/1",
        opportunity_stage=5,
        forecast_category=ForecastCategory.COMMIT,
        now=NOW,
        **place,
    )
    set_status(engagement, Status.PROSPECT)
    return Engagement.objects.get(pk=engagement.pk)


def test_from_stage_five_to_active_around_the_gate(office, open_as):
    url = office["work"].get_absolute_url()
    carla, petra, mona = (open_as(office[name]) for name in ("carla", "petra", "mona"))

    hold_softly_before_the_paper(carla, url)
    reach_set_up(carla, url)
    open_the_gate(carla, url)
    reach_okay_to_start(carla, url, office["work"])
    be_refused_for_the_countersignature(carla, url)
    ask_for_work_at_risk(petra, url)
    grant_it(mona, url)
    see_it_everywhere_and_be_warned_today(carla, petra, url)
    withdraw_the_signature(carla, url)
    see_the_step_of_the_manager(mona)
    give_the_signature_again(carla, mona, url)
    become_active(carla, url, office["work"])


def refusal(page):
    return page.locator("#refusal")


def move_to(page, url, words):
    page.goto(url)
    page.get_by_role("button", name=words).click()


def hold_softly_before_the_paper(page, url):
    """The coordinator is refused a hard booking, holds softly, is refused again."""
    page.goto(f"{url}team/add/?role=pse")
    page.get_by_role("link", name="Book", exact=True).click()
    page.get_by_label("Role").select_option("pse")
    page.get_by_label("Person", exact=True).select_option("Pia Graf")
    page.get_by_label("From", exact=True).first.fill("2027-03-15")
    page.get_by_label("To", exact=True).first.fill("2027-03-19")
    page.get_by_label("Soft or hard").select_option("hard")
    page.get_by_label("Or: hours in total").fill("40")
    page.get_by_label("Why?").fill("Sold at stage five")
    page.get_by_role("button", name="Book it").last.click()
    expect(page.get_by_text("Nothing is booked")).to_be_visible()
    see_what_is_missing(page)
    page.get_by_label("Soft or hard").select_option("soft")
    page.get_by_role("button", name="Book it").last.click()
    expect(page.locator("h1")).to_contain_text("Pia Graf")
    expect(member_of(page, url)).to_contain_text("soft")
    book_hard(page, url)
    see_what_is_missing(page)
    expect(member_of(page, url)).to_contain_text("soft")


def see_what_is_missing(page):
    main = page.locator("main")
    expect(main).to_contain_text("The customer's signature is not on file.")
    expect(main).to_contain_text("The billing terms are not set.")


def member_of(page, url):
    """Return the engineer's row among the team of the engagement."""
    page.goto(f"{url}team/")
    return page.locator("[data-row]").filter(has_text="Pia Graf")


def book_hard(page, url):
    """Make the soft hold hard, from the schedule of the engagement."""
    page.goto(f"{url}schedule/")
    page.get_by_role("link", name=re.compile("Pia Graf")).first.click()
    page.get_by_role("link", name="Make hard").click()
    page.get_by_label("Why?").fill("The paper is here")
    page.get_by_role("button", name="Book hard").click()


def reach_set_up(page, url):
    move_to(page, url, "Move to In set-up")
    expect(refusal(page)).to_contain_text("Closed-won is not recorded.")
    refusal(page).get_by_role("link", name="Record closed-won").click()
    put_on_file(page)
    move_to(page, url, "Move to In set-up")
    expect(page.locator("h1")).to_contain_text("In set-up")


def put_on_file(page):
    page.get_by_label("File", exact=True).set_input_files(SIGNED)
    page.get_by_role("button", name="Put it on file").click()
    expect(page.locator("main")).to_contain_text("On file:")


def open_the_gate(page, url):
    page.goto(f"{url}edit/")
    page.get_by_label("Billing terms").select_option("upon SOW execution")
    page.get_by_role("button", name="Save").click()
    for code in ("customer_signature", "agreement"):
        page.goto(f"{url}gate/{code}/")
        put_on_file(page)
    page.goto(f"{url}gate/")
    expect(page.locator("#condition-customer_signature")).to_contain_text("met")
    expect(page.locator("#condition-countersignature")).to_contain_text("missing")
    expect(page.locator("#welcome-clock")).to_contain_text("72 business hours")
    book_hard(page, url)
    expect(page.get_by_text("Booked hard: Pia Graf")).to_be_visible()
    expect(member_of(page, url)).to_contain_text("hard")


def reach_okay_to_start(page, url, engagement):
    move_to(page, url, "Move to Okay to start")
    expect(refusal(page)).to_contain_text("The welcome mail is not sent")
    tick(engagement, "welcome", now=clock.now())
    move_to(page, url, "Move to Okay to start")
    expect(page.locator("h1")).to_contain_text("Okay to start")


def be_refused_for_the_countersignature(page, url):
    move_to(page, url, "Make active")
    expect(refusal(page)).to_contain_text("The countersignature is not on file.")
    expect(refusal(page)).to_contain_text("The kickoff is not held")


def ask_for_work_at_risk(page, url):
    page.goto(f"{url}gate/")
    page.get_by_role("link", name="Ask for work at risk").click()
    # What is on file is not offered; only what is ticked is waived.
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(1)
    page.get_by_label("Countersignature").check()
    page.get_by_label("Why can it not wait?").fill("The customer starts on Monday")
    page.get_by_label("Hours at most").fill("60")
    page.get_by_label("Last day").fill("2027-02-06")
    page.get_by_role("button", name="Ask for it").click()
    expect(page.locator("h1")).to_contain_text("asked for")


def grant_it(page, url):
    page.goto("/")
    page.get_by_role("link", name=re.compile("Decide on work at risk")).first.click()
    page.goto(f"{url}gate/")
    page.get_by_role("link", name="Decide what is asked for").click()
    page.get_by_label("Note").fill("Until Saturday")
    page.get_by_role("button", name="Grant it").click()
    expect(page.locator("h1")).to_contain_text("granted")


def see_it_everywhere_and_be_warned_today(page, asker, url):
    page.goto(f"{url}team/")
    expect(page.locator("main")).to_contain_text(
        "waived for up to 60 hours, until Sat 6 Feb 2027"
    )
    row = page.locator("[data-row]").filter(has_text="Pia Graf")
    expect(row).to_contain_text("at risk until Sat 6 Feb 2027")
    page.goto("/engagements/")
    expect(page.locator("main")).to_contain_text("at risk until Sat 6 Feb 2027")
    # Its last day is in five days: the warning leaves today.
    scan_reminders(now=clock.now())
    asker.goto("/")
    asker.get_by_role("link", name=re.compile("Work at risk ends")).first.click()
    expect(asker.locator("main")).to_contain_text("Sat 6 Feb 2027")
    (reminder,) = Reminder.objects.filter(step__title__startswith="Work at risk ends")
    assert reminder.rule == "owner-5"


def withdraw_the_signature(page, url):
    page.goto(f"{url}gate/customer_signature/")
    page.get_by_text("It does not hold any more").click()
    page.get_by_label("Why is it withdrawn?").fill("Signed by the wrong person")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.locator("main")).to_contain_text("The gate is closed")
    page.goto(f"{url}team/")
    row = page.locator("[data-row]").filter(has_text="Pia Graf")
    expect(row).to_contain_text("booked before the gate closed")
    move_to(page, url, "Make active")
    expect(refusal(page)).to_contain_text("The customer's signature is not on file.")
    # What is waived is in nobody's way.
    expect(refusal(page)).not_to_contain_text("countersignature")


def see_the_step_of_the_manager(page):
    page.goto("/")
    link = page.get_by_role("link", name=re.compile("signature was withdrawn"))
    expect(link.first).to_be_visible()


def give_the_signature_again(page, manager, url):
    page.goto(f"{url}gate/customer_signature/")
    put_on_file(page)
    expect(page.locator("main")).not_to_contain_text("The gate is closed")
    manager.goto("/")
    link = manager.get_by_role("link", name=re.compile("signature was withdrawn"))
    expect(link).to_have_count(0)


def become_active(page, url, engagement):
    move_to(page, url, "Make active")
    expect(refusal(page)).to_contain_text("The kickoff is not held")
    expect(refusal(page)).not_to_contain_text("signature is not on file")
    # That the kickoff itself waits for the handoff has a journey of its own.
    now = clock.now()
    step = Step.objects.get(engagement=engagement, key="kickoff-held")
    Step.objects.filter(pk=step.pk).update(
        state="done", done_at=now, next_reminder_at=None
    )
    move_to(page, url, "Make active")
    expect(page.locator("h1")).to_contain_text("Active")
