"""What people were told by mail: at once, or by what waits for their morning."""

from dataclasses import dataclass

from psdelivery.outbox.daily import KIND
from psdelivery.outbox.models import Message, Notice


@dataclass(frozen=True)
class Told:
    """News to one person or more, in whatever mail they leave."""

    to: list[str]
    subject: str
    text: str
    html: str


def news_told(kind=""):
    """All news of a kind in the order in which they were queued; "": of any."""
    alone = Message.objects.exclude(kind=KIND)
    waiting = Notice.objects.select_related("message")
    if kind:
        alone = alone.filter(kind=kind)
        waiting = waiting.filter(key__startswith=f"{kind}:")
    rows = [(one.created_at, one.to, one) for one in alone]
    rows += [(one.created_at, one.message.to, one) for one in waiting]
    rows.sort(key=lambda row: (row[0], row[2].subject))
    return [Told(to, one.subject, one.text, one.html) for _at, to, one in rows]


def told_of(start, kind=""):
    """Those of them whose subject begins so."""
    return [one for one in news_told(kind) if one.subject.startswith(start)]
