"""Links from a reason to where it is put right, for who may open that page."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from psdelivery.people.context_processors import may_open
from psdelivery.registry import Reason


def within_reach(found: Iterable[Any], user: Any) -> list[Any]:
    """Return the reasons; a link to a page that is closed to the reader is left out.

    The access table decides. How far somebody's role goes is decided by the page.
    """
    return [
        replace(reason, fix_url="")
        if isinstance(reason, Reason) and not leads_somewhere(user, reason.fix_url)
        else reason
        for reason in found
    ]


def leads_somewhere(user: Any, url: str) -> bool:
    """Tell whether the reader's roles open the page that an address leads to."""
    try:
        match = resolve(urlsplit(url).path) if url else None
    except Resolver404:
        return True  # not ours
    return match is None or may_open(user, match.view_name)
