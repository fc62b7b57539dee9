"""Kinds of mail, and who writes them at the moment they are sent.

A place above registers its kinds in `AppConfig.ready()`. A reminder is rendered
when it is sent, so that it says what is true then, or is dropped when the step
was done meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from psdelivery.outbox.markdown import render_mail_markdown
from psdelivery.outbox.models import Message


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str = ""

    @classmethod
    def from_markdown(cls, subject: str, markdown: str) -> Rendered:
        """Build both bodies from one Markdown text."""
        text, html = render_mail_markdown(markdown)
        return cls(subject=subject, text=text, html=html)


# None: the mail is no longer wanted. An id left out: something is wrong.
Renderer = Callable[[list[Message]], dict[UUID, Rendered | None]]

_renderers: dict[str, Renderer] = {}
_titles: dict[str, str | Promise] = {}


def register_kind(kind: str, title: str | Promise) -> None:
    """Give a kind of mail the name that the Outbox page shows."""
    _titles[kind] = title


def register_renderer(
    kind: str, renderer: Renderer, *, title: str | Promise = ""
) -> None:
    """Let `renderer` write the mails of this kind, many in one call, at sending."""
    _renderers[kind] = renderer
    register_kind(kind, title or _titles.get(kind, kind))


def renderer_of(kind: str) -> Renderer | None:
    """Return who writes this kind, None when its text was stored on queueing."""
    return _renderers.get(kind)


def kind_title(kind: str) -> str:
    """Return the name of a kind, or the kind itself when it has none."""
    return str(_titles.get(kind, kind))


def kind_choices() -> list[tuple[str, str]]:
    """Return the known kinds with their names, sorted by name."""
    return sorted(((k, str(t)) for k, t in _titles.items()), key=lambda pair: pair[1])


register_kind("account", _("Account"))
register_kind("invitation", _("Invitation"))
