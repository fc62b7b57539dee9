"""Events as people read them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from psdelivery.history.links import Link, links_of
from psdelivery.history.models import Event
from psdelivery.history.verbs import field_words, value_words, words_for
from psdelivery.people.models import Contact, User
from psdelivery.people.moments import day_text, moment_text

NOTHING = "–"
# Whose names are looked up when an event is read: the word in the event, the records.
NAMED: dict[str, type[User] | type[Contact]] = {"person": User, "contact": Contact}

# One who is named in an event: ("person", 12).
Key = tuple[str, int]


@dataclass(frozen=True)
class ChangeLine:
    field: str
    old: str
    new: str

    @property
    def is_first(self) -> bool:
        return self.old == NOTHING

    @property
    def is_withheld(self) -> bool:
        """Whether it is only told that the field changed."""
        return not self.new


@dataclass(frozen=True)
class EventLine:
    at: datetime
    who: str
    for_whom: str
    what: str
    subject: str
    changes: list[ChangeLine]
    reason: str
    link: Link | None = None


def event_lines(
    events: Iterable[Event], *, zone: str, now: datetime | None = None
) -> list[EventLine]:
    """Put events into words; one query for all people that they name, one for contacts.

    Without any, none. With `now` lines lead to what they tell of (`history.links`).
    """
    events = list(events)
    wanted = {key for event in events for key in _named(event)}
    names = {
        (word, pk): str(found)
        for word, model in NAMED.items()
        for pk, found in _found(model, {pk for w, pk in wanted if w == word}).items()
    }
    subjects = {(event.subject_type_id, event.subject_id) for event in events}
    links = links_of(subjects, now) if now else {}
    return [
        replace(
            _line(event, names, zone),
            link=links.get((event.subject_type_id, event.subject_id)),
        )
        for event in events
    ]


def _found(
    model: type[User] | type[Contact], ids: Collection[int]
) -> Mapping[int, User | Contact]:
    return model._default_manager.in_bulk(ids) if ids else {}


def _line(event: Event, names: Mapping[Key, str], zone: str) -> EventLine:
    return EventLine(
        at=event.at,
        who=event.actor.display_name if event.actor else _("the portal"),
        for_whom=event.on_behalf_of.display_name if event.on_behalf_of else "",
        what=words_for(event.verb),
        subject=event.subject_label or names.get(_subject_key(event), ""),
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


def _named(event: Event) -> Iterator[Key]:
    yield _subject_key(event)
    for pair in event.changes.values():
        for one in _flat(pair):
            if isinstance(one, dict):
                yield from ((word, pk) for word, pk in one.items() if word in NAMED)


def _subject_key(event: Event) -> Key:
    # People and contacts as subjects carry no label; "" is none of them.
    for word, model in NAMED.items():
        if event.subject_type_id == ContentType.objects.get_for_model(model).pk:
            return word, int(event.subject_id)
    return "", 0


def _flat(value: object) -> list[object]:
    if isinstance(value, list):
        return [one for part in value for one in _flat(part)]
    return [value]


def _shown(value: object, names: Mapping[Key, str], zone: str) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_shown(one, names, zone) for one in value) or NOTHING
    if isinstance(value, dict):
        return _name_in(value, names)
    return NOTHING if value is None else _text(str(value), zone)


def _name_in(value: Mapping[str, int], names: Mapping[Key, str]) -> str:
    if "withheld" in value:
        return ""
    return names.get(next(iter(value.items())), _("a person who was removed"))


def _text(value: str, zone: str) -> str:
    try:
        if len(value) == len("2027-03-05"):
            return day_text(date.fromisoformat(value))
        at = datetime.fromisoformat(value)
    except ValueError:
        return value or NOTHING
    return value if at.tzinfo is None else str(moment_text(at, "", zone))
