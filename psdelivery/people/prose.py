"""Names and addresses of who is erased, in what people typed.

Every text of the portal is searched: a new model is, without being entered anywhere. A
place leaves out what must stay as it is, or what it replaces itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import (
    CharField,
    F,
    Field,
    JSONField,
    Model,
    Q,
    QuerySet,
    SlugField,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat

from psdelivery.people.events import PersonalDataErased
from psdelivery.people.models import Contact, Customer, User

# The top of the house: what other packages keep is theirs.
PLACES = frozenset({"psdelivery", "engagements", "scheduling", "training", "closeout"})

_apart: dict[type[Model], frozenset[str] | None] = {}


def leave_prose(model: type[Model], *fields: str) -> None:
    """Leave these fields alone when somebody is erased; with none, the whole model."""
    _apart[model] = frozenset(fields) if fields else None


@dataclass(frozen=True)
class Replacement:
    """What stood for somebody in texts, and what stands there from now on.

    A name of one word, or one that somebody else has too, says nobody for certain: it
    is empty then, and only the address is replaced.
    """

    name: str
    for_name: str
    address: str
    for_address: str

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        pairs = [(self.address, self.for_address), (self.name, self.for_name)]
        return [
            (re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.IGNORECASE), new)
            for old, new in pairs
            if old
        ]

    @property
    def needles(self) -> list[str]:
        """What a row holds that has to be looked at, also as JSON keeps it."""
        plain = [old for old in (self.address, self.name) if old]
        return list(dict.fromkeys([*plain, *[json.dumps(old)[1:-1] for old in plain]]))

    def in_text(self, text: str) -> str:
        """Return the text with the replacements."""
        for old, new in self._patterns:
            # A function, so that nothing in the name counts as a pattern.
            text = old.sub(lambda _match, new=new: new, text)  # type: ignore[misc]
        return text

    def in_value(self, value: Any) -> Any:
        """Return a value of JSON with the replacements, in all its texts."""
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, list):
            return [self.in_value(one) for one in value]
        if isinstance(value, dict):
            return {key: self.in_value(one) for key, one in value.items()}
        return value

    def changed(self, row: Model, fields: Iterable[Field[Any, Any]]) -> dict[str, Any]:
        """Return the new values of the fields of a row that name somebody."""
        found: dict[str, Any] = {}
        for field in fields:
            old = getattr(row, field.attname)
            new = self.in_value(old)
            if new != old:
                found[field.attname] = shortened(field, new)
        return found


def shortened(field: Field[Any, Any], value: Any) -> Any:
    """Return what fits into the field."""
    longest = getattr(field, "max_length", None)
    return value[:longest] if longest and isinstance(value, str) else value


def replacement_of(event: PersonalDataErased) -> Replacement:
    """Return what is replaced when somebody is erased."""
    name = event.old_name if is_certain(event.old_name, event.subject) else ""
    return Replacement(name, str(event.subject), event.old_address, event.address)


def is_certain(name: str, subject: User | Contact) -> bool:
    """Tell whether a name stands for this person: two words, and nobody else's."""
    if len(name.split()) < 2:
        return False
    full = Concat(F("first_name"), Value(" "), F("last_name"))
    people = User.objects.annotate(full=full).filter(full__iexact=name)
    contacts = Contact.objects.filter(name__iexact=name)
    same: Iterable[QuerySet[Any]] = (people, contacts)
    return not any(
        rows.filter(erased_at__isnull=True)
        .exclude(pk=subject.pk if isinstance(subject, rows.model) else None)
        .exists()
        for rows in same
    )


def prose_of(model: type[Model]) -> list[Field[Any, Any]]:
    """Return the fields of a model that hold what people typed."""
    apart = _apart.get(model, frozenset())
    if apart is None:
        return []
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField | JSONField)
        and not isinstance(field, SlugField)
        and not field.choices
        and not field.primary_key
        and field.name not in apart
    ]


def searched_models() -> Iterator[type[Model]]:
    """Yield our own models that hold texts."""
    for model in apps.get_models():
        place = model._meta.app_config.name.partition(".")[0]
        if place in PLACES and model not in {User, Contact} and prose_of(model):
            yield model


def rows_that_name(
    rows: QuerySet[Any], fields: Iterable[Field[Any, Any]], needles: Iterable[str]
) -> QuerySet[Any]:
    """Narrow rows down to those in whose fields one of the words stands."""
    condition = Q(pk__in=[])
    for field in fields:
        name = field.name
        if isinstance(field, JSONField):
            name = f"{field.name}_as_text"
            rows = rows.annotate(**{name: Cast(field.name, TextField())})
        for needle in needles:
            condition |= Q(**{f"{name}__icontains": needle})
    return rows.filter(condition)


def replace_prose(event: PersonalDataErased) -> None:
    """Put the stand-in of who was erased in the place of their name and address."""
    replacement = replacement_of(event)
    if not replacement.needles:
        return
    for model in searched_models():
        fields = prose_of(model)
        rows = model._base_manager.all()
        for row in list(rows_that_name(rows, fields, replacement.needles)):
            if new := replacement.changed(row, fields):
                model._base_manager.filter(pk=row.pk).update(**new)


def register_prose() -> None:
    """Leave the names of customers: a firm may be called after who owns it."""
    leave_prose(Customer, "name")
