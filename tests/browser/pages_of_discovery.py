"""The pages of question sets and of discovery, with what their addresses name."""

from datetime import date

from engagements.execution.models import QuestionSet
from psdelivery.people.choices import Role
from tests.factories.discovery import answer, ask, session_of

OPENED_BY_COORDINATOR = [
    "execution:discovery-add",
    "execution:discovery-detail",
    "execution:discovery-edit",
    "execution:discovery-print",
    "execution:discovery-questions",
]
OPENED_BY_MANAGER = [
    "execution:question-set-list",
    "execution:question-set-add",
    "execution:question-set-edit",
]
# Addresses that show no page when they are opened.
NO_PAGES = {
    "execution:discovery-remove",
    "execution:discovery-mail",
    "execution:discovery-question-add",
}


def session_in(office):
    """The discovery session of the engagement at work, with an answer."""
    found = office.active.discovery_sessions.first()
    if found is None:
        by = office[Role.COORDINATOR]
        found = session_of(office.active, day=date(2027, 3, 2), by=by)
        answer(ask(found, by=by)[0], "250, a third of them active", by=by)
    return found


def discovery_arguments(office):
    """What the addresses with an object need."""
    made, _new = QuestionSet.objects.get_or_create(
        key="browsed", defaults={"title": "Browsed"}
    )
    session = session_in(office)
    return {
        "execution:question-set-edit": {"pk": made.pk},
        "execution:discovery-add": {"pk": office.active.pk},
        "execution:discovery": {"pk": session.pk},
    }
