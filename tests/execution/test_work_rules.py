from types import SimpleNamespace

import pytest

from engagements.execution.choices import WorkItemState
from engagements.execution.models import Assumption, OpenQuestion, WorkItem
from engagements.execution.rules.build import reasons_against_build
from engagements.execution.rules.completeness import is_blank, missing_for_ready
from engagements.execution.rules.work import (
    next_state,
    reasons_against_removing,
    reasons_against_state,
    states_before,
)
from psdelivery.registry import Reason
from tests.execution.work import FULL

pytestmark = pytest.mark.unit
OPEN = [Reason("question-open", "Open.")]


def item(**fields):
    return WorkItem(**{"pk": 1, "title": "Move", **FULL, **fields})


def codes(reasons):
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", True),
        (" \n\t", True),
        ("- [ ]\n- [ ] \n* \n1. \n", True),
        ("- [x]", True),
        ("---", True),
        ("- [ ] export", False),
        ("x", False),
        ("1", False),
    ],
)
def test_a_template_that_nobody_filled_in_is_empty(text, blank):
    assert is_blank(text) is blank


def test_what_is_missing_is_named_in_the_order_of_the_template():
    lacks_all = SimpleNamespace(overview="", tasks="- [ ]", acceptance_criteria=" ")

    assert codes(missing_for_ready(lacks_all)) == [
        "overview",
        "tasks",
        "acceptance_criteria",
    ]
    assert missing_for_ready(item()) == []
    (one,) = missing_for_ready(item(acceptance_criteria=""), "/edit/")
    assert "acceptance criteria" in one.sentence
    assert one.fix_url == "/edit/#div_id_acceptance_criteria"


def question(**fields):
    return OpenQuestion(pk=7, text="Which version?", **fields)


def assumption(**fields):
    return Assumption(pk=3, engagement_id=5, text="One server", **fields)


def test_r10_open_assumptions_and_questions_are_named_with_links():
    found = reasons_against_build([assumption()], [question()])

    assert codes(found) == ["assumption-open", "question-open"]
    assert "One server" in found[0].sentence
    assert found[0].fix_url == "/engagements/5/discovery/#assumption-3"
    assert found[1].fix_url == "/work/questions/7/answer/"


@pytest.mark.parametrize(
    ("assumptions", "questions"),
    [
        ([], []),
        ([assumption(state="validated")], [question(answer="17.4")]),
        ([assumption(state="invalidated")], []),
        ([assumption(risk_id=1)], [question(risk_id=2)]),
    ],
)
def test_r10_what_is_settled_or_a_risk_holds_nothing_up(assumptions, questions):
    assert reasons_against_build(assumptions, questions) == []


def test_states_follow_each_other():
    states = [state.value for state in WorkItemState]

    assert [next_state(one) for one in states] == [*states[1:], ""]
    assert states_before("in_build") == ["ready", "draft"]


@pytest.mark.parametrize(
    ("at", "to", "against", "wrong"),
    [
        ("draft", "ready", OPEN, []),
        ("ready", "in_build", [], []),
        ("ready", "in_build", OPEN, ["question-open"]),
        ("in_validation", "in_build", OPEN, ["question-open"]),
        ("in_build", "in_validation", OPEN, []),
        ("done", "draft", OPEN, []),
        ("draft", "in_build", [], ["too-far"]),
        ("ready", "ready", [], ["there"]),
        ("ready", "elsewhere", [], ["unknown"]),
    ],
)
def test_r10_is_asked_before_the_build_alone(at, to, against, wrong):
    found = reasons_against_state(item(state=at), to, against_build=against)

    assert codes(found) == wrong


def test_nothing_that_lacks_a_part_leaves_the_draft():
    found = reasons_against_state(item(tasks=""), "ready", against_build=[])

    assert codes(found) == ["tasks"]


def test_only_a_draft_that_nobody_outside_has_seen_is_removed():
    assert reasons_against_removing(item()) == []
    assert codes(reasons_against_removing(item(state="ready"))) == ["not-draft"]
    assert codes(reasons_against_removing(item(issue_number=3))) == ["pushed"]
