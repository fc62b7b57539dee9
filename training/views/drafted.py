"""After a click that drafted a mail for each attendee."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext

from psdelivery.outbox.models import Message


def to_drafts(
    request: HttpRequest, drafts: Sequence[Message], *, kind: str
) -> HttpResponse:
    """Say how many mails of a kind are drafted, and lead to them."""
    words = ngettext(
        "%(n)d mail is drafted: check it, then send it.",
        "%(n)d mails are drafted: check each, then send it.",
        len(drafts),
    )
    messages.success(request, words % {"n": len(drafts)})
    query = urlencode({"state": "draft", "kind": kind})
    return redirect(f"{reverse('outbox:message-list')}?{query}")
