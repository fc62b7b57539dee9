from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.execution.models import OpenQuestion, WorkItem
from engagements.execution.rules.harmless import harmless, holds_html
from engagements.execution.rules.work_text import (
    IssueText,
    issue_of,
    lines_that_differ,
    marker_of,
    read_issue,
)
from tests.execution.work import FULL

pytestmark = pytest.mark.unit
UID = UUID("5f0c7f50-0c3a-4b7e-9b1e-6f3a3f0f2a11")


def issue(questions=(), **fields):
    return issue_of(WorkItem(title="Move", uid=UID, **{**FULL, **fields}), questions)


def test_the_issue_has_the_four_headings_and_a_hidden_marker():
    asked = [
        OpenQuestion(text="Which version?"),
        OpenQuestion(text="Who approves?", answer="Their CTO\n\nby mail"),
    ]

    assert issue(asked).text == (
        "## Overview\n\nThe customer has 40 projects on another server.\n\n"
        "## Open Questions\n\n- [ ] Which version?\n- [x] Who approves?\n"
        "  Their CTO\n\n  by mail\n\n"
        "## Tasks\n\n- [ ] export the projects\n- [ ] import them\n\n"
        "## Acceptance Criteria\n\n- [ ] each project builds\n\n"
        f"<!-- psdelivery:work-item:{UID} -->"
    )


def test_what_is_written_is_read_back():
    asked = [OpenQuestion(text="Who?", answer="A\n\n- [ ] b\n## Tasks")]
    overview = "# Own heading\n\n/etc/gitlab.rb\n\n```\n## Tasks\n/close\n```"

    read = read_issue(issue(asked, overview=overview))

    assert (read.title, read.overview) == ("Move", overview)
    assert (read.tasks, read.acceptance_criteria) == (
        FULL["tasks"],
        FULL["acceptance_criteria"],
    )
    (question,) = read.questions
    assert (question.text, question.answer) == ("Who?", "A\n\n- [ ] b\n## Tasks")


def test_no_line_of_ours_is_a_command_to_gitlab():
    text = issue(overview="/close\n```\n/etc/hosts\n```\n/ home").text

    assert "\n\\/close\n```\n/etc/hosts\n```\n/ home" in text


def test_a_copied_marker_and_open_code_spoil_nothing():
    other = marker_of(UUID(int=1))

    text = issue(overview=f"Same as {other}", tasks="```\ncode").text

    assert text.count("psdelivery:work-item") == 1
    assert "```\ncode\n```\n\n## Acceptance Criteria" in text


def test_no_line_of_theirs_is_lost():
    theirs = (
        "Hello\r\n## open questions ##\nFirst of all:\n* [X] Which?\n17.4\n"
        "## Tasks\n- [ ] one\n## Risks\nsome\n## Acceptance Criteria\n\u202ec"
    )

    read = read_issue(IssueText("T" * 300, theirs))

    assert read.overview == "Hello\n\nFirst of all:"
    assert [(q.text, q.answer) for q in read.questions] == [("Which?", "17.4")]
    assert read.tasks == "- [ ] one\n## Risks\nsome"
    assert read.acceptance_criteria == "c"
    assert len(read.title) == 200


def test_the_lines_that_differ_are_told_apart():
    ours = issue()
    theirs = IssueText("Moved", ours.text.replace("import them", "import 39"))

    assert lines_that_differ(ours, theirs) == (
        ["Move", "- [ ] import them"],
        ["Moved", "- [ ] import 39"],
    )


def test_line_breaks_and_a_lost_marker_are_no_change():
    ours = issue()
    theirs = IssueText(" Move ", ours.text.replace("\n", " \r\n").partition("<!--")[0])

    assert theirs.says_the_same(ours)
    assert not IssueText("Other", ours.text).says_the_same(ours)


@pytest.mark.parametrize(
    "text",
    [
        "a < b and `<b>` and <https://example.com> \\<b>",
        "```\n<script>alert(1)</script>\n```",
        "    <script>\n\n- [ ] x > 2",
    ],
)
def test_text_without_html_stays_as_it_is(text):
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("`<b>` <b>x</b>", "`<b>` &lt;b>x&lt;/b>"),
        ("a <!-- hidden --> b", "a &lt;!-- hidden --> b"),
        ("`a\n<i>b` <b>", "`a\n&lt;i>b` &lt;b>"),
    ],
)
def test_html_is_shown_as_it_was_typed(text, shown):
    assert harmless(text) == shown


@given(st.text(alphabet='<>/!?-ab`\\ \n&#*[]()"=', max_size=60))
def test_nothing_is_html_afterwards(text):
    assert not holds_html(harmless(text))


@given(st.text(alphabet="#/-[]x `~\nTaskOverviw", max_size=80))
def test_whatever_is_typed_is_read_back(text):
    ours = issue(overview=text)
    again = read_issue(ours)
    item = WorkItem(title="Move", uid=UID, overview=again.overview, tasks=again.tasks)
    item.acceptance_criteria = again.acceptance_criteria
    questions = [OpenQuestion(text=q.text, answer=q.answer) for q in again.questions]

    # Reading twice changes nothing more.
    assert read_issue(issue_of(item, questions)) == again
