"""Notices after an action: the toast that says what happened, with its undo."""

from django.contrib import messages
from django.http import HttpRequest

UNDO_TAG = "undo:"


def undo_notice(request: HttpRequest, text: str, *, undo_url: str) -> None:
    """Tell what was done, with a button that posts to `undo_url`.

    The address rides in the extra tags, so that it survives the redirect and needs
    no HTML inside the message.
    """
    messages.success(request, text, extra_tags=f"{UNDO_TAG}{undo_url}")


def undo_url_of(extra_tags: str | None) -> str:
    """The address of a notice's undo button; empty without one."""
    tags = extra_tags or ""
    return tags.removeprefix(UNDO_TAG) if tags.startswith(UNDO_TAG) else ""
