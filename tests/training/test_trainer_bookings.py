"""The trainer's days of a class: booked through the schedule, following the class."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from psdelivery.people.choices import Role
from psdelivery.playbooks.services.moves import undo_move
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold
from scheduling.events import StoodIn
from scheduling.models import Allocation, AllocationDay
from scheduling.services.bookings import Change, Placement, change, place, release
from scheduling.services.placements import booked_now, placement_of
from tests.factories.engagements import meet, open_gate
from tests.factories.people import UserFactory
from tests.factories.proposals import sure
from tests.factories.scheduling import wanted
from tests.factories.training import NOW, SYDNEY, CourseFactory, local, plan_class
from training.booking_card import booked_for, contradictions
from training.choices import Place, TrainerHold
from training.models import Delivery
from training.reactions import follow_stand_in
from training.rules.times import SessionTimes
from training.rules.trainer_days import hours_by_day, journeys, travel_hours
from training.services.deliveries import (
    cancel_delivery,
    change_trainer,
    edit_delivery,
    move_delivery,
)
from training.services.entering import enter_class
from training.services.sessions import add_session, remove_session
from training.services.trainer_bookings import book_trainer, teaching_days

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 4, 6)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
WHY = "Taught it before"


@pytest.fixture
def trainer(place):
    return trainer_called("Ann", place)


@pytest.fixture
def other(place):
    return trainer_called("Ben", place)


@pytest.fixture
def booked(delivery, coordinator):
    open_gate(delivery.engagement)
    book_trainer(delivery, Hold.HARD, by=coordinator, now=NOW)
    return delivery


def trainer_called(name, place):
    return UserFactory(first_name=name, roles=[Role.TRAINER], zone=SYDNEY, **place)


def days_of(person):
    rows = AllocationDay.objects.filter(person=person).order_by("day")
    return list(rows.values_list("day", flat=True))


def full(person, day, by):
    """Let a day of somebody be booked hard elsewhere."""
    return place(wanted(person, days={day: Decimal(6)}, hold=Hold.HARD), by=by, now=NOW)


def said(delivery):
    return contradictions(
        delivery, booked_for(delivery), teaching_days(delivery), today=NOW.date()
    )


def test_days_are_those_of_the_trainer_and_hours_in_quarters():
    one = local(TUESDAY, "09:00", "12:20").moments

    assert hours_by_day([one], SYDNEY) == {TUESDAY: Decimal("3.5")}
    # 19:00 to 22:20 the evening before in New York.
    assert hours_by_day([one], "America/New_York") == {TUESDAY - DAY: Decimal("3.5")}
    late = SessionTimes(one.starts_at, one.starts_at + 6 * timedelta(hours=1), SYDNEY)
    assert hours_by_day([late], "America/New_York") == {
        TUESDAY - DAY: Decimal(5),
        TUESDAY: Decimal(1),
    }


def test_a_journey_stays_over_a_weekend_and_weekly_classes_are_one_each():
    friday, monday = date(2027, 4, 9), date(2027, 4, 12)

    assert journeys([friday, monday]) == [(friday, monday)]
    assert journeys([TUESDAY, TUESDAY + WEEK]) == [
        (TUESDAY, TUESDAY),
        (TUESDAY + WEEK, TUESDAY + WEEK),
    ]
    assert travel_hours([TUESDAY], Decimal(4)) == {
        TUESDAY - DAY: Decimal(4),
        TUESDAY + DAY: Decimal(4),
    }


def test_a_class_without_booking_goes_on_as_before(delivery, coordinator):
    move_delivery(delivery, 7, by=coordinator, reason="Asked", now=NOW)

    assert not Allocation.objects.exists()


def test_the_days_of_the_class_are_booked(booked, trainer):
    allocation = booked.trainer_bookings.get().allocation

    assert days_of(trainer) == [TUESDAY, TUESDAY + DAY]
    assert (allocation.hours, allocation.hold) == (8, Hold.HARD)


def test_a_class_may_be_entered_with_its_trainer_booked(
    engagement, trainer, coordinator
):
    open_gate(engagement)
    course = CourseFactory()
    delivery = Delivery(
        engagement=engagement, course=course, title="Git", trainer=trainer
    )
    enter_class(
        delivery,
        [local(TUESDAY).moments],
        platform="webinar",
        hold=TrainerHold.HARD,
        reason=WHY,
        by=coordinator,
        now=NOW,
    )

    assert days_of(trainer) == [TUESDAY]


def test_r6_full_days_refuse_with_the_ways_out(delivery, trainer, coordinator):
    open_gate(delivery.engagement)
    full(trainer, TUESDAY, coordinator)

    with pytest.raises(RuleRefused) as refusal:
        book_trainer(delivery, Hold.HARD, by=coordinator, now=NOW)
    (reason,) = refusal.value.reasons
    assert reason.code == "overbooked"
    assert reason.fix_url == f"/training/classes/{delivery.pk}/booking/"


def test_r6_a_class_does_not_move_onto_a_full_day(booked, trainer, coordinator):
    full(trainer, TUESDAY + WEEK, coordinator)

    with pytest.raises(RuleRefused, match="13 Apr"):
        move_delivery(booked, 7, by=coordinator, reason="Asked", now=NOW)
    assert days_of(trainer) == [TUESDAY, TUESDAY + DAY, TUESDAY + WEEK]


def test_the_booking_moves_with_the_class_and_back_again(booked, trainer, coordinator):
    move = move_delivery(
        booked, 7, by=coordinator, reason="Asked", cause="customer", now=NOW
    )
    allocation = booked.trainer_bookings.get().allocation
    assert days_of(trainer) == [TUESDAY + WEEK, TUESDAY + WEEK + DAY]
    assert allocation.cause == "customer"

    undo_move(move, by=coordinator, now=NOW)
    assert days_of(trainer) == [TUESDAY, TUESDAY + DAY]


def test_sessions_more_and_fewer_are_days_more_and_fewer(booked, trainer, coordinator):
    times = local(TUESDAY + 2 * DAY).moments
    added = add_session(booked, times, by=coordinator, now=NOW)
    assert days_of(trainer)[-1] == TUESDAY + 2 * DAY

    remove_session(added, by=coordinator, reason="Too long", now=NOW)
    assert days_of(trainer)[-1] == TUESDAY + DAY


def test_another_trainer_has_the_days(booked, trainer, other, coordinator):
    change_trainer(booked, other, by=coordinator, reason=WHY, now=NOW)

    assert (days_of(trainer), len(days_of(other))) == ([], 2)
    change_trainer(booked, None, by=coordinator, reason=WHY, now=NOW)
    assert days_of(other) == []


def test_a_class_called_off_frees_the_days(booked, trainer, coordinator):
    cancel_delivery(booked, by=coordinator, reason="Too few", now=NOW)

    assert days_of(trainer) == []
    assert booked.trainer_bookings.get().allocation.end_reason == "Too few"


def test_days_that_are_over_stay_with_who_worked_them(
    booked, trainer, other, coordinator
):
    # Wednesday in Sydney, the second day: its work has begun.
    meet(booked.engagement)
    at = NOW + (TUESDAY + DAY - NOW.date())
    change_trainer(booked, other, by=coordinator, reason=WHY, now=at)

    assert days_of(trainer) == [TUESDAY]
    assert days_of(other) == [TUESDAY + DAY]


def test_on_site_the_days_of_travel_are_a_booking_of_their_own(
    engagement, trainer, coordinator
):
    # Monday is a holiday in Australia: soft days may be more than the day has.
    sure(engagement)
    delivery = plan_class(engagement, trainer=trainer, place=Place.ON_SITE)
    book_trainer(delivery, Hold.SOFT, by=coordinator, now=NOW)

    travel = delivery.trainer_bookings.get(is_travel=True).allocation
    assert (travel.starts_on, travel.ends_on) == (TUESDAY - DAY, TUESDAY + 2 * DAY)
    assert travel.hours == 8
    edit_delivery(delivery, {"place": Place.REMOTE}, by=coordinator, now=NOW)
    assert days_of(trainer) == [TUESDAY, TUESDAY + DAY]
    edit_delivery(delivery, {"place": Place.ON_SITE}, by=coordinator, now=NOW)
    assert len(days_of(trainer)) == 4


def test_the_class_says_where_the_board_contradicts_it(booked, coordinator):
    allocation = booked.trainer_bookings.get().allocation
    assert said(booked) == []
    stood = placement_of(allocation, booked_now(allocation))
    moved = {TUESDAY: Decimal(4), TUESDAY + 2 * DAY: Decimal(4)}
    again = Placement(**{**vars(stood), "days": moved})
    change(allocation, again, Change(reason="Board"), by=coordinator, now=NOW)

    assert said(booked) == [
        "The booking does not cover Wed 7 Apr.",
        "Booked too, though the class does not meet: Thu 8 Apr.",
    ]


def test_a_released_booking_is_taken_up_no_more(booked, trainer, coordinator):
    allocation = booked.trainer_bookings.get().allocation
    release(allocation, Change(reason="Mistake"), by=coordinator, now=NOW)
    move_delivery(booked, 7, by=coordinator, reason="Asked", now=NOW)

    assert days_of(trainer) == []


def test_who_stands_in_takes_the_class_with_its_booking(
    booked, trainer, other, coordinator
):
    old = booked.trainer_bookings.get().allocation
    release(old, Change(reason="Ill"), by=coordinator, now=NOW)
    days = {TUESDAY: Decimal(4), TUESDAY + DAY: Decimal(4)}
    taken = place(
        wanted(other, booked.engagement, days=days, hold=Hold.HARD, role="trainer"),
        by=coordinator,
        now=NOW,
    )
    follow_stand_in(
        StoodIn(
            allocation=taken,
            person=trainer,
            other=other,
            days=tuple(days),
            by=coordinator,
            now=NOW,
            reason="Ill",
        )
    )

    booked.refresh_from_db()
    assert booked.trainer == other
    assert said(booked) == []
    assert booked.trainer_bookings.get(allocation=taken).is_travel is False
