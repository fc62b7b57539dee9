"""The pages of question sets and of discovery, with what their addresses name."""

from datetime import date

from engagements.execution.models import QuestionSet
from engagements.execution.services.assumptions import (
    Decision,
    add_assumption,
    decide_assumption,
)
from psdelivery.people.choices import Role
from tests.factories.discovery import answer, ask, session_of, write
from tests.factories.engagements import NOW

TITLE = "Sizes and sites"
ASSUMED = {
    "open": "The network team is there on the day of the cut-over",
    "validated": "All users are in one directory",
    "invalidated": "There is one site, and it has room for a second machine",
}
OPENED_BY_COORDINATOR = [
    "execution:discovery-add",
    "execution:discovery-detail",
    "execution:discovery-edit",
    "execution:discovery-print",
    "execution:discovery-questions",
    "execution:assumption-add",
    "execution:assumption-decide",
    "execution:recap-confirm",
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
    "execution:assumptions-take",
    "execution:assumption-drop",
    "execution:discovery-notes-file",
    "execution:recap-draft",
    "execution:recap-read-back",
}


def session_in(office):
    """The discovery session of the engagement at work, with an answer."""
    found = office.active.discovery_sessions.filter(title=TITLE).first()
    if found is None:
        by = office[Role.COORDINATOR]
        day = date(2027, 3, 2)
        found = session_of(office.active, day=day, title=TITLE, by=by)
        answer(ask(found, by=by)[0], "250, a third of them active", by=by)
        write(found, "recap", "We build **two** sites.", by=by)
        for state, text in ASSUMED.items():
            made = add_assumption(office.active, text, by=by, now=NOW)
            decision = Decision(state=state, evidence="Ben said so")
            decide_assumption(made, decision, by=by, now=NOW)
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
        "execution:recap-confirm": {"pk": session.pk},
        "execution:assumption-add": {"pk": office.active.pk},
        "execution:assumption": {"pk": office.active.assumptions.first().pk},
    }
