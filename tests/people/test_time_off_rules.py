from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.people.choices import Role, TimeOffKind, TimeOffState
from psdelivery.people.models import Practice, TimeOff, User
from psdelivery.people.rules.time_off import (
    LONGEST_DAYS,
    TimeOffDraft,
    approvers_of,
    is_over,
    reasons_against_changing_time_off,
    reasons_against_days,
    reasons_against_deciding,
    reasons_against_deputy,
    reasons_against_hours_away,
    reasons_against_overlap,
    state_after_change,
    state_on_entry,
)

pytestmark = pytest.mark.unit

HOLIDAY, SICKNESS = TimeOffKind.HOLIDAY, TimeOffKind.SICKNESS
DRAFT = TimeOffDraft(
    kind=HOLIDAY, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12)
)
MANAGER, LEADER, LEADER_2 = 1, 2, 3


def stored(**values):
    fields = {name: getattr(DRAFT, name) for name in ("kind", "starts_on", "ends_on")}
    return TimeOff(**{"pk": 1, "person_id": 7, **fields, **values})


def codes(reasons):
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (HOLIDAY, TimeOffState.REQUESTED),
        (TimeOffKind.TRAINING, TimeOffState.REQUESTED),
        (TimeOffKind.OTHER, TimeOffState.REQUESTED),
        (SICKNESS, TimeOffState.APPROVED),
        (TimeOffKind.PARENTAL, TimeOffState.APPROVED),
    ],
)
def test_a_fact_counts_as_approved_and_the_rest_is_asked_for(kind, state):
    assert state_on_entry(kind) == state


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2027, 3, 8), date(2027, 3, 8), []),
        (date(2027, 3, 8), date(2027, 3, 7), ["order"]),
        (date(1999, 12, 31), date(2027, 3, 8), ["day-far"]),
        (date(2099, 12, 31), date(2100, 1, 1), ["day-far"]),
        (date(2027, 1, 1), date.fromordinal(date(2027, 1, 1).toordinal()
                                            + LONGEST_DAYS - 1), []),
        (date(2027, 1, 1), date.fromordinal(date(2027, 1, 1).toordinal()
                                            + LONGEST_DAYS), ["long"]),
    ],
)  # fmt: skip
def test_days_stand_in_order_and_within_reach(first, last, expected):
    assert codes(reasons_against_days(first, last)) == expected


@pytest.mark.parametrize(
    ("kind", "other", "refused"),
    [
        (HOLIDAY, HOLIDAY, True),
        (HOLIDAY, SICKNESS, True),
        (SICKNESS, SICKNESS, True),
        # Ill on holiday: a fact is not refused.
        (SICKNESS, HOLIDAY, False),
    ],
)
def test_nobody_is_away_twice_but_one_falls_ill_on_holiday(kind, other, refused):
    found = reasons_against_overlap(replace(DRAFT, kind=kind), [stored(kind=other)])

    assert codes(found) == ["overlap"] * refused
    assert not found or "8 Mar 2027" in found[0].sentence


days = st.dates(date(2027, 3, 1), date(2027, 3, 31))


@given(days, days, days, days)
def test_time_off_overlaps_exactly_when_it_shares_a_day(one, two, three, four):
    mine, other = sorted([one, two]), sorted([three, four])
    draft = replace(DRAFT, starts_on=mine[0], ends_on=mine[1])
    found = reasons_against_overlap(
        draft, [stored(starts_on=other[0], ends_on=other[1])]
    )

    shared = set(_days(*mine)) & set(_days(*other))
    assert bool(found) == bool(shared)


def _days(first, last):
    return range(first.toordinal(), last.toordinal() + 1)


@pytest.mark.parametrize(
    ("before", "draft", "state"),
    [
        ({"state": "approved"}, DRAFT, "approved"),
        ({"state": "approved"}, replace(DRAFT, starts_on=date(2027, 3, 9)), "approved"),
        ({"state": "approved"}, replace(DRAFT, ends_on=date(2027, 3, 13)), "requested"),
        ({"state": "approved"}, replace(DRAFT, starts_on=date(2027, 3, 7)),
         "requested"),
        ({"state": "requested"}, DRAFT, "requested"),
        ({"state": "requested"}, replace(DRAFT, kind=SICKNESS), "approved"),
        ({"state": "approved", "kind": SICKNESS}, DRAFT, "requested"),
        ({"state": "approved"}, replace(DRAFT, hours_per_day=Decimal(2)), "approved"),
        ({"state": "approved", "hours_per_day": Decimal(2)}, DRAFT, "requested"),
    ],
)  # fmt: skip
def test_what_nobody_approved_is_asked_for_anew(before, draft, state):
    assert state_after_change(stored(**before), draft) == state


def test_r23_whoever_stands_in_is_somebody_else_who_works_here():
    person, leaver = User(pk=1), User(pk=2, is_active=False, username="lou")

    assert reasons_against_deputy(person, None) == []
    assert reasons_against_deputy(person, User(pk=3)) == []
    assert codes(reasons_against_deputy(person, User(pk=1))) == ["deputy-self"]
    assert codes(reasons_against_deputy(person, leaver)) == ["deputy-left"]


@pytest.mark.parametrize(
    ("state", "by", "expected"),
    [
        ("requested", 8, []),
        ("requested", 7, ["own"]),
        ("approved", 7, ["own"]),
        ("approved", 8, ["decided"]),
        ("refused", 8, ["decided"]),
        ("cancelled", 8, ["decided"]),
    ],
)
def test_nobody_approves_their_own_and_nothing_is_decided_twice(state, by, expected):
    found = reasons_against_deciding(stored(state=state), User(pk=by))

    assert codes(found) == expected


@pytest.mark.parametrize("state", list(TimeOffState))
def test_only_what_counts_can_be_changed(state):
    found = reasons_against_changing_time_off(stored(state=state))

    assert bool(found) == (state in {"refused", "cancelled"})


def test_the_last_day_is_still_time_off():
    assert not is_over(stored(), date(2027, 3, 12))
    assert is_over(stored(), date(2027, 3, 13))


ROLES = {
    MANAGER: {Role.PRACTICE_MANAGER},
    LEADER: {Role.LEADERSHIP},
    LEADER_2: {Role.LEADERSHIP},
}


@pytest.mark.parametrize(
    ("person", "managers", "expected"),
    [
        (User(pk=9, manager_id=MANAGER), {}, [MANAGER]),
        # A manager without the right passes it up.
        (User(pk=9, manager_id=8), {8: MANAGER}, [MANAGER]),
        (User(pk=9, manager_id=8), {8: 9}, [LEADER, LEADER_2]),
        (User(pk=9, manager_id=8), {8: None}, [LEADER, LEADER_2]),
        (User(pk=9, practice=Practice(manager_id=MANAGER)), {}, [MANAGER]),
        (User(pk=9, practice=Practice(manager_id=8)), {}, [LEADER, LEADER_2]),
        (User(pk=MANAGER, practice=Practice(manager_id=MANAGER)), {},
         [LEADER, LEADER_2]),
        (User(pk=LEADER), {}, [LEADER_2]),
    ],
)  # fmt: skip
def test_the_nearest_manager_with_the_right_is_asked(person, managers, expected):
    assert approvers_of(person, managers=managers, roles=ROLES) == expected


@pytest.mark.parametrize(
    ("hours", "is_refused"),
    [
        (None, False),
        ("0.25", False),
        ("23.75", False),
        ("0", True),
        ("-2", True),
        ("24", True),
        ("2.1", True),
    ],
)
def test_part_of_a_day_has_quarter_hours(hours, is_refused):
    hours = hours and Decimal(hours)
    assert bool(reasons_against_hours_away(hours)) is is_refused
