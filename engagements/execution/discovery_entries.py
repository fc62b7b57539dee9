"""What discovery enters in the registers of the other places."""

from django.utils.translation import gettext_lazy as _

from engagements.execution.services.question_sets import load_question_sets
from psdelivery.history.verbs import register_field, register_verb
from psdelivery.registry import shipped_data

VERBS = {
    "question-set-added": _("added the question set"),
    "question-set-edited": _("changed the question set"),
}


def register_discovery() -> None:
    """Enter shipped sets, and the words of the history."""
    # After the offerings, which the sets name.
    shipped_data.register("Question sets", load_question_sets, order=25)
    for key, words in VERBS.items():
        register_verb(key, words)
    register_field("questions", _("questions"))
