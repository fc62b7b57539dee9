import pytest

from engagements.execution.models import Assumption
from engagements.execution.rules.assumptions import (
    ASSUMPTION_LENGTH,
    assumptions_in,
    counts_of,
    goes_to_lead,
    not_taken_yet,
    reasons_against_deciding,
    reasons_against_dropping,
    reasons_against_risk,
)

pytestmark = pytest.mark.unit


def codes(reasons):
    return [reason.code for reason in reasons]


def test_each_line_of_the_assessment_is_an_assumption_without_its_bullet():
    text = "- One site\r\n\n* One  site\n2) Two sites\n1.5 million files\n"

    assert assumptions_in(text) == ["One site", "Two sites", "1.5 million files"]
    (long,) = assumptions_in("x" * 600)
    assert (len(long), long[-1]) == (ASSUMPTION_LENGTH, "…")


def test_what_is_there_is_not_taken_again():
    assert not_taken_yet(["One site"], ["one SITE", "No proxy"]) == ["No proxy"]


@pytest.mark.parametrize("state", ["open", "validated", "invalidated"])
def test_r10_nothing_is_decided_without_what_shows_it(state):
    assert codes(reasons_against_deciding(state, " \n")) == ["evidence"]
    assert reasons_against_deciding(state, "Ben said so") == []


@pytest.mark.parametrize(
    ("state", "risk", "expected"),
    [
        ("open", None, []),
        ("invalidated", None, []),
        ("validated", None, ["holds"]),
        ("invalidated", 7, ["is-risk"]),
    ],
)
def test_r10_what_does_not_hold_becomes_a_risk_once(state, risk, expected):
    assert codes(reasons_against_risk(Assumption(risk_id=risk), state)) == expected


@pytest.mark.parametrize(
    ("fields", "uses", "expected"),
    [
        ({}, 0, []),
        ({"is_initial": True}, 0, ["initial"]),
        ({"state": "validated"}, 0, ["decided"]),
        ({"risk_id": 7}, 0, ["decided"]),
        ({}, 1, ["used"]),
    ],
)
def test_only_what_nobody_builds_on_is_taken_away(fields, uses, expected):
    assert codes(reasons_against_dropping(Assumption(**fields), uses)) == expected


@pytest.mark.parametrize(
    ("old", "new", "becomes_risk", "expected"),
    [
        ("open", "invalidated", False, True),
        ("validated", "invalidated", False, True),
        ("invalidated", "invalidated", False, False),
        ("open", "invalidated", True, False),
        ("open", "validated", False, False),
    ],
)
def test_what_is_overturned_goes_to_the_lead(old, new, becomes_risk, expected):
    assert goes_to_lead(old, new, becomes_risk=becomes_risk) is expected


def test_states_are_counted():
    found = [Assumption(), Assumption(state="validated"), Assumption()]

    assert counts_of(found) == {"open": 2, "validated": 1, "invalidated": 0}
