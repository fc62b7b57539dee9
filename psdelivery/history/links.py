"""Where a line of the history leads: each place says it for its own subjects."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model


@dataclass(frozen=True)
class Link:
    """An address and what stands there."""

    url: str
    label: str


# (ids of subjects, now) -> the links of those that have one.
Reader = Callable[[Collection[str], datetime], Mapping[str, Link]]

_readers: dict[type[Model], Reader] = {}


def register_links(model: type[Model], reader: Reader) -> None:
    """Let `reader` say where events about this kind of record lead."""
    _readers[model] = reader


def links_of(
    subjects: Collection[tuple[int | None, str]], now: datetime
) -> dict[tuple[int | None, str], Link]:
    """Return the links by kind and id of the subject; one query for each kind."""
    found: dict[tuple[int | None, str], Link] = {}
    for model, reader in _readers.items():
        kind = ContentType.objects.get_for_model(model).pk
        ids = {pk for subject, pk in subjects if subject == kind}
        links = reader(ids, now) if ids else {}
        found |= {(kind, pk): link for pk, link in links.items()}
    return found
