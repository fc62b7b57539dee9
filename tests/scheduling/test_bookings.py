"""Bookings ask the gate, tell the team, and notice who was faster."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engagements.choices import Booking, Condition
from engagements.models import TeamMember
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole
from psdelivery.registry import RuleRefused, reactions
from scheduling.choices import AllocationState, Hold
from scheduling.events import AllocationChanged
from scheduling.models import Allocation, AllocationDay
from scheduling.services.bookings import Change, change, release
from tests.factories.engagements import EngagementFactory, waived
from tests.factories.people import UserFactory
from tests.factories.scheduling import (
    MONDAY,
    NOW,
    booked,
    startable,
    wanted,
    workdays,
)

pytestmark = pytest.mark.django_db


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


def test_r2_a_hard_booking_before_the_signature_names_what_is_missing(ann):
    with pytest.raises(RuleRefused) as refused:
        booked(ann, EngagementFactory(), hold=Hold.HARD)

    assert codes(refused) == [Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS]
    assert not Allocation.objects.exists()


def test_r2_a_soft_hold_wants_stage_five_and_commit_and_an_offer_does_not(ann):
    engagement = EngagementFactory(opportunity_stage=4)

    with pytest.raises(RuleRefused) as refused:
        booked(ann, engagement)

    assert codes(refused) == ["stage"]


def test_r3_work_at_risk_lets_hours_up_to_its_cap_be_booked(ann):
    engagement = EngagementFactory()
    waived(
        engagement,
        Condition.CUSTOMER_SIGNATURE,
        Condition.BILLING_TERMS,
        hours=40,
        now=NOW,
    )
    booked(ann, engagement, hold=Hold.HARD)

    with pytest.raises(RuleRefused) as refused:
        booked(ann, engagement, hold=Hold.HARD, days=workdays(MONDAY + timedelta(7), 1))

    assert codes(refused) == ["risk-cap"]


def test_the_team_says_what_is_booked(ann):
    engagement = startable()
    first = booked(ann, engagement, hold=Hold.HARD)
    booked(ann, engagement, days=workdays(MONDAY - timedelta(7)))
    member = TeamMember.objects.get(engagement=engagement, person=ann)
    assert (member.booking, member.first_day, member.hours) == (
        Booking.HARD,
        MONDAY,
        40,
    )

    release(first, Change(reason="Moved", cause="customer"), by=None, now=NOW)

    member.refresh_from_db()
    assert (member.booking, member.first_day) == ("soft", MONDAY - timedelta(7))


def test_a_booking_takes_the_place_of_the_reason_for_nobody(ann):
    engagement = startable()
    TeamMember.objects.create(
        engagement=engagement, role=EngagementRole.PSE, none_reason="Not chosen yet"
    )

    booked(ann, engagement)

    assert [one.person for one in engagement.team.filter(role="pse")] == [ann]


def test_a_stale_change_is_refused_with_who_changed_what(ann):
    engagement = startable()
    allocation = booked(ann, engagement)
    bob = UserFactory(first_name="Bob", last_name="Boss")
    fewer = wanted(ann, engagement, days=workdays(hours=2))
    change(allocation, fewer, Change(version=1), by=bob, now=NOW)

    with pytest.raises(RuleRefused) as refused:
        change(allocation, fewer, Change(version=1), by=ann, now=NOW)

    assert codes(refused) == ["stale"]
    assert "Bob Boss changed this booking meanwhile" in str(refused.value)
    assert "10 hours" in str(refused.value)


def test_release_from_a_day_on_keeps_what_was_worked(ann):
    allocation = booked(ann, hold=Hold.HARD)

    release(
        allocation,
        Change(reason="Customer stopped", cause="customer"),
        from_day=MONDAY + timedelta(days=2),
        by=None,
        now=NOW,
    )

    allocation.refresh_from_db()
    assert (allocation.state, allocation.hours) == (AllocationState.ACTIVE, 16)
    assert AllocationDay.objects.filter(allocation=allocation).count() == 2


def test_release_wants_a_reason_and_happens_once(ann):
    allocation = booked(ann)

    with pytest.raises(RuleRefused):
        release(allocation, Change(reason=" "), by=None, now=NOW)
    release(allocation, Change(reason="No need"), by=None, now=NOW)
    with pytest.raises(RuleRefused) as refused:
        release(allocation, Change(reason="No need"), by=None, now=NOW)

    assert codes(refused) == ["ended"]
    allocation.refresh_from_db()
    assert (allocation.state, allocation.end_reason) == ("released", "No need")


def test_each_change_is_in_the_history_with_before_after_and_reason(ann):
    engagement = startable()
    allocation = booked(ann, engagement, by=ann)
    change(
        allocation,
        wanted(ann, engagement, days=workdays(hours=2)),
        Change(reason="Less to do", cause="customer"),
        by=ann,
        now=NOW,
    )

    event = Event.objects.get(verb="allocation-changed")
    assert event.changes == {"hours": ["40.00", "10"]}
    assert (event.reason, event.actor, event.engagement_id) == (
        "Less to do",
        ann,
        engagement.pk,
    )


def test_what_changed_is_told_to_the_places_below(ann):
    told = []

    def listen(event):
        told.append((event.before.hours, event.after.hours))

    reactions.register(AllocationChanged, listen)
    allocation = booked(ann)
    release(allocation, Change(reason="No need"), by=None, now=NOW)

    assert told == [(0, Decimal(40)), (Decimal(40), 0)]


def test_somebody_who_left_is_not_booked(ann):
    ann.is_active = False
    ann.save()

    with pytest.raises(RuleRefused) as refused:
        booked(ann)

    assert codes(refused) == ["left"]


def test_an_unnamed_resource_takes_nobodys_days():
    allocation = booked(unnamed="Unnamed PSE")

    assert allocation.who == "Unnamed PSE"
    assert allocation.days.count() == 5
