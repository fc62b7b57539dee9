"""How many mails a second one worker hands over, committing each."""

from datetime import datetime
from statistics import median
from time import perf_counter

from psdelivery.dashboards.bench.figures import MailFigure
from psdelivery.dashboards.bench.scans import database_words
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import queue_many, send_all_due

KIND = "note"
LONGEST = 600.0


def measure_mails(count: int, runs: int, now: datetime) -> MailFigure:
    """Queue and send so many mails, several times: messages a second."""
    rates = [measure_run(number, count, now) for number in range(runs)]
    words = database_words()
    return MailFigure(words, count, median(rates), min(rates), max(rates))


def measure_run(number: int, count: int, now: datetime) -> float:
    """Return the messages a second of one run; raise where one has not left."""
    queue_many(
        [
            MessageDraft(
                kind=KIND,
                audience=Audience.STAFF,
                to=["bench@example.com"],
                subject=f"Bench {place}",
                text="One of many.",
                idempotency_key=f"bench-{number}-{place}",
            )
            for place in range(count)
        ],
        now,
    )
    start = perf_counter()
    send_all_due(seconds=LONGEST)
    seconds = perf_counter() - start
    waiting = Message.objects.exclude(state=State.SENT).count()
    if waiting:
        raise RuntimeError(f"{waiting} mails of the bench were not sent")
    return count / seconds
