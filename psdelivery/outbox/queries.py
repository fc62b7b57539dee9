from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from psdelivery.outbox.choices import State
from psdelivery.outbox.models import MessageQuerySet, Recipient


@dataclass(frozen=True)
class MessageFilter:
    """What the address of the list asks for; empty means everything."""

    state: str = ""
    kind: str = ""
    engagement: int | None = None
    q: str = ""


def filtered_messages(
    messages: MessageQuerySet, wanted: MessageFilter
) -> MessageQuerySet:
    """Narrow messages down to what the list was asked for."""
    if wanted.state:
        messages = messages.filter(state=wanted.state)
    if wanted.kind:
        messages = messages.filter(kind=wanted.kind)
    if wanted.engagement is not None:
        messages = messages.filter(engagement=wanted.engagement)
    if wanted.q:
        to = Recipient.objects.filter(address__contains=wanted.q.lower())
        messages = messages.filter(
            Q(subject__icontains=wanted.q) | Q(pk__in=to.values("message"))
        )
    return messages


def open_counts(messages: MessageQuerySet) -> list[tuple[State, int]]:
    """Return how many messages wait in each open state, without the empty ones.

    Only what is open is counted: the sent mail of years would make the page slow.
    """
    rows = messages.open().order_by().values_list("state").annotate(Count("pk"))
    counts = dict(rows)
    return [(state, counts[state]) for state in State if state in counts]


def rows_of_list(messages: MessageQuerySet) -> MessageQuerySet:
    """Load what a row of the list shows, and not the bodies."""
    return messages.select_related("engagement__customer").defer("text", "html")
