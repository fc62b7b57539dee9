"""The status table, typed a second time from the design."""

import pytest

from engagements.choices import Kind, Status
from engagements.rules.status import (
    MOVES,
    Move,
    find_move,
    forward_move,
    moves_from,
    reasons_against_mover,
    reasons_outside_table,
    roles_that_move,
)
from psdelivery.people.choices import Role

pytestmark = pytest.mark.unit

S = Status
COORDINATOR = {Role.COORDINATOR}
LEADS = {Role.PM, Role.COORDINATOR}
MANAGERS = {Role.PRACTICE_MANAGER, Role.LEADERSHIP}
BACK = {Role.PM} | MANAGERS
FINANCE = {Role.FINANCE, Role.COORDINATOR}
ANYONE = {Role.COORDINATOR, Role.PM} | MANAGERS
ENDINGS = {
    "consulting": {(S.ACTIVE, S.CLOSED): ({Role.PM}, False)},
    "blended": {(S.ACTIVE, S.CLOSED): ({Role.PM}, False)},
    "dedicated": {(S.ACTIVE, S.CLOSED): ({Role.PM}, False)},
    "training": {
        (S.ACTIVE, S.CLOSED): (COORDINATOR, False),
        (S.ACTIVE, S.COMPLETED): (FINANCE, False),
    },
}
# from, to: who, and whether a reason is wanted.
TABLE = {
    (S.ESTIMATE, S.PROSPECT): ({Role.EM, Role.COORDINATOR}, False),
    (S.PROSPECT, S.IN_SETUP): (COORDINATOR, False),
    (S.IN_SETUP, S.OKAY_TO_START): (COORDINATOR, False),
    (S.OKAY_TO_START, S.ACTIVE): (LEADS, False),
    (S.IN_SETUP, S.BACKLOG): (COORDINATOR, True),
    (S.OKAY_TO_START, S.BACKLOG): (COORDINATOR, True),
    (S.BACKLOG, S.IN_SETUP): (COORDINATOR, True),
    (S.BACKLOG, S.OKAY_TO_START): (COORDINATOR, True),
    (S.ACTIVE, S.ON_HOLD): (LEADS, True),
    (S.ON_HOLD, S.ACTIVE): (LEADS, True),
    (S.CLOSED, S.COMPLETED): (FINANCE, False),
    (S.CLOSED, S.ACTIVE): (BACK, True),
    (S.COMPLETED, S.CLOSED): (BACK, True),
    (S.ESTIMATE, S.CANCELLED): (ANYONE, True),
    (S.PROSPECT, S.CANCELLED): (ANYONE, True),
    (S.IN_SETUP, S.CANCELLED): (ANYONE, True),
    (S.OKAY_TO_START, S.CANCELLED): (ANYONE, True),
    (S.ACTIVE, S.CANCELLED): (ANYONE, True),
    (S.ON_HOLD, S.CANCELLED): (ANYONE, True),
    (S.BACKLOG, S.CANCELLED): (ANYONE, True),
    (S.CANCELLED, S.PROSPECT): (ANYONE, True),
}


def rows_of(kind):
    return {
        (move.source, move.target): (set(move.roles), move.wants_reason)
        for move in MOVES
        if kind in move.kinds
    }


@pytest.mark.parametrize("kind", ENDINGS)
def test_r1_the_table_is_that_of_the_design(kind):
    assert rows_of(kind) == TABLE | ENDINGS[kind]


def test_r1_internal_work_is_only_closed_and_reopened_by_managers():
    assert rows_of(Kind.INTERNAL) == {
        (S.ACTIVE, S.CLOSED): (MANAGERS, False),
        (S.CLOSED, S.ACTIVE): (MANAGERS, False),
    }


@pytest.mark.parametrize("kind", Kind)
def test_r1_a_move_outside_the_table_is_refused_and_no_other(kind):
    passing = {
        (source, target)
        for source in Status
        for target in Status
        if not reasons_outside_table(kind, source, target, came_from=target)
    }

    assert passing == set(rows_of(kind))


def test_r1_a_refusal_names_the_moves_that_there_are():
    (reason,) = reasons_outside_table(Kind.CONSULTING, S.ESTIMATE, S.ACTIVE)

    assert reason.code == "outside-table"
    assert reason.sentence == (
        "From Estimate the next status is one of: Prospect, Cancelled."
    )


def test_r1_out_of_the_backlog_it_goes_back_to_where_it_came_from():
    targets = {m.target for m in moves_from(Kind.BLENDED, S.BACKLOG, S.IN_SETUP)}

    assert targets == {S.IN_SETUP, S.CANCELLED}
    assert not find_move(Kind.BLENDED, S.BACKLOG, S.OKAY_TO_START, S.IN_SETUP)


@pytest.mark.parametrize("move", MOVES, ids=lambda m: f"{m.source}-{m.target}")
def test_r1_a_role_makes_the_moves_of_its_rows_and_no_other(move):
    allowed = {role for role in Role if not reasons_against_mover([role], move)}

    assert allowed == set(move.roles)
    assert {role for role in Role if roles_that_move([role], move)} == allowed


def test_r1_a_refused_mover_is_told_who_makes_the_move():
    move = find_move(Kind.CONSULTING, S.ACTIVE, S.CLOSED)

    (reason,) = reasons_against_mover([Role.COORDINATOR, Role.FINANCE], move)
    assert reason.sentence == "“Closed” is set by: Project manager."


def test_r1_one_fitting_role_among_several_is_enough():
    move = Move(S.ACTIVE, S.CLOSED, frozenset({Role.PM}))

    assert reasons_against_mover([Role.PSE, Role.PM], move) == []
    assert roles_that_move([Role.PSE, Role.PM], move) == {Role.PM}


@pytest.mark.parametrize(
    ("source", "came_from", "target"),
    [
        (S.ESTIMATE, "", S.PROSPECT),
        (S.OKAY_TO_START, "", S.ACTIVE),
        (S.ON_HOLD, S.ACTIVE, S.ACTIVE),
        (S.BACKLOG, S.OKAY_TO_START, S.OKAY_TO_START),
        (S.CLOSED, S.ACTIVE, S.COMPLETED),
    ],
)
def test_r1_the_way_on_is_a_row_of_the_table(source, came_from, target):
    assert forward_move(Kind.CONSULTING, source, came_from).target == target


def test_r1_where_the_table_ends_there_is_no_way_on():
    assert forward_move(Kind.CONSULTING, S.COMPLETED) is None
    assert forward_move(Kind.CONSULTING, S.CANCELLED) is None
    assert forward_move(Kind.INTERNAL, S.CLOSED) is None
