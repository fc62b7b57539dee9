"""The first hard booking dates the planned start; later it is offered as a move."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.choices import Condition, ForecastCategory, Kind, Status
from engagements.models import Engagement
from engagements.services.planned_dates import date_planned_start
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from scheduling.choices import Hold
from scheduling.events import BookedDays
from scheduling.models import Allocation
from scheduling.rules.first_day import day_to_plan, is_committed, is_off_plan
from scheduling.services.bookings import Change, change, release
from scheduling.services.moving import Drop, move_booking
from scheduling.services.placements import booked_now, placement_of
from tests.factories.engagements import open_gate, registered, waived
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, NOW, booked, workdays

WEEK = timedelta(days=7)
NEXT = MONDAY + WEEK
OFFER = "The first booked day is now Mon 22 Mar 2027, the plan says Mon 15 Mar 2027."


def asked(**fields):
    """What the rule asks an engagement: consulting in set-up, without any day."""
    plain = {
        "kind": Kind.CONSULTING,
        "status": Status.IN_SETUP,
        "wished_start": None,
        "wished_start_latest": None,
        "planned_end": None,
    }
    return SimpleNamespace(**{**plain, **fields})


@pytest.mark.unit
@pytest.mark.parametrize("kind", [Kind.CONSULTING, Kind.BLENDED, Kind.DEDICATED])
def test_the_first_booked_day_is_planned_where_no_day_is(kind):
    assert day_to_plan(asked(kind=kind), MONDAY) == MONDAY


@pytest.mark.unit
@pytest.mark.parametrize(
    "fields",
    [
        {"wished_start": NEXT},
        {"wished_start_latest": MONDAY - WEEK},
        {"planned_end": MONDAY - WEEK},
        {"kind": Kind.TRAINING},
        {"kind": Kind.INTERNAL},
        {"status": Status.ACTIVE},
        {"status": Status.ON_HOLD},
        {"status": Status.CLOSED},
    ],
)
def test_a_booking_plans_nothing_against_what_is_there(fields):
    assert day_to_plan(asked(**fields), MONDAY) is None


@pytest.mark.unit
def test_without_a_booking_no_day_is_planned():
    assert day_to_plan(asked(), None) is None


@pytest.mark.unit
def test_only_what_becomes_hard_is_a_promise():
    days = {MONDAY: Decimal(8)}
    nothing, soft = BookedDays(), BookedDays(None, Hold.SOFT, days)
    hard = BookedDays(None, Hold.HARD, days)

    assert is_committed(nothing, hard)
    assert is_committed(soft, hard)
    assert not is_committed(nothing, soft)
    assert not is_committed(hard, hard)
    assert not is_committed(hard, nothing)


@pytest.mark.unit
def test_r20_only_a_date_that_is_there_and_another_is_offered_to_move():
    assert is_off_plan(asked(), MONDAY, NEXT)
    assert not is_off_plan(asked(), MONDAY, MONDAY)
    assert not is_off_plan(asked(), None, NEXT)
    assert not is_off_plan(asked(), MONDAY, None)
    assert not is_off_plan(asked(status=Status.ACTIVE), MONDAY, NEXT)
    assert not is_off_plan(asked(kind=Kind.TRAINING), MONDAY, NEXT)


def in_setup(*, by=None, **fields):
    """Registered with its checklist, stage five and Commit; nothing is planned."""
    found = registered(
        by=by,
        **{
            "opportunity_stage": 5,
            "forecast_category": ForecastCategory.COMMIT,
            "wished_start": None,
            "wished_start_latest": None,
            "planned_end": None,
            **fields,
        },
    )
    Engagement.objects.filter(pk=found.pk).update(status=Status.IN_SETUP)
    found.refresh_from_db()
    return found


@pytest.fixture
def sold(shipped, coordinator):
    """Its gate is open."""
    return open_gate(in_setup(by=coordinator), now=NOW, by=coordinator)


def planned(engagement):
    return engagement.checklist.anchors.get(key="planned_start").value


def due(engagement, key):
    return Step.objects.get(engagement=engagement, key=key, period=0).due_day


def moved(booking, days=7):
    """Put the booking on other days."""
    first = booking.starts_on + timedelta(days=days)
    drop = Drop(person=booking.person, hold=booking.hold, first=first)
    return move_booking(
        booking, drop, Change(reason="Paper", cause="customer"), by=None, now=NOW
    )


def test_the_first_hard_booking_dates_the_kickoff_steps_and_says_why(
    sold, ann, coordinator
):
    assert due(sold, "kickoff-held") is None

    booked(ann, sold, hold=Hold.HARD, by=coordinator)

    fresh = Engagement.objects.get(pk=sold.pk)
    assert (fresh.wished_start, planned(sold)) == (MONDAY, MONDAY)
    assert due(sold, "kickoff-held") == MONDAY
    assert due(sold, "kickoff-prepared") < MONDAY
    for verb in ("engagement-edited", "anchor-dated"):
        events = Event.objects.filter(engagement=sold, verb=verb)
        told = [one for one in events if "first booking" in one.reason]
        assert told[0].reason == "The first booking begins on Mon 15 Mar 2027: Ann A."
        assert told[0].actor == coordinator


def test_the_dedicated_engineer_dates_the_first_day(shipped, coordinator, ann):
    engagement = open_gate(
        in_setup(by=coordinator, kind=Kind.DEDICATED), now=NOW, by=coordinator
    )

    booked(ann, engagement, hold=Hold.HARD)

    assert planned(engagement) == due(engagement, "first-day") == MONDAY


def test_an_unnamed_engineer_dates_it_too(sold):
    booked(None, sold, hold=Hold.HARD, unnamed="Engineer")

    assert planned(sold) == MONDAY


def test_a_planned_day_is_never_overwritten(shipped, coordinator, ann):
    engagement = open_gate(
        in_setup(by=coordinator, wished_start=NEXT), now=NOW, by=coordinator
    )

    booked(ann, engagement, hold=Hold.HARD)

    assert planned(engagement) == NEXT
    assert Engagement.objects.get(pk=engagement.pk).wished_start == NEXT


def test_a_soft_hold_dates_nothing_until_it_is_made_hard(sold, ann):
    hold = booked(ann, sold)
    assert planned(sold) is None

    stays = booked_now(hold)
    firm = placement_of(hold, BookedDays(stays.person, Hold.HARD, stays.days))
    change(hold, firm, Change(version=1), by=None, now=NOW)

    assert planned(sold) == MONDAY


@pytest.mark.parametrize("role", [EngagementRole.PM, EngagementRole.TRAINER])
def test_another_role_dates_nothing(sold, ann, role):
    booked(ann, sold, hold=Hold.HARD, role=role)

    assert planned(sold) is None


def test_training_is_left_alone(shipped, coordinator, ann):
    engagement = open_gate(
        in_setup(by=coordinator, kind=Kind.TRAINING), now=NOW, by=coordinator
    )

    booked(ann, engagement, hold=Hold.HARD)

    assert Engagement.objects.get(pk=engagement.pk).wished_start is None


def test_r2_while_the_gate_is_closed_only_the_intake_has_the_day(shipped, coordinator):
    engagement = in_setup(by=coordinator)
    why = "The first booking"

    date_planned_start(engagement, MONDAY, by=coordinator, reason=why, now=NOW)
    assert Engagement.objects.get(pk=engagement.pk).wished_start == MONDAY
    assert planned(engagement) is None

    open_gate(engagement, now=NOW, by=coordinator)
    assert planned(engagement) == MONDAY


def test_r3_a_booking_at_risk_dates_the_start_too(shipped, coordinator, ann):
    engagement = in_setup(by=coordinator)
    waived(engagement, Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS, now=NOW)

    booked(ann, engagement, hold=Hold.HARD)

    assert planned(engagement) == MONDAY


def test_an_earlier_booking_that_comes_later_leaves_the_date(sold, ann, ben):
    booked(ann, sold, hold=Hold.HARD, days=workdays(NEXT))
    booked(ben, sold, hold=Hold.HARD)

    assert planned(sold) == NEXT


def test_a_move_leaves_the_dates_and_release_too(sold, ann):
    booking = moved(booked(ann, sold, hold=Hold.HARD))
    assert planned(sold) == MONDAY

    release(booking, Change(reason="Paper", cause="customer"), by=None, now=NOW)
    assert planned(sold) == MONDAY


def schedule_of(engagement):
    return f"{engagement.get_absolute_url()}schedule/"


def test_a_moved_first_day_is_offered_on_both_pages_and_moves_the_dates(
    client, sold, ann, coordinator, at_now
):
    client.force_login(coordinator)
    booking = booked(ann, sold, hold=Hold.HARD)
    pages = [schedule_of(sold), booking.get_absolute_url()]
    assert all("first booked day" not in client.get(page).text for page in pages)

    moved(booking)

    anchor = sold.checklist.anchors.get(key="planned_start")
    move = reverse("engagements:planned-move", args=[sold.pk, anchor.pk])
    for page in pages:
        shown = client.get(page)
        assert OFFER in shown.text
        url = shown.context["off_plan"].url
        assert url.startswith(f"{move}?day=2027-03-22&next=%2F")
    form = client.get(url)
    assert 'value="2027-03-22"' in form.text
    body = {
        "day": "2027-03-22", "cause": "customer", "reason": "Paper",
        "next": booking.get_absolute_url(),
    }  # fmt: skip
    token = client.post(move, body).context["look"].preview.token
    done = client.post(move, body | {"confirm": token})

    assert done.url == booking.get_absolute_url()
    assert planned(sold) == due(sold, "kickoff-held") == NEXT
    assert all("first booked day" not in client.get(page).text for page in pages)


@pytest.mark.parametrize("to", [NEXT, MONDAY])
def test_a_drag_is_answered_with_the_way_to_move_the_dates(
    client, sold, ann, coordinator, at_now, to
):
    client.force_login(coordinator)
    booking = booked(ann, sold, hold=Hold.HARD)
    body = {
        "booking": booking.pk, "person": ann.pk, "first": to.isoformat(), "last": "",
        "version": 1, "hold": "hard", "cause": "customer", "reason": "",
    }  # fmt: skip

    answer = client.post(
        reverse("scheduling:board-move"), body, headers={"HX-Request": "true"}
    )

    anchor = sold.checklist.anchors.get(key="planned_start")
    move = reverse("engagements:planned-move", args=[sold.pk, anchor.pk])
    assert "The booking is moved." in answer.text
    link = f'href="{move}?day=2027-03-22&amp;next=%2Fschedule%2Fboard%2F"'
    assert (link in answer.text) == (f"{OFFER} Move the dates" in answer.text)
    assert (link in answer.text) == (to == NEXT)


def test_only_the_booking_that_begins_first_says_so(
    client, sold, ann, ben, coordinator, at_now
):
    client.force_login(coordinator)
    first = booked(ann, sold, hold=Hold.HARD)
    later = booked(ben, sold, hold=Hold.HARD, days=workdays(NEXT + WEEK))
    soft = booked(ben, sold, days=workdays(MONDAY - WEEK))
    moved(first)

    assert OFFER in client.get(first.get_absolute_url()).text
    assert "first booked day" not in client.get(later.get_absolute_url()).text
    assert "first booked day" not in client.get(soft.get_absolute_url()).text


def test_who_may_not_change_the_intake_reads_it_without_the_link(
    client, sold, ann, at_now
):
    client.force_login(ann)
    moved(booked(ann, sold, hold=Hold.HARD))

    shown = client.get(schedule_of(sold))
    assert OFFER in shown.text
    assert shown.context["off_plan"].url == ""
    assert "Who may change the intake can move the dates with it." in shown.text


def test_the_tab_takes_the_same_queries_with_three_and_thirty_bookings(
    client, sold, coordinator, at_now
):
    client.force_login(coordinator)
    page = schedule_of(sold)
    counted = []
    for count in (3, 27):
        for _ in range(count):
            person = UserFactory(roles=[Role.PSE])
            booked(person, sold, hold=Hold.HARD, days=workdays(count=1, hours=1))
        Allocation.objects.update(starts_on=NEXT, ends_on=NEXT)
        with CaptureQueriesContext(connection) as captured:
            assert OFFER in client.get(page).text
        counted.append(len(captured))

    assert counted[0] == counted[1]
