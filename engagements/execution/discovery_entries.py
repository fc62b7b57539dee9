"""What discovery enters in the registers of the other places."""

from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import AssumptionState
from engagements.execution.discovery import register_session_sheet
from engagements.execution.discovery_data import register_discovery_data
from engagements.execution.discovery_mails import register_discovery_mails
from engagements.execution.discovery_page import register_discovery_panel
from engagements.execution.discovery_reactions import register_discovery_reactions
from engagements.execution.services.question_sets import load_question_sets
from psdelivery.history.verbs import register_field, register_verb
from psdelivery.registry import shipped_data

VERBS = {
    "question-set-added": _("added the question set"),
    "question-set-edited": _("changed the question set"),
    "discovery-added": _("added the discovery session"),
    "discovery-edited": _("changed the discovery session"),
    "discovery-removed": _("took away the discovery session"),
    "discovery-asked": _("changed the questions of"),
    "discovery-read-back": _("read back the recap of"),
    "discovery-confirmed": _("noted that the customer confirmed the recap of"),
    "assumptions-taken": _("took over the assumptions of the assessment"),
    "assumption-added": _("added the assumption"),
    "assumption-decided": _("decided the assumption"),
    "assumption-dropped": _("took away the assumption"),
}


def register_discovery() -> None:
    """Enter sheet, tab, mails, reactions, shipped sets and the words of history."""
    register_session_sheet()
    register_discovery_mails()
    register_discovery_panel()
    register_discovery_reactions()
    register_discovery_data()
    # After the offerings, which the sets name.
    shipped_data.register("Question sets", load_question_sets, order=25)
    for key, words in VERBS.items():
        register_verb(key, words)
    register_field("questions", _("questions"))
    register_field("confirmed_by", _("confirmed by"))
    register_field("assumptions", _("assumptions"))
    states = dict(AssumptionState.choices)
    register_field("assumption_state", _("it is"), states)
