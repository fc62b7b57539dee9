"""Pages about a person that lie below people: shown as links on the person's page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from psdelivery.people.models import User


@dataclass(frozen=True)
class PersonLink:
    """A page about a person; `is_shown` (reader, person) decides who gets the link."""

    view: str
    title: str | Promise
    is_shown: Callable[[User, User], bool]


@dataclass(frozen=True)
class ShownLink:
    title: str
    url: str


_links: dict[str, PersonLink] = {}


def register_person_link(link: PersonLink) -> None:
    """Add a page about a person; a second one of the same view replaces."""
    _links[link.view] = link


def person_links(reader: User, person: User) -> list[ShownLink]:
    """Return the pages about this person that the reader gets to see."""
    return [
        ShownLink(str(link.title), reverse(link.view, args=[person.pk]))
        for link in _links.values()
        if link.is_shown(reader, person)
    ]
