"""The pages of work items, with what their addresses name."""

from engagements.execution.models import CollaborationProject
from tests.execution.work import (
    make_answered,
    make_assumption,
    make_item,
    make_question,
    make_session,
)

OPENED_BY_COORDINATOR = [
    "execution:work-draft",
    "execution:work-project",
    "execution:work-item-there",
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
    "execution:work-push",
    "execution:work-item-take",
    "execution:work-item-overwrite",
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
        item.push_state, item.issue_number = "differs", 7
        item.there_title, item.there_text = item.title, "Theirs"
        item.save()
        CollaborationProject.objects.get_or_create(
            engagement=engagement, url="https://gitlab.example/acme/together"
        )
        make_answered(make_session(engagement))
    question = item.open_questions.first()
    return {
        "execution:work-draft": {"pk": engagement.pk},
        "execution:work-project": {"pk": engagement.pk},
        "execution:work-item-add": {"pk": engagement.pk},
        "execution:work-item": {"pk": item.pk},
        "execution:open-question-add": {"pk": item.pk},
        "execution:open-question": {"pk": question.pk},
    }
