"""What the history says of the work between kickoff and close-out."""

from psdelivery.history.verbs import register_verb

VERBS: dict[str, str] = {}


def register_verbs() -> None:
    """Give the verbs of this place their words."""
    for key, words in VERBS.items():
        register_verb(key, words)
