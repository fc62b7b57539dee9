"""Reminders with a real worker and beat, broker, database and mail server."""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.services.processes import EMBEDDED, wait_until
from tests.services.sink import Sink

pytestmark = pytest.mark.services

LINK = "Send the registration link to the main contact"
REVIEW = "Review the assessment and release the result"
A_WEEK = timedelta(days=7)
# Seconds; far more than it takes, for a machine with much else to do.
PATIENCE = 120


class Post:
    """What arrived at the addresses of one place."""

    def __init__(self, sink, place):
        self._sink, self._place = sink, place

    @property
    def letters(self):
        """(subject, name of the reader) -> how many copies arrived."""
        return Counter(
            (one.mail["Subject"].removesuffix(f" ({self._place})"), name)
            for one in list(self._sink.received)
            for name, _at, place in (a.partition("@") for a in one.recipients)
            if place == f"{self._place}.example"
        )

    @property
    def mails(self):
        """Title of a step -> how many mails told of it."""
        found = [one.mail["Subject"] for one in list(self._sink.received)]
        return Counter(subject.partition(": ")[2] for subject in found)


@pytest.fixture
def sink():
    with Sink() as running:
        yield running


@contextmanager
def running(make_portal, sink, *, ahead=timedelta(0)):
    """Worker and beat of a portal whose clock is so far ahead."""
    hours = ahead.total_seconds() / 3600
    shifted = {"settings": EMBEDDED, "PSD_CLOCK_OFFSET_HOURS": hours} if hours else {}
    with make_portal(EMAIL_URL=sink.url, **shifted) as portal:
        worker, beat = portal.start_worker(), portal.start_beat()
        yield portal
        beat.stop()
        worker.stop()


def wait_for(letters, post, portal):
    """Wait until these letters are there, and then for two scans more."""
    wait_until(
        lambda: post.letters.keys() >= letters.keys(),
        seconds=PATIENCE,
        every=0.2,
        about=lambda: f"{post.letters}\n{portal.log('worker')[-3000:]}",
    )
    enough = scans(portal) + 2
    wait_until(lambda: scans(portal) >= enough, seconds=PATIENCE, every=0.2)


def scans(portal):
    lines = portal.log("worker").splitlines()
    return sum("playbooks.scan_reminders" in x and "succeeded" in x for x in lines)


def made(portal, call):
    """What a function of the classroom answers, called inside the portal."""
    function = call.partition("(")[0]
    return portal.python(
        f"from tests.services.classroom import {function}\nanswer = {call}"
    )


def after_the_last(portal, steps):
    """How far the clock must go to be just past the due dates of the steps."""
    moments = made(portal, f"due_moments({steps})")
    last = max(datetime.fromisoformat(moment) for moment in moments)
    return last - datetime.now(UTC) + timedelta(minutes=1)


def late(*readers):
    """The escalation of both steps to each reader, with their owners in copy."""
    return Counter(
        (f"Late: {step}", name)
        for reader in readers
        for step, owner in ((LINK, "tc"), (REVIEW, "trainer"))
        for name in (reader, owner)
    )


FIRST_REMINDERS = Counter([(f"Due: {LINK}", "tc"), (f"Due: {REVIEW}", "trainer")])


def test_r11_r13_both_named_reminders_arrive_once_and_escalate_when_ignored(
    make_portal, sink
):
    post = Post(sink, "ignored")
    with running(make_portal, sink) as portal:
        steps = made(portal, "open_class('ignored')")
        wait_for(FIRST_REMINDERS, post, portal)
        assert post.letters == FIRST_REMINDERS

    breach = after_the_last(portal, steps)
    with running(make_portal, sink, ahead=breach) as portal:
        wait_for(FIRST_REMINDERS + late("pc"), post, portal)
        assert post.letters == FIRST_REMINDERS + late("pc")

    with running(make_portal, sink, ahead=breach + A_WEEK) as portal:
        wait_for(FIRST_REMINDERS + late("pc", "boss"), post, portal)
        assert post.letters == FIRST_REMINDERS + late("pc", "boss")


@pytest.mark.full
def test_r21_a_ticked_step_is_never_mentioned_again(make_portal, sink):
    post = Post(sink, "ticked")
    with running(make_portal, sink) as portal:
        steps = made(portal, "open_class('ticked')")
        wait_for(FIRST_REMINDERS, post, portal)
        made(portal, f"settle({steps})")
        # Sings when everything that was due in a week has been looked at.
        made(portal, "open_canary('ticked')")

    song = Counter([("Late: Sing", "bird")])
    with running(make_portal, sink, ahead=2 * A_WEEK) as portal:
        wait_for(FIRST_REMINDERS + song, post, portal)

    assert post.letters == FIRST_REMINDERS + song


def test_r21_three_days_off_and_back_give_one_reminder_a_step(make_portal, sink):
    post = Post(sink, "away")
    with make_portal() as portal:
        made(portal, "open_many('away', 9)")
    wanted = {f"Step {number} at away" for number in range(6)}

    with running(make_portal, sink, ahead=timedelta(days=3)) as portal:
        wait_until(lambda: post.mails.keys() >= wanted, seconds=PATIENCE, every=0.2)
        wait_for(Counter(), post, portal)

    # The others may have been told on the working day before a weekend.
    assert set(post.mails.values()) == {1}


def subjects_at(sink, place):
    """What arrived at a place, in order."""
    return [
        str(one.mail["Subject"]).strip()
        for one in list(sink.received)
        if one.recipients[0].endswith(f"@{place}.example")
    ]


def wait_for_mails(sink, place, number, portal):
    """Wait until so many mails are there, and then for two scans more."""
    wait_until(
        lambda: len(subjects_at(sink, place)) >= number,
        seconds=PATIENCE,
        every=0.2,
        about=lambda: f"{subjects_at(sink, place)}\n{portal.log('worker')[-3000:]}",
    )
    wait_for(Counter(), Post(sink, place), portal)


@pytest.mark.full
def test_r21_what_is_told_once_a_day_arrives_in_one_mail_a_morning(make_portal, sink):
    with running(make_portal, sink) as portal:
        morning = datetime.fromisoformat(made(portal, "open_digest('daily')"))
        wait_for_mails(sink, "daily", 1, portal)

    assert subjects_at(sink, "daily") == [
        "3 steps wait for you, the first: Step 0 at daily"
    ]
    (first,) = sink.received
    assert all(f"Step {number} at daily" in first.text for number in range(3))

    until_then = morning - datetime.now(UTC) + timedelta(minutes=1)
    with running(make_portal, sink, ahead=until_then) as portal:
        wait_for_mails(sink, "daily", 2, portal)

    (_first, mentions) = subjects_at(sink, "daily")
    assert mentions.startswith("2 messages for you, the first:")
    text = sink.received[-1].text
    assert text.index("look at the first") < text.index("look at the second")
