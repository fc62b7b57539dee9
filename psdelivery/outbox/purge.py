"""Texts of old mail: what was said to whom is personal, and is not kept for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from psdelivery.operations.purging import Purge, register_purge_after_days
from psdelivery.outbox.choices import OPEN_STATES
from psdelivery.outbox.models import Attachment, Message, MessageQuerySet, Notice

KEEP_DAYS = "outbox.keep_texts_days"


def old_texts(before: datetime) -> MessageQuerySet:
    """Return closed mails from before that moment that still hold their text.

    That a mail left, when, to whom and under which subject stays.
    """
    attached = Exists(Attachment.objects.filter(message=OuterRef("pk")))
    closed = Message.objects.exclude(state__in=sorted(OPEN_STATES))
    return (
        closed.filter(created_at__lt=before)
        .annotate(closed_at=Coalesce(F("sent_at"), F("created_at")))
        .filter(~Q(text="") | ~Q(html="") | ~Q(source={}) | attached)
        .filter(closed_at__lt=before)
        .order_by("created_at", "id")
    )


def remove_texts(old: QuerySet[Any]) -> int:
    """Take the texts and attachments of these mails away; return of how many."""
    keys = list(old.values_list("pk", flat=True))
    Attachment.objects.filter(message__in=keys).delete()
    Notice.objects.filter(message__in=keys).delete()
    closed = Message.objects.filter(pk__in=keys).exclude(state__in=sorted(OPEN_STATES))
    return closed.update(text="", html="", source={})


def register_text_purge() -> None:
    """Let old texts go at night, after the days that managers set."""
    register_purge_after_days(
        Purge(
            key="mail-texts",
            title=_("Texts of mails"),
            find=old_texts,
            remove=remove_texts,
            setting=KEEP_DAYS,
        ),
        title=_("Days for which texts of mails are kept"),
        help=_(
            "Afterwards the Outbox still tells when a mail left, to whom and with "
            "which subject. 0 keeps the texts for good."
        ),
        default=730,
    )
