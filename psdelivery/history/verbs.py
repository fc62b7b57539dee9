"""What the verbs and fields of the history read like. Each place registers its own."""

from collections.abc import Mapping

from django.utils.functional import Promise

_words: dict[str, str | Promise] = {}
_fields: dict[str, str | Promise] = {}
_values: dict[str, Mapping[str, str | Promise]] = {}


def register_verb(verb: str, words: str | Promise) -> None:
    """Say in words what somebody did: "registered the engagement"."""
    _words[verb] = words


def words_for(verb: str) -> str:
    """Return the words of a verb; an unknown one still reads as something."""
    return str(_words.get(verb) or verb.replace("-", " "))


def register_field(
    field: str,
    words: str | Promise = "",
    values: Mapping[str, str | Promise] | None = None,
) -> None:
    """Say what a changed field is called, and what its stored values read like."""
    if words:
        _fields[field] = words
    if values:
        _values[field] = values


def field_words(field: str) -> str:
    """Return the name of a changed field."""
    return str(_fields.get(field) or field.replace("_", " "))


def value_words(field: str, value: object) -> object:
    """Return the words of a stored value; one without words as it stands."""
    known = _values.get(field, {})
    return str(known[value]) if isinstance(value, str) and value in known else value
