"""What arrives when everything goes wrong at once, counted at a real SMTP server.

python -m tests.services.kill_mail [--messages 1000] [--kills 20] [--drops 10]

Two workers and two beats (one worker where the broker is made of files) send staff and
customer mail. At random moments one of them gets SIGKILL. Then the mail server is away
for ten minutes, on the portal's clock: it is set ahead by five minutes twice while
connections are refused, so that the waiting between the tries is the real one without
ten minutes of real time. In the end the server takes some mails and hangs up before it
says so.
"""

import argparse
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass

from tests import machine
from tests.services.processes import EMBEDDED, Portal, PostgresDatabase, wait_until
from tests.services.sink import Sink

QUEUE = """
from psdelivery import clock
from psdelivery.outbox.choices import Audience
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import queue_many
from psdelivery.people.models import User
Message.objects.all().delete()
by, _ = User.objects.get_or_create(username="clicker", email="clicker@example.com")
def draft(n):
    is_customer = n %% 10 == 0
    return MessageDraft(
        kind="note", to=["ann@example.com"], subject=f"Message {n}", text=f"Text {n}.",
        audience=Audience.CUSTOMER if is_customer else Audience.STAFF,
        by=by if is_customer else None, idempotency_key=f"k{n}")
queue_many([draft(n) for n in range(%d)], clock.now())
"""
ROWS = "SELECT id, subject, audience, state FROM outbox_message"
SETTLED = {"sent", "needs_look"}
FIVE_MINUTES = 5 / 60
# Long enough for a slow machine: a sender that lives must not be taken for dead.
LIMITS = {"OUTBOX_LEASE_SECONDS": 6, "EMAIL_TIMEOUT": 5, "OUTBOX_BATCH": 50}


@dataclass(frozen=True)
class Plan:
    messages: int = 1000
    kills: int = 20
    drops: int = 10
    seed: int = 2027


@dataclass(frozen=True)
class Count:
    """What became of the mails of one audience."""

    queued: int
    arrived: int
    repeats: int
    needs_look: int
    lost: int
    strange: int


@dataclass(frozen=True)
class Report:
    staff: Count
    customer: Count
    kills: int
    drops: int
    refused_minutes: int

    @property
    def is_as_promised(self):
        both = (self.staff, self.customer)
        return (
            sum(one.lost + one.strange for one in both) == 0
            and self.staff.repeats <= self.kills + self.drops
            and self.customer.repeats == self.staff.needs_look == 0
        )

    def __str__(self):
        rows = [
            ("queued", "queued"),
            ("arrived at the server", "arrived"),
            ("lost", "lost"),
            ("needs a look", "needs_look"),
            ("second copies", "repeats"),
            ("under another Message-ID", "strange"),
        ]
        lines = [f"{'':26}{'staff':>8}{'customer':>10}"]
        lines += [
            f"{title:26}{getattr(self.staff, key):>8}{getattr(self.customer, key):>10}"
            for title, key in rows
        ]
        return "\n".join(
            [
                *lines,
                f"{self.kills} kills, server away for {self.refused_minutes} minutes "
                f"of the portal's clock, {self.drops} mails taken without an answer:",
                f"at most {self.kills + self.drops} second copies are promised to "
                "staff, none to customers.",
            ]
        )


class Office:
    """The processes of a portal that die and come back."""

    def __init__(self, make_portal, sink):
        self.make_portal, self.sink = make_portal, sink
        self.kills = 0
        self.hours = 0.0
        self.portal = None

    def open(self):
        """Start workers and beats, with the clock as far ahead as it was set."""
        shifted = {"settings": EMBEDDED, "PSD_CLOCK_OFFSET_HOURS": self.hours}
        self.portal = self.make_portal(
            EMAIL_URL=self.sink.url, **LIMITS, **(shifted if self.hours else {})
        )
        one_only = self.portal.takes_one_worker
        self.workers = [self._worker() for _ in range(1 if one_only else 2)]
        self.beats = [self.portal.start_beat() for _ in range(2)]

    def close(self):
        for process in [*self.workers, *self.beats]:
            process.stop()

    def kill_one(self, chance):
        """SIGKILL for a worker or, more rarely, a beat; another one comes."""
        crew = self.beats if chance.random() < 0.2 else self.workers
        place = chance.randrange(len(crew))
        crew[place].kill()
        self.kills += 1
        is_beat = crew is self.beats
        crew[place] = self.portal.start_beat() if is_beat else self._worker()

    def states(self):
        rows = self.portal.rows("SELECT state, count(*) FROM outbox_message GROUP BY 1")
        return dict(rows)

    def tries(self):
        return self.portal.rows("SELECT sum(attempts) FROM outbox_message")[0][0]

    def left(self):
        return sum(n for state, n in self.states().items() if state not in SETTLED)

    def _worker(self):
        return self.portal.start_worker("--concurrency", "1")

    def about(self):
        return f"{self.states()}\n{self.portal.log('worker')[-3000:]}"


def wait_for_mail(office, more, seconds=60):
    enough = len(office.sink.received) + more
    wait_until(
        lambda: len(office.sink.received) >= enough or not office.left(),
        seconds=seconds,
        about=office.about,
    )


def kill_at_random(office, plan, chance):
    """Kill while mail is leaving; each time some mails must have gone on first."""
    # What the kills leave for the trouble that follows.
    rest = plan.messages // 4
    for _ in range(plan.kills):
        wait_for_mail(office, chance.randrange(1, 10))
        if office.left() <= rest:
            break
        time.sleep(chance.uniform(0, 0.1))
        office.kill_one(chance)


def be_away(office):
    """Refuse connections for ten minutes of the portal's clock; return how many."""
    office.sink.pause()
    for _ in range(2):
        # Some looks fail, and what they touched waits for longer each time.
        enough = office.tries() + 3
        wait_until(
            lambda enough=enough: office.tries() >= enough,
            seconds=90,
            every=0.2,
            about=office.about,
        )
        office.close()
        office.hours += FIVE_MINUTES
        office.open()
    office.sink.resume()
    return round(office.hours * 60)


def hang_up(office, plan, chance):
    """Take some of the mails that are left, and say nothing."""
    queue = office.sink.answers["DATA"]
    room = max(1, office.left() // max(1, plan.drops))
    for _ in range(plan.drops):
        # None in the queue is a good answer.
        queue.extend([None] * chance.randrange(room))
        queue.append("drop-after")


def play(make_portal, sink, plan):
    """Let it all happen and return what was counted."""
    chance = random.Random(plan.seed)
    office = Office(make_portal, sink)
    with make_portal(EMAIL_URL=sink.url) as portal:
        portal.python(QUEUE % plan.messages)
    office.open()
    with ExitStack() as stack:
        stack.callback(office.close)
        kill_at_random(office, plan, chance)
        refused_minutes = be_away(office)
        hang_up(office, plan, chance)
        wait_until(
            lambda: office.left() == 0, seconds=300, every=0.2, about=office.about
        )
        drops = plan.drops - office.sink.answers["DATA"].count("drop-after")
        rows = office.portal.rows(ROWS)
    return count(rows, sink, office.kills, drops, refused_minutes)


def count(rows, sink, kills, drops, refused_minutes):
    copies = sink.copies()
    told = {(one.mail["Subject"], one.message_id) for one in sink.received}
    strange = {subject for subject, _ in told} if len(told) > len(copies) else set()
    arrived = {identity(message_id): n for message_id, n in copies.items()}

    def of(audience):
        mine = [row for row in rows if row[2] == audience]
        keys = {plain(row[0]): row[3] for row in mine}
        here = {key: arrived[key] for key in keys if key in arrived}
        known = {key for key, state in keys.items() if state == "needs_look"}
        return Count(
            queued=len(keys),
            arrived=len(here),
            repeats=sum(here.values()) - len(here),
            needs_look=len(known),
            lost=len(keys.keys() - here.keys() - known),
            strange=len(strange & {row[1] for row in mine}),
        )

    return Report(of("staff"), of("customer"), kills, drops, refused_minutes)


def plain(key):
    """The key of a row as both databases write it."""
    return str(key).replace("-", "")


def identity(message_id):
    return plain(message_id.strip("<>").partition("@")[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("messages", "kills", "drops", "seed"):
        default = getattr(Plan(), name)
        parser.add_argument(f"--{name}", type=int, default=default)
    plan = Plan(**vars(parser.parse_args()))
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        sink = stack.enter_context(Sink(linger=0.03))
        shape, words = {}, "SQLite, broker of files, one worker, two beats"
        if machine.postgres_url() and machine.redis_url():
            database = stack.enter_context(PostgresDatabase(machine.postgres_url()))
            shape = {"database_url": database.url, "redis_url": machine.redis_url()}
            words = "PostgreSQL, Redis, two workers, two beats"
        Portal(folder, **shape).migrate()
        report = play(lambda **more: Portal(folder, **shape | more), sink, plan)
    sys.stdout.write(f"{words}\n{report}\n")
    return 0 if report.is_as_promised else 1


if __name__ == "__main__":
    sys.exit(main())
