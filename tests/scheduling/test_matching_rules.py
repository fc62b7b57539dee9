"""Who stands before whom among the candidates, and who is left out."""

from datetime import date, timedelta

import pytest

from scheduling.rules.demand import Demand
from scheduling.rules.matching import (
    Colleague,
    Filters,
    Hours,
    Known,
    candidates,
    fit_of,
    minutes_in_common,
    passes,
)

pytestmark = pytest.mark.unit

CI, GEO, GERMAN = 1, 2, 3
MONDAY = date(2027, 3, 15)
DAYS = tuple(MONDAY + timedelta(days=n) for n in range(4))


def demand(*, person_id=None, is_hard=True, **wanted):
    usual = {"needed": 4, "per_day": 32, "total": 128}
    return Demand(
        days=DAYS, is_hard=is_hard, person_id=person_id, **{**usual, **wanted}
    )


def colleague(pk, name="", **facts):
    return Colleague(pk=pk, name=name or f"P{pk}", zone="Europe/Berlin", **facts)


def free_on(*numbers):
    hours = [32 if number in numbers else 0 for number in range(4)]
    return Hours(hours, hours)


def order(wanted, people, hours, filters=None):
    return [one.pk for one in candidates(wanted, people, hours, filters or Filters())]


ALL = free_on(0, 1, 2, 3)


def test_fewest_days_moved_comes_first():
    people = [colleague(1), colleague(2), colleague(3)]
    hours = {1: free_on(0), 2: free_on(0, 1, 2), 3: ALL}

    assert order(demand(), people, hours) == [3, 2, 1]


def test_then_whom_the_request_names():
    people = [colleague(1), colleague(2)]

    assert order(demand(person_id=2), people, {1: ALL, 2: ALL}) == [2, 1]


def test_then_the_surplus_of_skills():
    people = [
        colleague(1, skills={CI: Known(3, True)}),
        colleague(2, skills={CI: Known(4, True)}),
    ]
    filters = Filters(levels={CI: 3})

    assert order(demand(), people, {1: ALL, 2: ALL}, filters) == [2, 1]


def test_then_lower_utilisation_then_the_name():
    people = [
        colleague(1, "Zoe", utilisation=40),
        colleague(2, "bob", utilisation=40),
        colleague(3, "Ann", utilisation=60),
    ]

    assert order(demand(), people, dict.fromkeys((1, 2, 3), ALL)) == [2, 1, 3]


def test_a_hard_request_looks_past_soft_holds_and_names_them():
    held = {1: Hours([32] * 4, [32, 0, 0, 32])}

    (hard,) = candidates(demand(), [colleague(1)], held, Filters())
    (soft,) = candidates(demand(is_hard=False), [colleague(1)], held, Filters())

    assert (hard.fit.days, hard.held_days) == (4, 2)
    assert (soft.fit.days, soft.fit.moved) == (2, 2)


def test_three_of_four_days_are_free():
    fit = fit_of(demand(), [32, 0, 32, 40])

    assert (fit.days, fit.hours, fit.moved) == (3, 96, 1)


def test_of_hours_in_total_each_eight_missing_are_a_day():
    fit = fit_of(demand(per_day=0), [32, 0, 32, 30])

    assert (fit.days, fit.hours, fit.moved) == (3, 94, 2)


def test_a_skill_counts_at_its_level_and_confirmed():
    filters = Filters(levels={CI: 3})
    lower = colleague(1, skills={CI: Known(2, True)})
    stated = colleague(2, skills={CI: Known(3)})
    confirmed = colleague(3, skills={CI: Known(3, True)})

    assert [passes(one, filters, DAYS) for one in (lower, stated, confirmed)] == [
        False,
        False,
        True,
    ]
    assert passes(stated, Filters(levels={CI: 3}, only_confirmed=False), DAYS)


def test_language_region_and_common_hours_are_filters():
    german = colleague(1, skills={GERMAN: Known(1)}, region_id=5)
    sydney = Colleague(pk=2, name="S", zone="Australia/Sydney")

    assert passes(german, Filters(languages=frozenset({GERMAN})), DAYS)
    assert not passes(sydney, Filters(languages=frozenset({GERMAN})), DAYS)
    assert passes(german, Filters(region_id=5), DAYS)
    assert not passes(sydney, Filters(region_id=5), DAYS)
    assert passes(german, Filters(zone="Europe/London", overlap=7), DAYS)
    assert not passes(sydney, Filters(zone="Europe/London", overlap=1), DAYS)


def test_whom_the_request_names_stays_whatever_the_filters_say():
    filters = Filters(levels={CI: 3})

    assert order(demand(person_id=1), [colleague(1)], {1: ALL}, filters) == [1]


def test_common_hours_follow_the_clocks_of_the_day():
    before, after = date(2027, 3, 12), date(2027, 3, 16)

    # New York changes its clocks on 14 March, Berlin two weeks later.
    assert minutes_in_common("Europe/Berlin", "America/New_York", before) == 120
    assert minutes_in_common("Europe/Berlin", "America/New_York", after) == 180
    assert minutes_in_common("Europe/Berlin", "Asia/Kolkata", before) == 210
    assert minutes_in_common("Pacific/Auckland", "Pacific/Honolulu", before) == 420
