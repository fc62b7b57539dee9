"""R-13, R-23: who reviews, and which reviews will be late: without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from training.rules.reviewers import (
    Asked,
    Candidate,
    choose_reviewer,
    diary_of,
    expected_breaches,
)

pytestmark = pytest.mark.unit

# Fri 5 Mar 2027, 18:00 in UTC; due a week later.
FRIDAY = datetime(2027, 3, 5, 18, 0, tzinfo=UTC)
DUE = FRIDAY + timedelta(hours=168)
EACH = timedelta(minutes=45)
WEEK = [date(2027, 3, day) for day in range(8, 13)]


def candidate(pk, hours=8, away=False, certified=True):
    free = {} if away else {day: Decimal(hours) for day in WEEK}
    diary = diary_of(free, WEEK if away else [], "UTC")
    courses = frozenset({1} if certified else ())
    return Candidate(pk, f"Person {pk}", diary, certified_for=courses)


def asked(**fields):
    given = {"course_id": 1, "until": DUE, "trainer_id": 1, "each": EACH}
    return Asked(**{"is_independent": False, **given, **fields})


def test_r13_the_trainer_of_the_class_reviews():
    people = [candidate(1, certified=False), candidate(2)]

    assert choose_reviewer(people, asked(), now=FRIDAY).person_id == 1


def test_r23_sixty_on_a_friday_go_to_who_is_here_by_load():
    people = [candidate(1, away=True), candidate(2), candidate(3)]
    given = []
    for _one in range(60):
        choice = choose_reviewer(people, asked(), now=FRIDAY)
        given.append(choice.person_id)
        chosen = people[choice.person_id - 1]
        chosen.take(chosen.due(DUE, FRIDAY))

    assert (given.count(2), given.count(3)) == (30, 30)
    assert "away until after it is due" in choice.why


def test_r13_independent_reviews_are_never_the_trainers():
    people = [candidate(1), candidate(2, certified=False)]

    choice = choose_reviewer(people, asked(is_independent=True), now=FRIDAY)

    assert choice.person_id is None


@pytest.mark.parametrize(
    ("away", "late", "words"),
    [(True, 60, "away until after it is due"), (False, 7, "more hours in the queue")],
)
def test_r13_expected_breaches_have_their_plain_reason(away, late, words):
    diary = candidate(1, away=away).diary
    queue = [(number, DUE) for number in range(60)]

    found = expected_breaches(queue, diary, each=EACH, now=FRIDAY)

    assert len(found) == late
    assert all(words in one.words for one in found.values())
