"""The pages of work items, with what their addresses name."""

from tests.execution.work import (
    make_answered,
    make_assumption,
    make_item,
    make_question,
    make_session,
)

OPENED_BY_COORDINATOR = [
    "execution:work-draft",
    "execution:work-item-add",
    "execution:work-item-detail",
    "execution:work-item-edit",
    "execution:open-question-add",
    "execution:open-question-answer",
    "execution:open-question-risk",
]
# Addresses that show no page when they are opened.
NO_PAGES = {
    # A file.
    "execution:work-markdown",
    "execution:work-item-move",
    "execution:work-item-remove",
    "execution:open-question-drop",
}


def work_arguments(office):
    """What the addresses with an object need."""
    engagement = office.active
    item = engagement.work_items.first()
    if item is None:
        item = make_item(engagement, state="ready")
        item.assumptions.add(make_assumption(engagement))
        make_question(item)
        make_answered(make_session(engagement))
    question = item.open_questions.first()
    return {
        "execution:work-draft": {"pk": engagement.pk},
        "execution:work-item-add": {"pk": engagement.pk},
        "execution:work-item": {"pk": item.pk},
        "execution:open-question-add": {"pk": item.pk},
        "execution:open-question": {"pk": question.pk},
    }
