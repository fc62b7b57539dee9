import tomllib

import pytest

from engagements.execution.rules.question_sets import (
    MOST_QUESTIONS,
    QuestionLine,
    lines_in,
    reasons_against_lines,
    text_of,
)
from engagements.execution.services.question_sets import DATA
from engagements.services.shipped import DATA as OFFERINGS

pytestmark = pytest.mark.unit


def test_each_line_is_a_question_and_a_line_with_a_hash_a_heading():
    typed = "How many?\r\n\r\n#  Where \nWhich  region?\nHow many?\n## \nWho?\n"

    assert lines_in(typed) == [
        QuestionLine("", "How many?"),
        QuestionLine("Where", "Which region?"),
        QuestionLine("", "Who?"),
    ]


@pytest.mark.parametrize("typed", ["", "A?", "# X\nA?\nB?\n\n# Y\nC?", "A?\n\n# X\nB?"])
def test_a_text_made_of_lines_is_read_as_the_same_lines(typed):
    lines = lines_in(typed)

    assert text_of(lines) == typed
    assert lines_in(text_of([*lines, QuestionLine("", "Last?")]))[-1].section == ""


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ([], ["empty"]),
        ([QuestionLine("", "A?")], []),
        ([QuestionLine("", f"{n}?") for n in range(MOST_QUESTIONS)], []),
        ([QuestionLine("", f"{n}?") for n in range(MOST_QUESTIONS + 1)], ["too-many"]),
        ([QuestionLine("s" * 80, "q" * 300)], []),
        ([QuestionLine("s" * 81, "q" * 301)], ["long", "long"]),
    ],
)
def test_questions_are_few_enough_and_short_enough(lines, codes):
    assert [reason.code for reason in reasons_against_lines(lines)] == codes


def test_the_shipped_sets_name_offerings_that_ship_and_may_be_kept():
    sets = tomllib.loads(DATA.read_text("utf-8"))["set"]
    sold = {one["key"] for one in tomllib.loads(OFFERINGS.read_text())["offering"]}

    keys = [one["key"] for one in sets]
    assert keys == [
        "implementation", "migration", "health-check", "ci-maturity", "transformation",
    ]  # fmt: skip
    for one in sets:
        assert set(one["offerings"]) <= sold, one["key"]
        lines = lines_in(one["questions"])
        assert reasons_against_lines(lines) == [], one["key"]
        assert all(line.section and line.text.endswith("?") for line in lines)
