from datetime import timedelta

import pytest

from psdelivery.comments.models import Comment
from psdelivery.comments.rules import (
    EDITABLE,
    MOST_MENTIONS,
    may_delete,
    may_edit,
    mentioned_names,
    reasons_against_mentions,
)
from psdelivery.people.models import User

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@paul, look", ["paul"]),
        ("Ask @Pia.PSE. And @paul-", ["pia.pse", "paul"]),
        ("@paul @PAUL", ["paul"]),
        ("(@paul)", ["paul"]),
        ("mail ann@example.com", []),
        ("`@dataclass` and\n```\n@paul\n```", []),
        ("@ @. @-", []),
        ("@jürgen", ["jürgen"]),
    ],
)
def test_names_are_found_as_people_write_them(text, names):
    assert mentioned_names(text) == names


def test_only_who_works_here_and_may_see_it_is_mentioned():
    people = {
        "gone": User(pk=1, is_active=False),
        "far": User(pk=2, is_active=True),
        "near": User(pk=3, is_active=True),
    }

    reasons = reasons_against_mentions(["gone", "far", "near", "none"], people, {1, 3})

    assert [reason.sentence for reason in reasons] == [
        "@gone has left and would not read it.",
        "@far may not see this, and would not be told.",
        "Nobody has the log-in name @none.",
    ]


def test_a_comment_does_not_call_everybody():
    names = [f"person{n}" for n in range(MOST_MENTIONS + 1)]

    assert len(reasons_against_mentions(names, {}, set())) == 1


def test_its_author_changes_a_comment_for_a_quarter_of_an_hour(now):
    ann, ben = User(pk=1), User(pk=2)
    comment = Comment(by=ann, at=now)

    assert may_edit(comment, ann, now=now + EDITABLE)
    assert not may_edit(comment, ann, now=now + EDITABLE + timedelta(seconds=1))
    assert not may_edit(comment, ben, now=now)
    assert may_delete(comment, ann)
    assert not may_delete(comment, ben)
    comment.deleted_at = now
    assert not may_delete(comment, ann)
