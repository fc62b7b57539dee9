import tomllib

import pytest

from engagements.choices import Status
from engagements.execution.rules.discovery import (
    Asked,
    SessionState,
    added_lines,
    kept_rows,
    reasons_against_number,
    reasons_against_questions,
    reasons_against_removing,
    reasons_against_writing,
)
from engagements.execution.rules.question_sets import MOST_QUESTIONS, QuestionLine
from engagements.models import Engagement
from psdelivery.playbooks.services.shipped import DATA
from tests.factories.engagements import NOW

pytestmark = pytest.mark.unit


def lines(*texts, section=""):
    return [QuestionLine(section, text) for text in texts]


def codes(reasons):
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(Status.ACTIVE, []), (Status.CANCELLED, ["over"]), (Status.COMPLETED, ["over"])],
)
def test_what_is_over_stays_as_it_is(status, expected):
    assert codes(reasons_against_writing(Engagement(status=status))) == expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (SessionState(), []),
        (SessionState(questions_sent_at=NOW), ["sent"]),
        (SessionState(written=1), ["written"]),
        (SessionState(read_back_at=NOW), ["written"]),
    ],
)
def test_a_session_goes_only_while_nothing_has_happened_in_it(state, expected):
    assert codes(reasons_against_removing(state)) == expected


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        (["A users?", "B repos?"], ["B repos?", "A users?"], [1, 0]),
        (["How many users?"], ["How many active users?"], [0]),
        (["How many users?"], ["Who approves?"], [None]),
        # The same words come first, then what reads alike.
        (
            ["How many users?", "How many repos?"],
            ["How many active users?", "How many repos?", "How many groups?"],
            [0, 1, None],
        ),
        ([], ["A?"], [None]),
    ],
)
def test_a_question_is_known_again_by_its_words(before, after, kept):
    assert kept_rows(before, lines(*after)) == kept


def test_an_answered_question_stays_in_the_list():
    before = [Asked("How many users?", True), Asked("Which log-in?", False)]

    assert codes(reasons_against_questions(before, lines("Why?"))) == ["answered"]
    assert reasons_against_questions(before, lines("How many active users?")) == []


def test_a_session_asks_no_more_than_fits():
    assert reasons_against_number(MOST_QUESTIONS) == []
    assert codes(reasons_against_number(MOST_QUESTIONS + 1)) == ["too-many"]
    many = lines(*[f"{n}?" for n in range(MOST_QUESTIONS + 1)], "x" * 301)
    assert codes(reasons_against_questions([], many)) == ["long", "too-many"]


def test_added_questions_stand_under_their_heading_once():
    present = [*lines("A?", section="X"), *lines("B?", section="Y")]
    more = [*lines("C?", "A?", section="X"), *lines("D?"), *lines("D?", section="Z")]

    assert added_lines(present, more) == [
        *lines("A?", "C?", section="X"),
        *lines("B?", section="Y"),
        *lines("D?"),
    ]


def steps_of(playbook):
    found = tomllib.loads((DATA / f"{playbook}.toml").read_text("utf-8"))["step"]
    return {step["key"]: step for step in found if step["key"].startswith("discovery")}


def test_a_further_session_has_the_steps_of_the_first():
    first, further = steps_of("consulting"), steps_of("discovery-session")

    assert [key for key in further if further[key] != first[key]] == ["discovery-dated"]
    assert set(first) == set(further)
