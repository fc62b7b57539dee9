"""Mails that wait for a person on My day: drafts to check, and what went wrong."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.models import Message
from psdelivery.people.away import deputised_by
from psdelivery.people.models import User
from psdelivery.people.queries import pools_of
from psdelivery.registry import WaitingItem

MOST_SHOWN = 20
# What a row tells: texts of mails and all else stay where they are.
SHOWN = (
    "subject", "state", "created_at",
    "engagement__title", "engagement__customer__name",
)  # fmt: skip
WHAT_TO_DO = {
    State.DRAFT: gettext_lazy("A draft: read it, then send it."),
    State.STALE: gettext_lazy("Out of date: something changed since it was written."),
    State.NEEDS_LOOK: gettext_lazy("It may not have arrived: say whether it did."),
    State.FAILED: gettext_lazy("It did not leave, or came back: see why."),
}


def mails_to_check(user: User, now: datetime) -> list[WaitingItem]:
    """Return customer mails that wait for the person, the longest first; one query.

    Their own, those of their steps and pools, and of whom they stand in for (R-23).
    """
    people = [user.pk, *deputised_by(user, now)]
    mine = (
        Q(created_by__in=people)
        | Q(step__assignee__in=people)
        | Q(step__pool__in=pools_of(user))
    )
    found = Message.objects.filter(
        mine, audience=Audience.CUSTOMER, state__in=sorted(WHAT_TO_DO)
    )
    rows = found.select_related("engagement__customer").only(*SHOWN)
    return [_item(row) for row in rows.order_by("created_at", "pk")[:MOST_SHOWN]]


def _item(message: Message) -> WaitingItem:
    why = str(WHAT_TO_DO[State(message.state)])
    about = f"{message.engagement} · " if message.engagement else ""
    return WaitingItem(
        title=_("Mail: %(subject)s") % {"subject": message.subject},
        url=message.get_absolute_url(),
        why=f"{about}{why}",
        since=message.created_at,
        icon="envelope-exclamation" if message.state != State.DRAFT else "envelope",
    )
