"""The look for drafts that are no longer true, before somebody clicks.

It reads drafts alone, those longest not looked at first, and a bounded number of
them: its cost grows with the drafts that wait, never with the mail that has left.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from psdelivery.history import services as history
from psdelivery.outbox.choices import State
from psdelivery.outbox.letters import letter_for, records_now
from psdelivery.outbox.models import MailTemplate, Message
from psdelivery.outbox.rules.drafts import state_of_draft
from psdelivery.outbox.templates import mail_kind

logger = logging.getLogger(__name__)

# A change shows after at most this long, while one look is enough for all drafts.
EVERY = timedelta(minutes=2)
BATCH = 50


def find_stale(now: datetime, limit: int = BATCH) -> int:
    """Compare drafts with the facts of now; return how many changed their state.

    A draft whose facts have changed is out of date; one whose facts are again what
    they were is a draft again. Two looks at once do no harm.
    """
    drafts = claim_drafts(now, limit)
    if not drafts:
        return 0
    records = records_now(drafts)
    keys = {draft.kind for draft in drafts}
    current = MailTemplate.objects.current().filter(kind__in=sorted(keys))
    templates = {template.kind: template for template in current}
    return sum(
        settle(draft, records.get(draft.pk), templates.get(draft.kind), now)
        for draft in drafts
    )


def claim_drafts(now: datetime, limit: int) -> Sequence[Message]:
    """Return the drafts that are due to be compared, each noted as compared now.

    Noted before the comparing, so that one whose facts cannot be read waits for its
    next turn like all others.
    """
    due = Message.objects.to_compare(now - EVERY)
    drafts = list(due.select_related("engagement")[:limit])
    Message.objects.filter(pk__in=[draft.pk for draft in drafts]).update(
        compared_at=now
    )
    return drafts


def settle(
    draft: Message, record: Any, template: MailTemplate | None, now: datetime
) -> bool:
    """Give a draft the state that its facts say; True where that is another one."""
    try:
        fingerprint = fingerprint_now(draft, record, template)
    except Exception:
        # Whatever goes wrong with the facts of one draft, the others are looked at.
        logger.exception("The facts of draft %s could not be read.", draft.pk)
        return False
    state = state_of_draft(draft.fingerprint, fingerprint)
    if state == draft.state:
        return False
    with transaction.atomic():
        # Only as it was read: whoever wrote it anew meanwhile has seen the facts.
        as_read = Message.objects.filter(
            pk=draft.pk, state=draft.state, fingerprint=draft.fingerprint
        )
        if not as_read.update(state=state):
            return False
        verb = "message-stale" if state == State.STALE else "draft-true-again"
        history.record(
            verb, by=None, subject=draft, engagement=draft.engagement, now=now
        )
    return True


def fingerprint_now(
    draft: Message, record: Any, template: MailTemplate | None
) -> str | None:
    """Return the fingerprint that the draft would have now; None: it is about nothing.

    Raises LookupError where its text was never loaded.
    """
    kind = mail_kind(draft.kind)
    if kind is None or record is None:
        return None
    if template is None:
        raise LookupError(draft.kind)
    return letter_for(kind, record, template).fingerprint
