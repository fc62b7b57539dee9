"""R-7: what is proposed against a search that tries everything."""

from collections import defaultdict

import pytest
from hypothesis import given, settings

from scheduling.choices import OfferKind
from scheduling.rules.alternatives import alternatives
from tests.scheduling.searching import BruteForce, questions

pytestmark = pytest.mark.unit

some = settings(max_examples=60, deadline=None)
many = settings(max_examples=2_000, deadline=None)


def by_kind(question, found):
    """The keys by kind; splits between people and in ranges apart."""
    keys = defaultdict(list)
    for one in found:
        keys[one.kind, len(one.parts)].append(question.worth(one))
    return keys


@some
@given(questions())
def test_r7_the_best_of_each_kind_is_the_best_there_is(question):
    found = by_kind(question, alternatives(question))
    wanted = by_kind(question, BruteForce(question).all())

    assert {kind: min(keys) for kind, keys in found.items()} == {
        kind: min(keys) for kind, keys in wanted.items()
    }


@some
@given(questions())
def test_r7_the_best_stands_first(question):
    keys = [question.worth(one) for one in alternatives(question)]
    wanted = [question.worth(one) for one in BruteForce(question).all()]

    assert keys == sorted(keys)
    assert keys[:1] == sorted(wanted)[:1]


@some
@given(questions())
def test_r7_a_proposal_is_found_where_there_is_one(question):
    assert bool(alternatives(question)) == bool(BruteForce(question).all())


@some
@given(questions())
def test_r6_no_proposal_takes_more_than_a_day_has(question):
    line, people = question.line, {one.pk: one for one in question.order}
    for proposal in alternatives(question):
        for part in proposal.parts:
            hours = people[part.person_id].hours
            for day, share in part.days:
                position = line.days.index(day)
                if position not in line.asked:
                    assert share <= question.rooms[part.person_id][position]
                    continue
                number = line.asked.index(position)
                given_up = sum(
                    hold.hours.get(number, 0)
                    for hold in question.soft[part.person_id]
                    if hold.pk == proposal.displaces
                )
                assert share <= hours.clear[number] + given_up
                assert share <= hours.free[number]


@some
@given(questions())
def test_r7_each_proposal_is_what_was_asked_for(question):
    demand = question.demand
    for proposal in alternatives(question):
        shares = [share for part in proposal.parts for _day, share in part.days]
        days = [day for part in proposal.parts for day, _share in part.days]
        assert sum(shares) == demand.total
        assert all(share > 0 for share in shares)
        if not demand.is_spread:
            assert len(set(days)) == len(days) == demand.needed
            assert max(shares) - min(shares) <= 1
        moved = set(days) - set(demand.days)
        assert proposal.moved == len(moved)
        opens = question.line.days[question.line.first_open :]
        assert moved <= set(opens)


@some
@given(questions())
def test_r7_what_was_declined_is_not_proposed_again(question):
    found = {one.fingerprint for one in alternatives(question)}

    assert not found & question.experience.fingerprints


@some
@given(questions())
def test_r7_a_soft_hold_is_displaced_for_a_hard_booking_alone(question):
    kinds = {one.kind for one in alternatives(question)}

    assert question.demand.is_hard or OfferKind.DISPLACE not in kinds


@pytest.mark.full
@many
@given(questions())
def test_r7_thousands_of_cases_agree_with_trying_everything(question):
    found = by_kind(question, alternatives(question))
    wanted = by_kind(question, BruteForce(question).all())

    assert {kind: min(keys) for kind, keys in found.items()} == {
        kind: min(keys) for kind, keys in wanted.items()
    }
