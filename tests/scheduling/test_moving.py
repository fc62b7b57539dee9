"""Bookings that are moved: their days, what is refused, and who is told."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from engagements.choices import ForecastCategory
from psdelivery.history.models import Event
from psdelivery.people.choices import Role, TimeOffKind
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services.time_off import enter_time_off
from psdelivery.registry import RuleRefused
from scheduling.choices import BoardPart, Hold
from scheduling.models import Allocation, BoardChange, CapacityDay
from scheduling.queries.board_changes import (
    OVERLAP,
    Seen,
    newest,
    news_since,
    read_seen,
)
from scheduling.rules.moving import moved_days, stretched_days, usual_hours
from scheduling.services.bookings import Change, release
from scheduling.services.moving import Drop, move_booking, preview_move
from tests.factories.engagements import EngagementFactory
from tests.factories.people import TimeOffFactory, UserFactory
from tests.factories.scheduling import (
    MONDAY,
    NOW,
    asked_for,
    booked,
    startable,
    workdays,
)

MOVE = "/schedule/board/move/"
EIGHT = Decimal(8)


def day(number):
    return MONDAY + timedelta(days=number)


def weeks(*, off=()):
    """Which of eight weeks' days are worked on."""
    return {day(n): n % 7 < 5 and n not in off for n in range(56)}


@pytest.mark.unit
def test_a_move_keeps_gaps_and_steps_over_days_off():
    days = {day(0): EIGHT, day(2): Decimal(4), day(4): EIGHT}

    assert moved_days(days, day(9), weeks(), weeks(off=[10])) == {
        day(9): EIGHT,
        day(14): Decimal(4),
        day(16): EIGHT,
    }


@pytest.mark.unit
def test_a_move_onto_a_day_off_begins_with_the_next_working_day():
    assert moved_days({day(0): EIGHT}, day(5), weeks(), weeks()) == {day(7): EIGHT}


@pytest.mark.unit
def test_a_worked_weekend_counts_as_a_day_of_its_own():
    days = {day(4): EIGHT, day(5): Decimal(4), day(7): EIGHT}

    assert list(moved_days(days, day(7), weeks(), weeks())) == [day(7), day(8), day(9)]


BOOKINGS = st.dictionaries(
    st.integers(0, 20).map(day), st.sampled_from([EIGHT, Decimal("2.25")]), min_size=1
)


@pytest.mark.unit
@given(BOOKINGS, st.integers(0, 20), st.sets(st.integers(0, 30)))
def test_a_move_loses_no_hour_and_uses_working_days_in_order(days, start, off):
    after = weeks(off=off)
    moved = moved_days(days, day(start), weeks(), after)

    if len(moved) == len(days):
        assert [moved[one] for one in sorted(moved)] == [
            days[one] for one in sorted(days)
        ]
    assert all(after[one] and one >= day(start) for one in moved)


@pytest.mark.unit
def test_another_end_adds_usual_days_and_lets_others_fall_away():
    days = {day(0): EIGHT, day(1): EIGHT, day(2): Decimal(4)}

    assert stretched_days(days, day(1), day(7), weeks(off=[4])) == {
        day(1): EIGHT,
        day(2): Decimal(4),
        day(3): EIGHT,
        day(7): EIGHT,
    }
    assert usual_hours({day(0): EIGHT, day(1): Decimal(4)}) == 8


@pytest.fixture
def cora(db):
    return UserFactory(roles=[Role.COORDINATOR], first_name="Cora", last_name="C")


@pytest.fixture
def ann(db):
    return UserFactory(roles=[Role.PSE], first_name="Ann", last_name="Able")


@pytest.fixture
def bob(db):
    return UserFactory(roles=[Role.PSE], first_name="Bob", last_name="Baker")


def drop(person, first=MONDAY, *, last=None, hold=Hold.SOFT):
    return Drop(person=person, hold=hold, first=first, last=last)


def test_a_move_changes_days_person_and_capacity_in_one(ann, bob, cora):
    booking = booked(ann, hold=Hold.HARD)
    TimeOffFactory(person=bob, starts_on=day(9), ends_on=day(9))

    why = Change(cause="customer", reason="They asked", version=1)
    to = drop(bob, day(7), hold=Hold.HARD)
    moved = move_booking(booking, to, why, by=cora, now=NOW)
    assert list(moved.days.values_list("day", flat=True)) == [
        day(7), day(8), day(10), day(11), day(14),
    ]  # fmt: skip
    assert CapacityDay.objects.get(person=ann, day=MONDAY).hard == 0
    assert CapacityDay.objects.get(person=bob, day=day(7)).hard == 8
    event = Event.objects.get(verb="allocation-changed")
    assert (event.reason, event.actor) == ("They asked", cora)


def test_nobody_named_can_become_somebody_and_the_other_way(ann, cora):
    booking = booked(None, unnamed="Engineer")

    named = move_booking(booking, drop(ann), Change(version=1), by=cora, now=NOW)
    assert (named.person, named.unnamed) == (ann, "")
    again = move_booking(named, drop(None), Change(version=2), by=cora, now=NOW)
    assert (again.person, again.unnamed) == (None, "Professional services engineer")


def test_r6_a_move_is_refused_where_the_days_are_taken(ann, bob, cora):
    booking = booked(ann, hold=Hold.HARD)
    booked(bob, hold=Hold.HARD, days=workdays(count=2))

    to = drop(bob, hold=Hold.HARD)
    with pytest.raises(RuleRefused) as refused:
        move_booking(booking, to, Change(version=1), by=cora, now=NOW)
    assert [reason.code for reason in refused.value.reasons] == ["overbooked"] * 2
    assert Allocation.objects.get(pk=booking.pk).person == ann


def test_r6_the_preview_says_what_the_move_would_be_refused_for(ann, bob):
    booking = booked(ann, hold=Hold.HARD)
    other = booked(bob, hold=Hold.HARD, days=workdays(count=2))
    soft = booked(bob, days=workdays(count=1))

    seen = preview_move(booking, drop(bob, hold=Hold.HARD), 1, now=NOW)
    assert [reason.code for reason in seen.reasons] == ["overbooked"] * 2
    assert [(one.allocation, one.days) for one in seen.hard] == [
        (other, [day(0), day(1)])
    ]
    assert [one.allocation for one in seen.soft] == [soft]
    assert preview_move(booking, drop(bob), 1, now=NOW).reasons == []


def test_r2_a_move_that_makes_hard_needs_the_signature(ann, cora):
    unsigned = EngagementFactory(
        opportunity_stage=5, forecast_category=ForecastCategory.COMMIT
    )
    booking = booked(ann, unsigned)
    to = drop(ann, hold=Hold.HARD)

    seen = preview_move(booking, to, 1, now=NOW)
    with pytest.raises(RuleRefused) as refused:
        move_booking(booking, to, Change(version=1), by=cora, now=NOW)
    assert seen.reasons == refused.value.reasons
    assert "signature" in seen.reasons[0].sentence


def test_what_was_released_or_changed_meanwhile_is_told(ann, cora):
    booking = booked(ann)
    move_booking(booking, drop(ann, day(1)), Change(version=1), by=cora, now=NOW)
    booking.refresh_from_db()

    stale = preview_move(booking, drop(ann), 1, now=NOW).reasons
    assert "Cora C changed this booking meanwhile" in stale[0].sentence
    release(booking, Change(reason="No need"), by=cora, now=NOW)
    booking.refresh_from_db()
    with pytest.raises(RuleRefused, match="does not stand any more"):
        preview_move(booking, drop(ann), 3, now=NOW)
    with pytest.raises(RuleRefused, match="does not stand any more"):
        move_booking(booking, drop(ann), Change(version=3), by=cora, now=NOW)


def test_a_long_absence_leaves_no_room(ann, bob, cora):
    booking = booked(ann)
    TimeOffFactory(person=bob, starts_on=day(0), ends_on=day(200))

    with pytest.raises(RuleRefused, match="not enough working days from Mon 15 Mar"):
        move_booking(booking, drop(bob), Change(version=1), by=cora, now=NOW)


@pytest.fixture
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def as_cora(client, cora, at_now):
    client.force_login(cora)
    return client


def typed(booking, person, first=MONDAY, **more):
    return {
        "booking": booking.pk,
        "version": booking.version,
        "person": person.pk if person else "",
        "first": first.isoformat(),
        **more,
    }


def test_the_page_shows_before_and_after_and_the_form_moves(as_cora, ann, bob):
    booking = booked(ann, startable(title="Roll-out", customer__name="Acme"))

    page = as_cora.get(MOVE, typed(booking, bob, day(7)))
    html = page.content.decode()
    assert page.status_code == 200
    assert "<s>Ann Able</s> → <b>Bob Baker</b>" in html
    assert "<s>15–19 Mar</s> → <b>22–26 Mar</b>" in html
    body = typed(booking, bob, day(7), hold="soft", cause="illness")
    assert as_cora.post(MOVE, body).url == reverse("scheduling:board")
    booking.refresh_from_db()
    assert (booking.person, booking.starts_on, booking.cause) == (
        bob,
        day(7),
        "illness",
    )


def test_a_drag_is_answered_with_news_for_the_page(as_cora, ann, bob):
    booking = booked(ann)
    body = typed(booking, bob, hold="soft", cause="us")

    answer = as_cora.post(MOVE, body, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert set(answer.headers["HX-Trigger"].split('"')) >= {
        "board-moved", "board-changed",
    }  # fmt: skip
    assert "The booking is moved." in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_a_refused_move_names_who_and_when_and_writes_nothing(as_cora, ann, bob):
    booking = booked(ann, hold=Hold.HARD)
    booked(bob, startable(title="Audit", customer__name="Zenith"), hold=Hold.HARD)
    body = typed(booking, bob, hold="hard", cause="us", reason="Ann is away")

    for answer in (as_cora.get(MOVE, body), as_cora.post(MOVE, body)):
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "Bob Baker has no room on these days" in html
        assert "Mon 15 Mar 2027: 0 of 8 hours are free." in html
        assert "Zenith · Audit" in html
    assert "Ann is away" in html
    assert Allocation.objects.get(pk=booking.pk).version == 1


def test_a_stale_move_is_refused_and_asks_the_board_to_look_again(as_cora, ann, cora):
    booking = booked(ann)
    body = typed(booking, ann, day(7), hold="soft", cause="us")
    move_booking(booking, drop(ann, day(1)), Change(version=1), by=cora, now=NOW)

    answer = as_cora.post(MOVE, body, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Somebody else was faster" in answer.content.decode()
    assert "Move it" not in answer.content.decode()
    assert "board-changed" in answer.headers["HX-Trigger"]
    assert "board-moved" not in answer.headers["HX-Trigger"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"first": "soon"}, "Enter a valid date"),
        ({"first": "1066-10-14"}, "too far off"),
        ({"last": "2027-03-01"}, "The last day lies before the first."),
        ({"booking": "0"}, "Select a valid choice"),
        ({"person": "0"}, "Select a valid choice"),
        ({"version": "x"}, "Enter a whole number"),
        ({"cause": ""}, "This field is required"),
        ({"hold": "offer"}, "Select a valid choice"),
        ({"reason": "x" * 301}, "at most 300 characters"),
    ],
)
def test_bad_input_is_told_and_writes_nothing(as_cora, ann, wrong, message):
    booking = booked(ann)
    body = typed(booking, ann, day(7), hold="soft", cause="us") | wrong

    answer = as_cora.post(MOVE, body)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert Allocation.objects.get(pk=booking.pk).version == 1


def test_what_is_offered_moves_with_no_drag(as_cora, ann):
    asked = asked_for(startable())
    booking = booked(ann)
    Allocation.objects.filter(pk=booking.pk).update(request=asked)
    booking.refresh_from_db()
    booking.hold = Hold.OFFER

    seen = preview_move(booking, drop(ann, day(7)), 1, now=NOW)
    assert [reason.code for reason in seen.reasons] == ["offered"]
    assert seen.reasons[0].fix_url == asked.get_absolute_url()


def test_a_move_tells_the_open_boards_which_rows_changed(as_cora, ann, bob, cora):
    booking = booked(ann)
    seen = newest()
    move_booking(booking, drop(bob), Change(version=1), by=cora, now=NOW)

    html = changes(as_cora, seen).content.decode()
    assert f'data-news="p-{ann.pk}"' in html
    assert f'data-news="p-{bob.pk}"' in html
    assert 'data-news="unnamed"' not in html
    assert changes(as_cora, newest()).status_code == 204


def changes(client, seen, **query):
    query = {"first": MONDAY.isoformat(), "since": str(seen), **query}
    return client.get(reverse("scheduling:board-changes"), query)


def test_demand_requests_and_time_off_are_news_too(as_cora, ann, cora):
    seen = newest()
    booked(None, unnamed="Engineer")
    assert 'data-news="unnamed"' in changes(as_cora, seen).content.decode()

    seen = newest()
    BoardChange.objects.create(part=BoardPart.REQUESTS, at=NOW)
    assert 'data-news="board-side"' in changes(as_cora, seen).content.decode()

    seen = newest()
    ill = TimeOffDraft(
        kind=TimeOffKind.SICKNESS, starts_on=MONDAY, ends_on=MONDAY, deputy=None
    )
    enter_time_off(ann, ill, by=cora, now=NOW)
    html = changes(as_cora, seen).content.decode()
    assert f'data-news="p-{ann.pk}"' in html
    assert "Mon away" in html


def test_many_changes_at_once_load_the_page_again(as_cora):
    people = [UserFactory() for _ in range(61)]
    BoardChange.objects.bulk_create(
        BoardChange(part=BoardPart.ROW, person=person, at=NOW) for person in people
    )

    assert changes(as_cora, Seen()).headers["HX-Refresh"] == "true"


def test_nonsense_in_the_address_is_told_everything(as_cora, ann):
    booked(ann)

    for since in ("", "x", "1.x", "9" * 30, "-1.0"):
        assert changes(as_cora, since).status_code == 200
    assert changes(as_cora, "0.0", zoom="year").status_code == 422


def noted(*people):
    return BoardChange.objects.bulk_create(
        BoardChange(part=BoardPart.ROW, person=person, at=NOW) for person in people
    )


def test_a_change_that_appears_late_with_a_smaller_number_is_not_missed(ann, bob):
    late, seen_row = noted(ann, bob)
    BoardChange.objects.filter(pk=late.pk).delete()
    seen = newest()
    assert news_since(seen).is_empty

    BoardChange.objects.create(pk=late.pk, part=BoardPart.ROW, person=ann, at=NOW)
    news = news_since(seen)
    assert news.people >= {ann.pk}
    assert news_since(news.seen).is_empty
    assert seen_row.pk == news.seen.last


def test_what_was_seen_is_read_back_from_the_address(ann):
    noted(*[ann] * (OVERLAP + 5))

    seen = newest()
    assert seen.count == OVERLAP
    assert read_seen(str(seen)) == seen
    assert news_since(seen).is_empty
    noted(ann)
    assert news_since(seen).people == {ann.pk}


def test_one_poll_without_news_is_one_query_of_its_own(
    as_cora, ann, django_assert_max_num_queries
):
    booked(ann)
    seen = newest()

    # Session, person, roles, and the changes.
    with django_assert_max_num_queries(4):
        assert changes(as_cora, seen).status_code == 204


def test_only_coordinators_move(client, ann, at_now):
    booking = booked(ann)
    client.force_login(ann)

    assert client.get(MOVE, typed(booking, ann)).status_code == 403
