from datetime import timedelta

import pytest

from engagements.execution.gitlab.addresses import (
    project_address,
    reasons_against_address,
)
from engagements.execution.rules.pushing import Sides, Verdict, next_look, verdict_of
from engagements.execution.rules.work_text import IssueText
from tests.factories.engagements import NOW

pytestmark = pytest.mark.unit
OLD, OURS, THEIRS = (IssueText("T", words) for words in ("old", "ours", "theirs"))


@pytest.mark.parametrize(
    ("there", "sent", "seen", "settled", "verdict"),
    [
        (OURS, "", "", True, Verdict.SAME),
        # Only ours is new.
        (OLD, OLD.digest, "", True, Verdict.WRITE),
        # The server keeps it in another way than it was sent.
        (OLD, OURS.digest, "", True, Verdict.SAME),
        # A worker died before it was sent.
        (OLD, OURS.digest, "", False, Verdict.WRITE),
        # A worker died after an earlier text of ours was sent.
        (THEIRS, THEIRS.digest, "", False, Verdict.WRITE),
        (THEIRS, OURS.digest, "", True, Verdict.THEIRS),
        (THEIRS, OLD.digest, "", True, Verdict.BOTH),
        (THEIRS, OURS.digest, "", False, Verdict.BOTH),
        (THEIRS, OLD.digest, THEIRS.digest, True, Verdict.WRITE),
        (THEIRS, OLD.digest, OLD.digest, True, Verdict.BOTH),
    ],
)
def test_a_change_made_there_is_never_overwritten_unseen(
    there, sent, seen, settled, verdict
):
    sides = Sides(OURS, there, OLD, sent=sent, seen=seen, is_settled=settled)

    assert verdict_of(sides) == verdict


def test_it_is_tried_again_later_and_later_and_as_long_as_asked_for():
    delays = [next_look(n, 0, NOW) - NOW for n in (1, 2, 7, 900)]

    assert delays == [timedelta(minutes=n) for n in (1, 2, 60, 60)]
    assert next_look(1, 600, NOW) - NOW == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("url", "api"),
    [
        (
            "https://gitlab.com/acme/sub/project/-/issues?a=b",
            "https://gitlab.com/api/v4/projects/acme%2Fsub%2Fproject",
        ),
        (
            "https://Git.Acme.example:8443/a/b.git",
            "https://git.acme.example:8443/api/v4/projects/a%2Fb",
        ),
        ("http://[::1]:80/a/b/", "http://[::1]/api/v4/projects/a%2Fb"),
    ],
)
def test_the_address_of_a_project_names_its_api(url, api):
    assert project_address(url).api == api


@pytest.mark.parametrize(
    "url",
    [
        "", "gitlab.com/a/b", "ftp://gitlab.com/a/b", "https://gitlab.com/a",
        "https://me:word@gitlab.com/a/b", "https:///a/b", "https://h:x/a/b",
        "http://gitlab.com/a/b", "http://127.0.0.1.evil.example/a/b",
    ],
)  # fmt: skip
def test_what_is_no_https_page_of_a_project_is_refused(url):
    assert len(reasons_against_address(url)) == 1


def test_without_tls_it_is_this_machine_and_a_trial(settings):
    settings.OUTBOUND_HTTP_ON_LOOPBACK = True
    assert reasons_against_address("http://127.0.0.1:8080/a/b") == []

    settings.OUTBOUND_HTTP_ON_LOOPBACK = False
    assert len(reasons_against_address("http://127.0.0.1:8080/a/b")) == 1
