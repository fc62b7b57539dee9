"""A day on the board: filtered, dragged, refused, and others at work on it too."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from engagements.choices import ForecastCategory
from psdelivery.people.choices import Role
from scheduling.choices import Hold
from scheduling.models import Allocation
from scheduling.services.bookings import Change, change
from scheduling.services.placements import booked_now, placement_of
from tests.browser.test_axe import WCAG, look
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import (
    MONDAY,
    NOW,
    asked_for,
    booked,
    startable,
    workdays,
)

pytestmark = pytest.mark.django_db(transaction=True)
BOARD = f"/schedule/board/?first={MONDAY.isoformat()}"
# The poll comes every four seconds.
SOON = 15_000


@pytest.fixture
def now(shipped, own_connections, clock_at):
    clock_at(NOW)
    return NOW


@pytest.fixture
def cora(now):
    return UserFactory(roles=[Role.COORDINATOR], first_name="Cora", last_name="C")


@pytest.fixture
def carl(now):
    return UserFactory(roles=[Role.COORDINATOR], first_name="Carl", last_name="C")


@pytest.fixture
def ann(now):
    return UserFactory(roles=[Role.PSE], first_name="Ann", last_name="Able")


@pytest.fixture
def bob(now):
    return UserFactory(roles=[Role.PSE], first_name="Bob", last_name="Baker")


@pytest.fixture
def acme(now):
    return startable(title="Roll-out", customer__name="Acme")


def bar(page, booking):
    return page.locator(f'.b-bar[data-bar="{booking.pk}"]:not([aria-hidden])')


def row(page, person):
    return page.locator(f"#p-{person.pk}")


def drag(page, booking, *, columns=0, to=None, grip=40):
    """Drag a bar by days, or by its end, and to the row of somebody else."""
    box = bar(page, booking).bounding_box()
    start = (box["x"] + grip, box["y"] + box["height"] / 2)
    y = row(page, to).bounding_box()["y"] + 10 if to else start[1]
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 6, start[1], steps=2)
    page.mouse.move(start[0] + columns * 26, y, steps=6)
    page.mouse.up()


def dialog(page):
    return page.locator("dialog[open]")


def decide(page, cause="us", **choices):
    for label, value in choices.items():
        dialog(page).get_by_label(label.replace("_", " ")).select_option(value)
    dialog(page).get_by_label(cause, exact=True).check()
    dialog(page).get_by_role("button", name="Move it").click()


def stored(booking):
    return Allocation.objects.get(pk=booking.pk)


def test_a_booking_is_dragged_to_other_days_and_to_somebody_else(
    open_as, cora, ann, bob, acme
):
    booking = booked(ann, acme, hold=Hold.HARD)
    page = open_as(cora)
    page.goto(BOARD)

    drag(page, booking, columns=7, to=bob)
    expect(dialog(page)).to_contain_text("Ann Able → Bob Baker")
    expect(dialog(page)).to_contain_text("15–19 Mar → 22–26 Mar")
    decide(page, "customer")

    expect(page.locator("#notices")).to_contain_text("The booking is moved.")
    expect(row(page, bob).locator(".b-bar")).to_contain_text("22–26 Mar")
    expect(row(page, bob)).to_contain_text("40/40 full")
    expect(row(page, ann).locator(".b-bar")).to_have_count(0)
    found = stored(booking)
    assert (found.person, found.starts_on) == (bob, MONDAY + timedelta(days=7))
    assert (found.cause, found.changed_by) == ("customer", cora)


@pytest.mark.full
def test_an_end_is_dragged_and_a_wider_zoom_moves_by_weeks(open_as, cora, ann, acme):
    booking = booked(ann, acme)
    page = open_as(cora)
    page.goto(BOARD)

    width = bar(page, booking).bounding_box()["width"]
    drag(page, booking, columns=-2, grip=width - 3)
    expect(dialog(page)).to_contain_text("40 → 24")
    decide(page)
    expect(bar(page, booking)).to_contain_text("soft, 24 h, 15–17 Mar")

    page.keyboard.press("2")
    expect(page.locator(".zoom-week")).to_be_visible()
    drag(page, booking, columns=4)
    expect(dialog(page)).to_contain_text("15–17 Mar → 22–24 Mar")


def test_what_has_no_room_is_refused_with_who_and_when(open_as, cora, ann, bob, acme):
    booking = booked(ann, acme, hold=Hold.HARD)
    booked(bob, startable(title="Audit", customer__name="Zenith"), hold=Hold.HARD)
    page = open_as(cora)
    page.goto(BOARD)

    drag(page, booking, to=bob)
    refused = dialog(page).get_by_role("alert")
    expect(refused).to_contain_text("Bob Baker has no room on these days")
    expect(refused).to_contain_text("Mon 15 Mar 2027: 0 of 8 hours are free.")
    expect(dialog(page)).to_contain_text("Zenith · Audit, hard, 15–19 Mar")
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    expect(page.locator(".is-ghost")).to_have_count(0)
    assert stored(booking).person == ann


def test_r2_hard_before_the_signature_is_refused_with_what_is_missing(
    open_as, cora, ann, bob
):
    unsigned = EngagementFactory(
        opportunity_stage=5, forecast_category=ForecastCategory.COMMIT
    )
    booking = booked(ann, unsigned)
    page = open_as(cora)
    page.goto(BOARD)

    drag(page, booking, to=bob)
    decide(page, Soft_or_hard="hard")
    refused = dialog(page).get_by_role("alert")
    expect(refused).to_contain_text("signature")
    assert stored(booking).hold == Hold.SOFT
    decide(page, Soft_or_hard="soft")
    expect(row(page, bob).locator(".b-bar")).to_contain_text("soft")


def test_a_stale_drag_is_refused_and_shows_what_somebody_else_did(
    open_as, cora, carl, ann, bob, acme
):
    booking = booked(ann, acme)
    page = open_as(cora)
    page.goto(BOARD)
    page.route("**/board/changes/**", lambda route: route.abort())
    wanted = placement_of(booking, booked_now(booking))
    move_on(booking, wanted, workdays(MONDAY + timedelta(days=1), count=2), by=carl)
    page.unroute("**/board/changes/**")

    drag(page, booking, columns=7)
    refused = dialog(page).get_by_role("alert")
    expect(refused).to_contain_text("Somebody else was faster")
    expect(refused).to_contain_text("Carl C changed this booking meanwhile")
    expect(dialog(page).get_by_role("button", name="Move it")).to_have_count(0)
    dialog(page).get_by_role("link", name="Back to the board").click()
    expect(bar(page, booking)).to_contain_text("16 h, 16–17 Mar")
    assert stored(booking).starts_on == MONDAY + timedelta(days=1)


def move_on(booking, wanted, days, *, by):
    return change(booking, replace(wanted, days=days), Change(), by=by, now=NOW)


def test_what_somebody_else_does_appears_by_itself(open_as, cora, carl, ann, bob, acme):
    booking = booked(ann, acme)
    watching, working = open_as(cora), open_as(carl)
    for page in (watching, working):
        page.goto(BOARD)
        expect(bar(page, booking)).to_be_visible()

    drag(working, booking, to=bob)
    decide(working, "illness")
    there = row(watching, bob).locator(".b-bar")
    expect(there).to_contain_text("Acme · Roll-out", timeout=SOON)
    expect(row(watching, ann).locator(".b-bar")).to_have_count(0)


def test_the_board_by_keys_alone(open_as, cora, ann, bob, acme):
    booking = booked(ann, acme)
    page = open_as(cora)
    page.goto(BOARD)

    page.keyboard.press("ArrowRight")
    expect(page.locator(".board-days")).to_contain_text("Mon 12 Apr 2027")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".board-days")).to_contain_text("Mon 15 Mar 2027")
    page.keyboard.press("3")
    expect(page.locator(".zoom-month")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(".zoom-day")).to_be_visible()

    bar(page, booking).focus()
    page.keyboard.press("m")
    expect(page.locator("[data-board-says]")).to_contain_text("Moving Acme · Roll-out")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator("[data-board-says]")).to_contain_text(
        "Bob Baker, from Wed 17 Mar on"
    )
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("15–19 Mar → 17–23 Mar")
    dialog(page).get_by_label("us", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(row(page, bob).locator(".b-bar")).to_contain_text("17–23 Mar")
    expect(bar(page, booking)).to_be_focused()

    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.locator(".is-ghost")).to_have_count(0)
    assert stored(booking).version == 2


@pytest.mark.full
def test_rows_come_when_they_are_scrolled_to(open_as, cora, ann):
    people = [UserFactory(roles=[Role.PSE]) for _ in range(45)]
    page = open_as(cora)
    page.goto(BOARD)

    last = max(people, key=lambda one: (one.last_name, one.first_name))
    expect(row(page, last)).to_have_count(0)
    page.locator("[data-board-scroll]").evaluate("node => node.scrollTo(0, 9e6)")
    expect(row(page, last)).to_be_visible()


def over_rows(page):
    """Hold the pointer over the rows, where a wheel scrolls the board."""
    box = page.locator("[data-board-scroll]").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 200)


@pytest.mark.full
def test_further_weeks_come_when_the_end_is_scrolled_to(open_as, cora, ann, acme):
    there = booked(ann, acme, days=workdays(MONDAY + timedelta(weeks=11)))
    booked(ann, acme, days=workdays(MONDAY + timedelta(weeks=15)))
    page = open_as(cora)
    page.goto(f"{BOARD}&role=pse")
    page.evaluate("() => { window.isSamePage = true; }")
    days = page.locator(".board-days")

    over_rows(page)
    page.mouse.wheel(9_000, 0)
    expect(days).to_contain_text("Mon 12 Apr 2027")
    expect(bar(page, there)).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"role=pse&.*first=2027-04-12"))
    assert page.evaluate("() => window.isSamePage")
    # Four weeks of 26 pixels a day have come on the right; what was seen stayed.
    beyond = page.locator("[data-board-scroll]").evaluate(
        "node => node.scrollWidth - node.clientWidth - node.scrollLeft"
    )
    assert beyond == pytest.approx(28 * 26, abs=3)
    page.mouse.wheel(9_000, 0)
    expect(days).to_contain_text("Mon 10 May 2027")
    page.mouse.wheel(-9_000, 0)
    expect(days).to_contain_text("Mon 12 Apr 2027")
    page.go_back()
    expect(days).to_contain_text("Mon 10 May 2027")


@pytest.mark.full
def test_a_focus_that_scrolls_moves_no_window(open_as, cora, ann, acme):
    booking = booked(ann, acme, days=workdays(MONDAY + timedelta(weeks=11)))
    page = open_as(cora)
    page.goto(BOARD)

    page.locator("[data-board-scroll]").focus()
    page.keyboard.press("Tab")
    bar(page, booking).focus()
    page.locator("[data-board-scroll]").evaluate("node => node.scrollTo(9e6, 0)")
    expect(bar(page, booking)).to_be_in_viewport()
    page.keyboard.press("j")
    expect(page.locator(".board-days")).to_contain_text("Mon 15 Mar 2027")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".board-days")).to_contain_text("Mon 12 Apr 2027")


@pytest.mark.full
def test_only_coordinators_drag(open_as, ann, acme):
    booking = booked(ann, acme)
    page = open_as(ann)
    page.goto(BOARD)

    drag(page, booking, columns=3)
    expect(page.locator(".is-ghost")).to_have_count(0)
    expect(dialog(page)).to_have_count(0)


@pytest.mark.parametrize(
    "face",
    [
        ("light", 1280),
        pytest.param(("dark", 1280), marks=pytest.mark.full),
        ("dark", 390),
    ],
    ids=lambda face: f"{face[0]}-{face[1]}",
)
def test_the_board_is_accessible_and_fits(open_as, cora, ann, bob, acme, face):
    theme, width = face
    booking = booked(ann, acme)
    booked(ann, acme, hold=Hold.HARD, days=workdays(count=2))
    booked(None, acme, unnamed="Engineer")
    booked(bob, hold=Hold.HARD)
    asked_for(acme)
    page = open_as(cora, color_scheme=theme, width=width)
    shown = f"booking={booking.pk}&version=1&person={bob.pk}&first={MONDAY}"

    faults = look(page, [BOARD, f"{BOARD}&zoom=week", f"{BOARD}&zoom=month&q=a"])
    faults += look(page, [f"/schedule/board/move/?{shown}"])
    assert "\n".join(faults) == ""


@pytest.mark.full
def test_the_dialog_is_accessible(open_as, cora, ann, bob, acme):
    booking = booked(ann, acme)
    page = open_as(cora)
    page.goto(BOARD)

    drag(page, booking, to=bob)
    expect(dialog(page)).to_be_visible()
    assert Axe().run(page, options=WCAG).response["violations"] == []
