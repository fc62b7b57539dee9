"""The promise about mail, with a real worker, beat, broker, database and server."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.services.processes import wait_until
from tests.services.sink import Sink

pytestmark = pytest.mark.services

QUEUE = """
from psdelivery import clock
from psdelivery.outbox.choices import Audience
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import queue_many
Message.objects.all().delete()
queue_many([
    MessageDraft(kind="note", audience=Audience.STAFF, to=["ann@example.com"],
                 subject=f"Message {n}", text=f"Text {n}.", idempotency_key=f"k{n}")
    for n in range(%d)
], clock.now())
"""
CLAIM = """
from psdelivery import clock
from psdelivery.outbox.services.claims import claim
answer = []
while batch := claim(clock.now(), 7):
    answer += [str(message.pk) for message in batch]
"""
# The short version of `kill_mail`, which the full tier plays to its end.
KILLS = 3
MESSAGES = 250


def states(portal):
    return dict(portal.rows("SELECT state, count(*) FROM outbox_message GROUP BY 1"))


def test_claimers_in_several_processes_never_get_the_same_message(make_portal):
    with make_portal(OUTBOX_LEASE_SECONDS=120) as portal:
        portal.python(QUEUE % 500)

        with ThreadPoolExecutor(3) as pool:
            claims = list(pool.map(portal.python, [CLAIM] * 3))

    claimed = [pk for claim in claims for pk in claim]
    assert len(claimed) == len(set(claimed)) == 500


def test_a_worker_killed_again_and_again_loses_nothing_and_repeats_little(make_portal):
    moments = random.Random(2027)
    # The pause after accepting is the window in which a kill makes a repeat.
    with Sink(linger=0.004) as sink, make_portal(EMAIL_URL=sink.url) as portal:
        portal.python(QUEUE % MESSAGES)
        portal.start_beat()
        for _ in range(KILLS):
            kill_in_the_middle(portal, sink, moments.uniform(0, 0.25))
        assert states(portal).get("ready", 0) > 0, "the last kill came too late"
        portal.start_worker("--concurrency", "1")

        wait_until(
            lambda: states(portal) == {"sent": MESSAGES},
            seconds=60,
            every=0.2,
            about=lambda: f"{states(portal)}\n{portal.log('worker')[-3000:]}",
        )

    copies = sink.copies()
    assert len(copies) == MESSAGES
    assert sum(copies.values()) - MESSAGES <= KILLS
    # Every repeat has the Message-ID of its first copy.
    assert len({(m.message_id, m.mail["Subject"]) for m in sink.received}) == MESSAGES


def kill_in_the_middle(portal, sink, pause):
    """Start a worker, wait until it sends, and kill it some moments later."""
    before = len(sink.received)
    worker = portal.start_worker("--concurrency", "1")
    wait_until(
        lambda: len(sink.received) > before,
        seconds=30,
        every=0.01,
        about=lambda: portal.log("worker")[-3000:],
    )
    time.sleep(pause)
    worker.kill()


def test_queued_mail_leaves_at_once_without_waiting_for_the_scan(make_portal):
    # Without beat, so that only the hint of the queueing can be what wakes it.
    environment = {"SCAN_SECONDS": 30}
    with Sink() as sink, make_portal(EMAIL_URL=sink.url, **environment) as portal:
        worker = portal.start_worker()
        wait_until(lambda: "ready." in portal.log("worker"), seconds=30)
        portal.python(QUEUE % 3)

        wait_until(
            lambda: states(portal) == {"sent": 3},
            seconds=10,
            about=lambda: portal.log("worker")[-3000:],
        )
        worker.stop()
        assert not worker.is_running

    assert sorted(sink.copies().values()) == [1, 1, 1]


def test_two_workers_and_two_beats_send_each_mail_once(make_portal):
    with Sink() as sink, make_portal(EMAIL_URL=sink.url) as portal:
        if portal.takes_one_worker:
            pytest.skip("the file broker allows one worker")
        portal.python(QUEUE % 600)
        for _ in range(2):
            portal.start_beat()
            portal.start_worker("--concurrency", "2")

        wait_until(
            lambda: states(portal) == {"sent": 600},
            seconds=40,
            every=0.2,
            about=lambda: f"{states(portal)}\n{portal.log('worker')[-3000:]}",
        )

    assert set(sink.copies().values()) == {1}
    assert len(sink.copies()) == 600


def test_a_database_that_drops_its_connections_loses_nothing(make_portal):
    with Sink(delay=0.002) as sink, make_portal(EMAIL_URL=sink.url) as portal:
        if portal.takes_one_worker:
            pytest.skip("a file has no connections to drop")
        portal.python(QUEUE % 400)
        portal.start_beat()
        portal.start_worker("--concurrency", "1")
        for wanted in (60, 120, 180):
            wait_until(lambda least=wanted: len(sink.received) > least, seconds=30)
            portal.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

        wait_until(
            lambda: states(portal) == {"sent": 400},
            seconds=40,
            every=0.2,
            about=lambda: f"{states(portal)}\n{portal.log('worker')[-3000:]}",
        )

    copies = sink.copies()
    assert len(copies) == 400
    assert sum(copies.values()) <= 403
