"""R-3 at the point of booking: the last day and the cap of work at risk."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engagements.choices import Condition
from engagements.models import TeamMember
from engagements.queries import gate_for
from engagements.rules.gate import Gate
from engagements.rules.risk import (
    BookedHours,
    enlarges,
    reasons_against_risky_booking,
)
from psdelivery.people.choices import Role
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold
from scheduling.services.bookings import Change, change, place
from tests.factories.engagements import NOW, meet, open_gate, waived
from tests.factories.people import UserFactory
from tests.factories.scheduling import wanted, workdays

pytestmark = pytest.mark.django_db
SIGNATURE, TERMS = Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS
COUNTERSIGNATURE = Condition.COUNTERSIGNATURE
TODAY = NOW.date()


@pytest.fixture
def manager(consulting, region):
    person = UserFactory(username="mona", roles=[Role.PRACTICE_MANAGER], region=region)
    consulting.practice.manager = person
    consulting.practice.save()
    return person


@pytest.fixture
def other(db):
    return UserFactory(roles=[Role.PSE])


def later(days):
    return NOW + timedelta(days=days)


def hard(engagement, person, hours=8, day=date(2027, 3, 15), **fields):
    """A hard booking of whole days of eight hours, the last one shorter."""
    full, rest = divmod(Decimal(hours), 8)
    days = workdays(day, int(full) + bool(rest))
    days[max(days)] = rest or Decimal(8)
    return wanted(person, engagement, hold=Hold.HARD, days=days, **fields)


def refused_booking(placement, now=NOW):
    with pytest.raises(RuleRefused) as refusal:
        place(placement, by=None, now=now)
    return [reason.code for reason in refusal.value.reasons]


def test_r3_after_expiry_new_hard_bookings_are_refused_and_old_ones_stay(
    consulting, pse, other, manager
):
    waived(consulting, SIGNATURE, TERMS, by=manager)
    stands = place(hard(consulting, pse), by=None, now=NOW)

    reasons = refused_booking(hard(consulting, other), now=later(20))
    assert set(reasons) == {SIGNATURE, TERMS, "risk-ended"}
    why, now = Change(reason="As agreed"), later(20)
    less = change(stands, hard(consulting, pse, 6), why, by=None, now=now)
    assert (less.hold, less.hours) == (Hold.HARD, 6)
    with pytest.raises(RuleRefused):
        change(stands, hard(consulting, pse, 10), why, by=None, now=now)


def test_r3_after_expiry_an_unnamed_booking_can_still_be_shortened(consulting, manager):
    waived(consulting, SIGNATURE, TERMS, by=manager)
    placement = hard(consulting, None, 16, unnamed="Unnamed PSE")
    stands = place(placement, by=None, now=NOW)

    shorter = hard(consulting, None, 8, unnamed="Unnamed PSE")
    change(stands, shorter, Change(reason="Less"), by=None, now=later(20))
    stands.refresh_from_db()
    assert stands.hours == 8


def test_r3_expiry_binds_where_only_the_first_day_was_waived(consulting, pse, manager):
    open_gate(consulting)
    waived(consulting, COUNTERSIGNATURE, by=manager)

    assert refused_booking(hard(consulting, pse), now=later(20)) == ["risk-ended"]


def test_r3_beyond_the_cap_new_hard_bookings_are_refused(
    consulting, pse, other, manager
):
    waived(consulting, SIGNATURE, TERMS, by=manager, hours=20)
    place(hard(consulting, pse, 16), by=None, now=NOW)

    assert refused_booking(hard(consulting, other, 5)) == ["risk-cap"]
    assert place(hard(consulting, other, 4), by=None, now=NOW).hours == 4


def test_r3_hours_of_unnamed_resources_count_against_the_cap(consulting, pse, manager):
    waived(consulting, SIGNATURE, TERMS, by=manager, hours=20)
    consultant = hard(consulting, None, 16, unnamed="Consultant of a partner")
    place(consultant, by=None, now=NOW)

    assert refused_booking(hard(consulting, pse, 5)) == ["risk-cap"]


def test_r3_the_own_hours_of_somebody_count_once(consulting, pse, manager):
    waived(consulting, SIGNATURE, TERMS, by=manager, hours=20)
    first = place(hard(consulting, pse, 16), by=None, now=NOW)
    place(hard(consulting, pse, 4, date(2027, 3, 22)), by=None, now=NOW)

    why = Change(reason="As agreed")
    less = change(first, hard(consulting, pse, 12), why, by=None, now=NOW)
    assert less.hours == 12
    again = change(first, hard(consulting, pse, 16), why, by=None, now=NOW)
    assert again.hours == 16


def test_r3_soft_bookings_are_not_bound_by_it(consulting, pse, manager):
    consulting.opportunity_stage, consulting.forecast_category = 5, "commit"
    consulting.save()
    waived(consulting, SIGNATURE, TERMS, by=manager, hours=1)

    soft = replace(hard(consulting, pse, 80), hold=Hold.SOFT)
    assert place(soft, by=None, now=NOW).pk


@pytest.mark.unit
@pytest.mark.parametrize(
    ("before", "after", "is_new"),
    [
        (None, {"booking": "hard"}, True),
        (None, {"booking": "soft"}, False),
        ({"booking": "soft"}, {"booking": "hard"}, True),
        ({"booking": "hard", "hours": 8}, {"booking": "hard", "hours": 8}, False),
        ({"booking": "hard", "hours": 8}, {"booking": "hard", "hours": 6}, False),
        ({"booking": "hard", "hours": 8}, {"booking": "hard", "hours": 9}, True),
        (
            {"booking": "hard", "person_id": 1},
            {"booking": "hard", "person_id": 2},
            True,
        ),
    ],
)
def test_r3_what_counts_as_a_new_hard_booking(before, after, is_new):
    stored = TeamMember(**before) if before is not None else None

    assert enlarges(TeamMember(**after), stored) is is_new


def test_r2_the_first_delivery_day_asks_for_the_second_group_when_it_has_come(
    consulting, pse, manager
):
    open_gate(consulting)
    today = hard(consulting, pse, day=TODAY)

    assert refused_booking(today) == [
        Condition.CLOSED_WON,
        Condition.AGREEMENT,
        COUNTERSIGNATURE,
    ]
    tomorrow = hard(consulting, pse, day=TODAY + timedelta(days=1))
    stands = place(tomorrow, by=None, now=NOW)
    with pytest.raises(RuleRefused) as refusal:
        change(stands, today, Change(reason="Earlier"), by=None, now=NOW)
    assert COUNTERSIGNATURE in [reason.code for reason in refusal.value.reasons]


def test_r3_the_second_group_waived_lets_the_first_day_come(consulting, pse, manager):
    open_gate(consulting)
    meet(consulting, Condition.CLOSED_WON, Condition.AGREEMENT)
    waived(consulting, COUNTERSIGNATURE, by=manager)

    assert place(hard(consulting, pse, day=TODAY), by=None, now=NOW).pk


@pytest.mark.unit
def test_r3_without_any_waiver_nothing_is_capped():
    hours = BookedHours(Decimal(1000))

    assert reasons_against_risky_booking(Gate(conditions=()), hours) == []


def test_r3_a_booking_without_hours_cannot_be_held_against_the_cap(consulting, manager):
    waived(consulting, SIGNATURE, TERMS, by=manager, hours=20)

    (reason,) = reasons_against_risky_booking(
        gate_for(consulting, NOW), BookedHours(None)
    )
    assert reason.code == "risk-hours-missing"
