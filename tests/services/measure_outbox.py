"""How many mails a second one worker hands over, committing each.

python -m tests.services.measure_outbox [--messages 1000] [--runs 3]

"""

import argparse
import statistics
import sys
import tempfile

from tests import machine
from tests.services.processes import Portal, PostgresDatabase
from tests.services.sink import Sink
from tests.services.test_outbox import QUEUE

SEND = """
import time
from psdelivery.outbox.services import send_all_due
start = time.monotonic()
send_all_due(seconds=600)
answer = time.monotonic() - start
"""


def rates(portal, sink, messages, runs):
    portal.migrate()
    for _ in range(runs):
        sink.received.clear()
        portal.python(QUEUE % messages)
        seconds = portal.python(SEND)
        assert len(sink.received) == messages
        yield messages / seconds


def measure(messages, runs, database_url=""):
    with tempfile.TemporaryDirectory() as folder, Sink() as sink:
        portal = Portal(folder, database_url=database_url, EMAIL_URL=sink.url)
        return list(rates(portal, sink, messages, runs))


def report(name, found):
    middle, low, high = statistics.median(found), min(found), max(found)
    line = f"{name}: {middle:.0f} messages a second ({low:.0f} to {high:.0f})\n"
    sys.stdout.write(line)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    wanted = parser.parse_args()
    report("SQLite", measure(wanted.messages, wanted.runs))
    if machine.postgres_url():
        with PostgresDatabase(machine.postgres_url()) as database:
            report("PostgreSQL", measure(wanted.messages, wanted.runs, database.url))


if __name__ == "__main__":
    main()
