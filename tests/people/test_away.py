from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.people.away import (
    Absence,
    away_on,
    deputised_by,
    stand_in_of,
    stand_ins,
)
from psdelivery.people.choices import TimeOffState
from psdelivery.people.models import User
from tests.factories.people import TimeOffFactory, UserFactory

PEOPLE = range(1, 9)


def away_with(deputy=None, manager=None, **more):
    """Somebody who is away in the week of the tests."""
    person = UserFactory(manager=manager, **more)
    TimeOffFactory(person=person, deputy=deputy)
    return person


@pytest.mark.unit
@pytest.mark.parametrize(
    ("absences", "expected"),
    [
        ({1: Absence(2, 3)}, 2),
        ({1: Absence(None, 3)}, 3),
        ({1: Absence(9, 3)}, 3),
        ({1: Absence(2, 3), 2: Absence(4, 3)}, 4),
        ({1: Absence(2, 3), 2: Absence(1, None)}, 3),
        ({1: Absence(2, None), 2: Absence(1, None)}, None),
        ({1: Absence(None, None)}, None),
        ({1: Absence(9, 9)}, None),
    ],
    ids=[
        "the deputy", "the manager", "the deputy has left", "the deputy's deputy",
        "two for each other, then the manager", "two for each other, nobody else",
        "nobody named", "all have left",
    ],
)  # fmt: skip
def test_r23_the_deputy_stands_in_else_the_manager(absences, expected):
    assert stand_in_of(1, absences, here={2, 3, 4}) == expected


names = st.one_of(st.none(), st.sampled_from(PEOPLE))
offices = st.dictionaries(st.sampled_from(PEOPLE), st.builds(Absence, names, names))


@pytest.mark.unit
@given(absences=offices, here=st.frozensets(st.sampled_from(PEOPLE)))
def test_r23_who_stands_in_is_here_not_away_and_found_if_anybody_is(absences, here):
    for person_id in absences:
        found = stand_in_of(person_id, absences, here)
        assert (found in _reached_from(person_id, absences, here)) or (
            found is None and not _reached_from(person_id, absences, here)
        )


def _reached_from(person_id, absences, here):
    """Everybody at work to whom the work could be passed on, told the plain way."""
    reached, size = {person_id}, 0
    while len(reached) > size:
        size = len(reached)
        for one in reached & set(absences):
            reached |= {absences[one].deputy_id, absences[one].manager_id}
        reached.discard(None)
    return {one for one in reached if one in here and one not in absences}


@pytest.mark.django_db
def test_r23_stand_ins_names_only_people_who_are_away(now):
    manager, deputy, present = UserFactory(), UserFactory(), UserFactory()
    ill, off = away_with(manager=manager), away_with(deputy, manager)
    nobody = away_with()

    assert stand_ins(now, [ill, off, nobody, present]) == {
        ill.pk: manager,
        off.pk: deputy,
        nobody.pk: None,
    }


@pytest.mark.django_db
def test_r23_a_leaver_never_stands_in_and_needs_nobody(now):
    manager = UserFactory()
    leaver = UserFactory(is_active=False, manager=manager)
    person = away_with(leaver, manager)
    gone = away_with(manager, is_active=False)

    assert stand_ins(now, [person, gone]) == {person.pk: manager}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "is_away"),
    [
        (TimeOffState.REQUESTED, True),
        (TimeOffState.APPROVED, True),
        (TimeOffState.REFUSED, False),
        (TimeOffState.CANCELLED, False),
    ],
)
def test_r23_time_off_counts_before_somebody_approved_it(now, state, is_away):
    person = UserFactory()
    TimeOffFactory(person=person, state=state)

    assert (person.pk in stand_ins(now, [person])) is is_away
    assert (person.pk in away_on([person.pk], now.date())) is is_away


@pytest.mark.django_db
def test_r23_whoever_is_off_for_part_of_a_day_is_not_away(now):
    person = UserFactory()
    TimeOffFactory(person=person, hours_per_day=2)

    assert stand_ins(now, [person]) == {}
    assert away_on([person.pk], now.date()) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        # Monday begins in Auckland while it is Sunday in Berlin …
        ("Pacific/Auckland", datetime(2027, 3, 7, 11, 0, tzinfo=UTC), True),
        ("Europe/Berlin", datetime(2027, 3, 7, 11, 0, tzinfo=UTC), False),
        # … and Friday lasts longest in Honolulu.
        ("Pacific/Honolulu", datetime(2027, 3, 13, 9, 59, tzinfo=UTC), True),
        ("Pacific/Honolulu", datetime(2027, 3, 13, 10, 0, tzinfo=UTC), False),
        ("Europe/Berlin", datetime(2027, 3, 13, 9, 59, tzinfo=UTC), False),
    ],
)
def test_r23_the_days_off_are_those_where_the_person_is(zone, at, expected):
    person, deputy = away_with(UserFactory(), zone=zone), UserFactory()
    TimeOffFactory(person=deputy, deputy=person)

    assert (person.pk in stand_ins(at, [person])) is expected


@pytest.mark.django_db
def test_r23_of_two_that_overlap_the_later_entry_names_the_deputy(now):
    person, first, second = UserFactory(), UserFactory(), UserFactory()
    TimeOffFactory(person=person, deputy=first)
    ill = TimeOffFactory(person=person, deputy=second)

    assert stand_ins(now, [person]) == {person.pk: second}
    assert away_on([person.pk], date(2027, 3, 9)) == {person.pk: ill}


@pytest.mark.django_db
def test_r23_a_person_knows_for_whom_they_stand_in(now):
    deputy = UserFactory()
    person = away_with(deputy)
    passed_on = away_with(person)
    away_with(UserFactory())

    assert sorted(deputised_by(deputy, now)) == sorted([person.pk, passed_on.pk])
    assert deputised_by(UserFactory(), now) == []


@pytest.mark.django_db
def test_r23_who_is_away_stands_in_for_nobody(now):
    deputy = away_with()
    away_with(deputy)

    assert deputised_by(deputy, now) == []


@pytest.mark.django_db
def test_r23_asking_takes_two_queries_however_many_are_away(
    now, django_assert_num_queries
):
    deputy = UserFactory()
    people = [away_with(deputy) for _ in range(30)]
    again = User.objects.get(pk=deputy.pk)

    with django_assert_num_queries(2):
        assert len(stand_ins(now, people)) == 30
    with django_assert_num_queries(2):
        assert len(deputised_by(again, now)) == 30
        assert len(deputised_by(again, now)) == 30


@pytest.mark.django_db
def test_r23_asking_takes_one_query_when_nobody_of_them_is_away(
    now, django_assert_num_queries
):
    away_with()

    with django_assert_num_queries(1):
        assert stand_ins(now, [UserFactory.build(pk=0)]) == {}
