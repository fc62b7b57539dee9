"""What a verb of the history reads like. Each place registers its own."""

from django.utils.functional import Promise

_words: dict[str, str | Promise] = {}


def register_verb(verb: str, words: str | Promise) -> None:
    """Say in words what somebody did: "registered the engagement"."""
    _words[verb] = words


def words_for(verb: str) -> str:
    """Return the words of a verb; an unknown one still reads as something."""
    return str(_words.get(verb) or verb.replace("-", " "))
