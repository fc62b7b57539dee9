"""The teams of copied stories are booked in bulk, by the rules of the services."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F, Q, Sum

from engagements.choices import Status
from engagements.models import Engagement, TeamMember
from psdelivery.dashboards.demo.seeding import seed
from psdelivery.history.models import Event
from scheduling.choices import Hold
from scheduling.models import Allocation, AllocationDay, CapacityDay
from scheduling.rules.booking import summary_of

# A Wednesday.
NOW = datetime(2027, 6, 9, 9, 30, tzinfo=UTC)
TOLD, COUNT = 8, 32
NOTHING = Decimal(0)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("site_bookings")]


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        seed(COUNT, 1, now=NOW, told=TOLD)
        yield
        transaction.set_rollback(True)


def at_sites():
    """The bookings of the teams of copies; the coordinator's log-in plans others."""
    rows = Allocation.objects.filter(engagement__customer__name__contains=", site ")
    return rows.exclude(placed_by__username="coordinator")


def test_the_teams_of_copies_are_booked_where_the_story_was():
    booked = at_sites().filter(hold=Hold.HARD).values("engagement__status")

    assert {row["engagement__status"] for row in booked} == {
        Status.ACTIVE,
        Status.OKAY_TO_START,
        Status.CLOSED,
        Status.ON_HOLD,
    }
    held = at_sites().filter(hold=Hold.SOFT)
    statuses = set(held.values_list("engagement__status", flat=True))
    assert statuses == {Status.PROSPECT, Status.IN_SETUP}


def test_the_days_of_people_hold_the_sums_of_their_bookings():
    sums = defaultdict(lambda: [NOTHING, NOTHING])
    rows = AllocationDay.objects.exclude(person=None)
    for person, day, hold, hours in rows.values_list(
        "person_id", "day", "hold", "hours"
    ):
        sums[person, day][hold != Hold.HARD] += hours

    stored = CapacityDay.objects.filter(Q(hard__gt=0) | Q(soft__gt=0))
    kept = {(row.person_id, row.day): [row.hard, row.soft] for row in stored}

    assert len(kept) > 500
    assert kept == dict(sums)


def test_r6_nobody_is_overbooked_but_who_fell_ill():
    over = CapacityDay.objects.filter(hard__gt=F("capacity"))

    assert set(over.values_list("overbooked", "off")) <= {(True, "away")}


def test_the_team_says_what_is_booked():
    members = TeamMember.objects.filter(person__isnull=False)
    for member in members.select_related("engagement"):
        days = AllocationDay.objects.filter(
            allocation__engagement=member.engagement,
            allocation__role=member.role,
            person=member.person,
        )
        summary = summary_of(days.values_list("hold", "day", "hours"))
        said = (member.booking, member.first_day, member.hours)
        assert said == (summary.booking, summary.first_day, summary.hours)


def test_a_booking_says_first_and_last_day_and_the_sum_of_its_hours():
    for booking in at_sites().annotate(sum=Sum("days__hours")):
        days = list(booking.days.values_list("day", flat=True))
        assert (booking.starts_on, booking.ends_on) == (min(days), max(days))
        assert booking.hours == booking.sum


def test_nobody_works_on_what_has_ended():
    ended = [Status.ON_HOLD, Status.CLOSED, Status.COMPLETED]
    found = at_sites().filter(engagement__status__in=ended)

    assert found.exists()
    for booking in found.select_related("engagement"):
        assert booking.ends_on < booking.engagement.status_since.date()


def test_r8_a_soft_hold_ends_in_time_but_not_at_once():
    held = at_sites().filter(hold=Hold.SOFT)

    assert held.exists()
    assert not held.filter(expires_at__lt=NOW + timedelta(days=4)).exists()
    assert not held.filter(placed_at__gt=NOW).exists()


def test_the_history_tells_of_each_booking_once_and_of_no_other():
    for booking in at_sites():
        event = Event.objects.get(verb="allocation-placed", subject_id=booking.pk)
        assert event.engagement_id == booking.engagement_id
        assert event.changes["hold"] == ["", booking.hold]
        assert event.changes["last_day"] == [None, booking.ends_on.isoformat()]
    copies = Engagement.objects.filter(customer__name__contains=", site ")
    events = Event.objects.filter(engagement__in=copies, verb__startswith="allocation")
    events = events.exclude(actor__username="coordinator")
    assert events.count() == at_sites().count()
    assert not events.filter(at__gt=NOW).exists()
