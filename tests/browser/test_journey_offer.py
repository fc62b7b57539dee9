"""An engineer is asked for who is away: the conflict, the ways out, and a split."""

from datetime import UTC, date, datetime, timedelta
from urllib.request import urlopen

import pytest
import vobject
from playwright.sync_api import expect

from psdelivery.people.choices import EngagementRole, Role, TimeOffKind
from psdelivery.people.models import Skill
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services.time_off import enter_time_off
from psdelivery.playbooks.models import Step
from scheduling.choices import Hold
from scheduling.models import Allocation, ResourceRequest
from scheduling.services.requests import Wish, send_request
from tests.factories.engagements import open_gate, registered
from tests.factories.handoff import filled
from tests.factories.people import (
    CustomerFactory,
    PersonSkillFactory,
    PracticeFactory,
    RegionFactory,
    SkillFactory,
    UserFactory,
)
from tests.factories.scheduling import booked

pytestmark = pytest.mark.django_db(transaction=True)

# Wed 3 March 2027, 10:00 in Berlin; the two weeks begin on Mon 15 March.
NOW = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)
WEEKS = (date(2027, 3, 15), date(2027, 3, 26))
# Ann is away from Tuesday to Thursday of the first week.
AWAY = (date(2027, 3, 16), date(2027, 3, 18))
# Of the split that is accepted: Ann's days in three runs around it, and Bob's.
SPANS = {
    "ann": {
        (WEEKS[0], WEEKS[0]),
        (date(2027, 3, 19), date(2027, 3, 19)),
        (date(2027, 3, 22), WEEKS[1]),
    },
    "bob": {AWAY},
}


@pytest.fixture
def office(shipped, clock_at):
    clock_at(NOW)
    place = {"region": RegionFactory(name="EMEA"), "practice": PracticeFactory()}

    def person(name, role):
        return UserFactory(first_name=name, last_name="Graf", roles=[role], **place)

    people = {
        "carla": person("Carla", Role.COORDINATOR),
        "petra": person("Petra", Role.PM),
        "ann": person("Ann", Role.PSE),
        "bob": person("Bob", Role.PSE),
    }
    skill = Skill.objects.filter(name="GitLab CI").first() or SkillFactory(
        name="GitLab CI"
    )
    for name, level in (("ann", 4), ("bob", 3)):
        PersonSkillFactory(
            person=people[name],
            skill=skill,
            level=level,
            confirmed_by=people["carla"],
            confirmed_on=NOW.date(),
        )
    draft = TimeOffDraft(kind=TimeOffKind.HOLIDAY, starts_on=AWAY[0], ends_on=AWAY[1])
    enter_time_off(people["ann"], draft, by=people["ann"], now=NOW)
    work = open_gate(at_work(people, place, "Roll-out"), now=NOW)
    filled(work, by=people["petra"], now=NOW)
    # Bob has other work on the days after Ann's leave.
    other = open_gate(at_work(people, place, "Elsewhere"), now=NOW)
    days = {date(2027, 3, day): 6 for day in (22, 23, 24, 25, 26)}
    booked(people["bob"], other, hold=Hold.HARD, days=days, by=people["carla"], now=NOW)
    people["asked"] = ask(people["petra"], work, skill)
    return people


def at_work(people, place, title):
    return registered(
        title=title,
        customer=CustomerFactory(name=title, zone="Europe/Berlin", country=""),
        team=[
            (EngagementRole.PC, people["carla"]),
            (EngagementRole.PM, people["petra"]),
        ],
        by=people["carla"],
        now=NOW,
        **place,
    )


def ask(pm, engagement, skill):
    """Forty hard hours in two weeks, four a day, GitLab CI at level 3."""
    asked = ResourceRequest(
        kind="engagement",
        engagement=engagement,
        role=EngagementRole.PSE,
        booking="hard",
        hours_per_day=4,
        requested_by=pm,
    )
    return send_request(
        asked, Wish(ranges=[WEEKS], skills=[(skill, 3)]), by=pm, now=NOW
    )


def see_the_conflict(page, asked):
    page.goto(asked.get_absolute_url())
    panel = page.locator("#candidates")
    expect(panel).to_contain_text("Ann Graf: 7 of 10 days free")
    expect(panel).to_contain_text("Tue 16 Mar 2027 – Thu 18 Mar 2027: away")
    expect(panel).to_contain_text("GitLab CI: level 4, leads and teaches")
    return panel


def offer_dates_and_a_split(page, panel):
    ways = panel.get_by_role("list").filter(has_text="Effect:").get_by_role("listitem")
    ways.filter(has_text="same person, other dates").first.get_by_role(
        "checkbox"
    ).check()
    ways.filter(has_text="Bob Graf").first.get_by_role("checkbox").check()
    page.get_by_role("button", name="Offer these").click()
    expect(page.locator("#notices")).to_contain_text("2 ways are offered")


def accept_the_split(page, asked):
    page.goto("/")
    expect(page.get_by_role("link", name="Choose what fits").first).to_be_visible()
    page.goto(asked.get_absolute_url())
    offer = page.locator("#offers .row-item").filter(has_text="Bob Graf")
    expect(offer).to_contain_text("No day moves")
    offer.get_by_role("button", name="Accept").click()
    expect(page.locator("h1")).to_contain_text("Booked")


def see_own_day(page):
    """My day shows the booking, and asks to read the handoff."""
    page.goto("/")
    expect(page.locator("#bookings")).to_contain_text("Roll-out")
    rows = page.locator("[data-row]").filter(has_text="Acknowledge the handoff")
    expect(rows).to_have_count(1)


def feed_spans(page):
    """Make a calendar feed, read it as a calendar does, and return its bookings."""
    page.goto("/schedule/feeds/")
    page.get_by_label("What it shows").select_option("personal")
    page.get_by_role("button", name="Make the feed").click()
    address = page.locator("#new-feed textarea").input_value()
    with urlopen(address, timeout=20) as answer:
        calendar = vobject.readOne(answer.read().decode())
    found = [
        one
        for one in calendar.contents["vevent"]
        if "Roll-out" in one.summary.value and one.status.value == "CONFIRMED"
    ]
    assert all("4 h a day, hard" in one.summary.value for one in found)
    last = timedelta(days=1)
    return {(one.dtstart.value, one.dtend.value - last) for one in found}


def see_whose_the_first_steps_are(page, office):
    """Booking dates the kickoff; the steps of the role are the first engineer's."""
    work = office["asked"].engagement
    steps = Step.objects.filter(engagement=work)
    first = steps.get(key="kit-chosen")
    assert first.assignee == office["ann"]
    assert steps.get(key="kickoff-held").anchor.day == WEEKS[0]
    page.goto("/")
    rows = page.locator("[data-row]").filter(has_text=first.title)
    expect(rows).to_have_count(1)
    page.goto(steps.get(key="kickoff-held").get_absolute_url())
    expect(page.locator("main")).to_contain_text("15 Mar 2027")


def test_a_split_is_offered_and_accepted_when_the_best_match_is_away(office, open_as):
    asked = office["asked"]
    coordinator, pm = open_as(office["carla"]), open_as(office["petra"])

    panel = see_the_conflict(coordinator, asked)
    offer_dates_and_a_split(coordinator, panel)
    accept_the_split(pm, asked)

    rows = Allocation.objects.active().filter(request=asked).order_by("person_id")
    assert [(one.person, one.hold, one.hours) for one in rows] == [
        (office["ann"], Hold.HARD, 28),
        (office["bob"], Hold.HARD, 12),
    ]
    for name in ("ann", "bob"):
        page = open_as(office[name])
        see_own_day(page)
        assert feed_spans(page) == SPANS[name]
    see_whose_the_first_steps_are(open_as(office["ann"]), office)
