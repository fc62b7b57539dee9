"""Events as people read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from psdelivery.history.models import Event
from psdelivery.history.verbs import field_words, value_words, words_for
from psdelivery.people.models import User
from psdelivery.people.moments import day_text, moment_text

NOTHING = "–"


@dataclass(frozen=True)
class ChangeLine:
    field: str
    old: str
    new: str

    @property
    def is_first(self) -> bool:
        return self.old == NOTHING


@dataclass(frozen=True)
class EventLine:
    at: datetime
    who: str
    for_whom: str
    what: str
    subject: str
    changes: list[ChangeLine]
    reason: str


def event_lines(events: Iterable[Event], *, zone: str) -> list[EventLine]:
    """Put events into words; one query for all people that they name."""
    events = list(events)
    people = User.objects.in_bulk(_person_ids(events))  # nobody: no query
    names = {pk: person.display_name for pk, person in people.items()}
    return [_line(event, names, zone) for event in events]


def _line(event: Event, names: Mapping[int, str], zone: str) -> EventLine:
    return EventLine(
        at=event.at,
        who=event.actor.display_name if event.actor else _("the portal"),
        for_whom=event.on_behalf_of.display_name if event.on_behalf_of else "",
        what=words_for(event.verb),
        subject=event.subject_label or names.get(_person_id(event), ""),
        changes=[
            ChangeLine(
                field_words(name),
                _shown(value_words(name, old), names, zone),
                _shown(value_words(name, new), names, zone),
            )
            for name, (old, new) in event.changes.items()
        ],
        reason=event.reason,
    )


def _person_ids(events: Iterable[Event]) -> set[int]:
    values = (pair for event in events for pair in event.changes.values())
    flat = (one for pair in values for one in _flat(pair))
    changed = {one["person"] for one in flat if isinstance(one, dict)}
    return changed | {_person_id(event) for event in events} - {0}


def _person_id(event: Event) -> int:
    # Persons as subjects carry no label; 0 is nobody.
    person = ContentType.objects.get_for_model(User)
    return int(event.subject_id) if event.subject_type_id == person.pk else 0


def _flat(value: object) -> list[object]:
    if isinstance(value, list):
        return [one for part in value for one in _flat(part)]
    return [value]


def _shown(value: object, names: Mapping[int, str], zone: str) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_shown(one, names, zone) for one in value) or NOTHING
    if isinstance(value, dict):
        return names.get(value["person"], _("a person who was removed"))
    return NOTHING if value is None else _text(str(value), zone)


def _text(value: str, zone: str) -> str:
    try:
        if len(value) == len("2027-03-05"):
            return day_text(date.fromisoformat(value))
        at = datetime.fromisoformat(value)
    except ValueError:
        return value or NOTHING
    return value if at.tzinfo is None else str(moment_text(at, "", zone))
