"""A handoff written by three people at once, and the kickoff that waits for it."""

import pytest
from playwright.sync_api import expect

from engagements.choices import Condition
from engagements.models import Acknowledgement
from psdelivery.livetext.models import LiveText
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from tests.browser.conftest import session_cookie
from tests.browser.office import NOW
from tests.factories.engagements import meet

pytestmark = pytest.mark.django_db(transaction=True)

# The poll comes every two seconds.
SOON = 15_000


@pytest.fixture
def office(office, own_connections):
    meet(office.fresh, *Condition, by=office[Role.COORDINATOR], now=NOW)
    office.fresh.team.filter(role="pse").update(hours=40, first_day=NOW.date())
    return office


def tab(office):
    return f"{office.fresh.get_absolute_url()}handoff/"


def field(page, key):
    return page.locator(f"#id-live-{key}")


def leave(page):
    page.locator("h1").click()


def stored(office, key):
    return LiveText.objects.get(sheet=office.fresh.handoff.sheet, key=key).text


def kickoff(office):
    return Step.objects.get(engagement=office.fresh, key="kickoff-held")


def tick_kickoff(page, office):
    page.goto(kickoff(office).get_absolute_url())
    page.get_by_label("Link", exact=True).fill("https://docs.example.com/deck")
    page.get_by_role("button", name="Done").click()


def write_three_fields(writers):
    """Three fields at once: everybody's words reach everybody."""
    keys = ("goals", "current_state", "risks")
    for page, key in zip(writers, keys, strict=True):
        field(page, key).fill(f"Words for {key}.")
    for page in writers:
        leave(page)
    for page in writers:
        for key in keys:
            expect(field(page, key)).to_have_value(f"Words for {key}.", timeout=SOON)


def settle_one_field(writers):
    """One field at once: the late one sees both texts and puts them together."""
    em, pm, _pc = writers
    field(em, "scope_out").fill("No training.")
    field(pm, "scope_out").fill("No hardware.")
    leave(em)
    expect(em.locator("#live-scope_out [data-live-note]")).to_contain_text("earlier")
    leave(pm)
    conflict = pm.locator("#live-answer-scope_out")
    expect(conflict).to_contain_text("while you were writing")
    expect(conflict.locator("pre").nth(0)).to_have_text("No hardware.")
    expect(conflict.locator("pre").nth(1)).to_have_text("No training.")
    conflict.get_by_role("button", name="Save this text").click()
    for page in writers:
        expect(field(page, "scope_out")).to_have_value(
            "No training.\nNo hardware.", timeout=SOON
        )


def add_the_rest(office, writers):
    em, _pm, pc = writers
    field(pc, "scope_in").fill("- Migration")
    leave(pc)

    pc.get_by_role("button", name="Add an outcome").click()
    field(pc, "outcomes-1-outcome").fill("Weekly releases")
    field(pc, "outcomes-1-measure").fill("From 1 to 4 a month")
    leave(pc)
    expect(field(em, "outcomes-1-measure")).to_have_value(
        "From 1 to 4 a month", timeout=SOON
    )
    assert stored(office, "scope_in") == "- Migration"


def turn_two_questions_into_steps(office, pm):
    for words in ("Who has access?", "Which version?"):
        pm.goto(tab(office))
        pm.get_by_role("link", name="Ask something").click()
        pm.get_by_label("What is unclear?").fill(words)
        pm.get_by_role("button", name="Ask").click()
        asked = pm.locator("#questions li").filter(has_text=words)
        asked.get_by_role("link", name="Turn into a step").click()
        pm.get_by_label("By whom?").select_option(str(office[Role.PM].pk))
        pm.get_by_label("By which day?").fill("2027-03-09")
        pm.get_by_role("button", name="Make it a step").click()
        expect(pm.locator("#questions").get_by_role("link", name=words)).to_be_visible()


def kickoff_waits_until_it_is_read(office, open_as, pm, pc):
    """The kickoff names what it waits for, until all of it is there."""
    tick_kickoff(pm, office)
    refused = pm.locator("main")
    expect(refused).to_contain_text("The handoff call has not been held.")
    pse = office[Role.PSE]
    expect(refused).to_contain_text(f"{pse} has not acknowledged the handoff.")
    pc.goto(tab(office))
    pc.get_by_role("link", name="It was held").click()
    # To the end: the next address would take the answer away.
    with pc.expect_navigation():
        pc.get_by_role("button", name="Save").click()
    pm.goto(tab(office))
    with pm.expect_navigation():
        pm.get_by_role("button", name="I have read it").click()
    tick_kickoff(pm, office)
    # First what only the answer says: the page before it says neither.
    expect(refused).to_contain_text(f"{pse} has not acknowledged the handoff.")
    expect(refused).not_to_contain_text(f"{office[Role.PM]} has not")

    day = open_as(pse)
    day.goto("/")
    row = day.locator("[data-row]").filter(has_text="Acknowledge the handoff").first
    row.locator("[data-row-tick]").click()
    expect(day.locator("#notices")).to_contain_text("Done: Acknowledge the handoff")
    read = Acknowledgement.objects.filter(handoff__engagement=office.fresh)
    assert read.get(person=pse).done_at is not None
    tick_kickoff(pm, office)
    expect(pm.locator("h1")).to_contain_text("done")


def test_three_write_at_once_and_the_kickoff_waits_for_the_readers(office, open_as):
    roles = (Role.EM, Role.PM, Role.COORDINATOR)
    writers = _em, pm, pc = [open_as(office[role]) for role in roles]
    for page in writers:
        page.goto(tab(office))

    write_three_fields(writers)
    settle_one_field(writers)
    add_the_rest(office, writers)
    turn_two_questions_into_steps(office, pm)
    kickoff_waits_until_it_is_read(office, open_as, pm, pc)


@pytest.mark.full
def test_what_is_typed_without_a_connection_is_saved_when_it_is_back(
    office, browser, live_server
):
    # No watching: a browser without a connection complains of it, and may.
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([session_cookie(office[Role.EM], live_server.url)])
    page = context.new_page()
    page.goto(tab(office))

    context.set_offline(True)
    field(page, "goals").fill("Typed in the train.")
    leave(page)
    expect(page.locator("#live-goals [data-live-state]")).to_contain_text(
        "kept in this browser"
    )
    context.set_offline(False)
    expect(page.locator("#live-goals [data-live-state]")).to_have_text("", timeout=SOON)
    assert stored(office, "goals") == "Typed in the train."

    # And what was typed before the page was closed comes back with it.
    context.set_offline(True)
    field(page, "risks").fill("The tunnel.")
    leave(page)
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(tab(office))
    expect(field(page, "risks")).to_have_value("The tunnel.")
    expect(page.locator("#live-risks [data-live-state]")).to_have_text("", timeout=SOON)
    assert stored(office, "risks") == "The tunnel."
    context.close()
