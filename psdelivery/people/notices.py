"""Notices after an action: the toast that says what happened, with undo or a link."""

from django.contrib import messages
from django.http import HttpRequest

UNDO_TAG = "undo:"
LINK_TAG = "link:"


def undo_notice(request: HttpRequest, text: str, *, undo_url: str) -> None:
    """Tell what was done, with a button that posts to `undo_url`.

    The address rides in the extra tags, so that it survives the redirect and needs
    no HTML inside the message.
    """
    messages.success(request, text, extra_tags=f"{UNDO_TAG}{undo_url}")


def link_notice(request: HttpRequest, text: str, *, url: str) -> None:
    """Tell what may be done next; the text leads to `url`."""
    messages.info(request, text, extra_tags=f"{LINK_TAG}{url}")


def undo_url_of(extra_tags: str | None) -> str:
    """The address of a notice's undo button; empty without one."""
    return _tagged(extra_tags, UNDO_TAG)


def link_url_of(extra_tags: str | None) -> str:
    """The address that a notice leads to; empty without one."""
    return _tagged(extra_tags, LINK_TAG)


def _tagged(extra_tags: str | None, tag: str) -> str:
    tags = extra_tags or ""
    return tags.removeprefix(tag) if tags.startswith(tag) else ""
