"""The pages of question sets and of discovery, with what their addresses name."""

from engagements.execution.models import QuestionSet

OPENED_BY_COORDINATOR: list[str] = []
OPENED_BY_MANAGER = [
    "execution:question-set-list",
    "execution:question-set-add",
    "execution:question-set-edit",
]
# Addresses that show no page when they are opened.
NO_PAGES: set[str] = set()


def discovery_arguments(office):
    """What the addresses with an object need."""
    made, _new = QuestionSet.objects.get_or_create(
        key="browsed", defaults={"title": "Browsed"}
    )
    return {"execution:question-set-edit": {"pk": made.pk}}
