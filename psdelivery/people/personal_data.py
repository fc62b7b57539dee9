"""What the portal holds on somebody: each place below tells its own part."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from psdelivery.people.models import Contact, User

S = TypeVar("S", User, Contact)

# What a place holds on one person, in values that JSON can hold, dates included.
Reader = Callable[[Any], Any]

_readers: dict[type[User] | type[Contact], dict[str, Reader]] = {User: {}, Contact: {}}


def register_personal_data(
    model: type[S], key: str, reader: Callable[[S], Any]
) -> None:
    """Let `reader` tell what a place holds; a second one of the same key replaces."""
    _readers[model][key] = reader


def personal_data_of(subject: User | Contact) -> dict[str, Any]:
    """Return everything that the places tell of somebody, by the key of the place."""
    readers = _readers[type(subject)]
    return {key: reader(subject) for key, reader in readers.items()}


def rows(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of `values()` as JSON wants them."""
    return [dict(row) for row in found]


def _person(person: User) -> dict[str, Any]:
    return {
        "name": person.display_name,
        "log_in_name": person.username,
        "address": person.email,
        "zone": person.zone,
        "place": person.place,
        "practice": str(person.practice or ""),
        "region": str(person.region or ""),
        "manager": str(person.manager or ""),
        "added": person.date_joined,
        "last_log_in": person.last_login,
        "has_left": not person.is_active,
    }


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "customer": contact.customer.name,
        "address": contact.email,
        "telephone": contact.phone,
        "job_title": contact.job_title,
        "still_works_there": contact.is_active,
    }


def _own_rows(related: str, *fields: str) -> Callable[[User], list[dict[str, Any]]]:
    def read(person: User) -> list[dict[str, Any]]:
        return rows(getattr(person, related).values(*fields))

    return read


def register_own_data() -> None:
    """Tell what stands about people and contacts in this place."""
    register_personal_data(User, "person", _person)
    register_personal_data(User, "roles", _own_rows("role_grants", "role"))
    skill = ("skill__name", "level", "wants_to_grow", "confirmed_on")
    register_personal_data(User, "skills", _own_rows("skills", *skill))
    hours = ("valid_from", "monday", "tuesday", "wednesday", "thursday", "friday",
             "saturday", "sunday")  # fmt: skip
    register_personal_data(User, "working_hours", _own_rows("working_hours", *hours))
    away = ("kind", "starts_on", "ends_on", "note", "state", "decision_reason")
    register_personal_data(User, "time_off", _own_rows("time_off", *away))
    choice = ("reason", "delivery")
    register_personal_data(
        User, "notification_choices", _own_rows("notification_choices", *choice)
    )
    register_personal_data(Contact, "contact", _contact)
