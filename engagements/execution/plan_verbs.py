"""What the history says of kickoff, plan, deliverables and kits."""

from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import LessonState
from psdelivery.history.verbs import register_field, register_verb

VERBS = {
    "kickoff-begun": _("began to prepare the kickoff"),
    "kickoff-scheduled": _("invited to the kickoff"),
    "kickoff-moved": _("changed the invitation to the kickoff"),
    "kickoff-cancelled": _("called the kickoff off"),
    "kickoff-linked": _("kept the links of the kickoff"),
    "kickoff-held": _("noted that the kickoff was held"),
    "project-risk-added": _("put a risk on the list"),
    "project-risk-changed": _("changed a risk"),
    "deliverable-added": _("planned"),
    "deliverable-changed": _("changed the plan of"),
    "deliverable-removed": _("took off the plan"),
    "deliverable-version": _("added a version of"),
    "deliverable-moved": _("moved"),
    "deliverable-accepted": _("recorded the acceptance of"),
    "deliverable-rejected": _("recorded the rejection of"),
    "kit-taken": _("took the delivery kit over"),
    "kit-item-added": _("added to the delivery kit"),
    "kit-item-edited": _("changed the delivery kit"),
    "link-added": _("added the link"),
    "link-removed": _("took off the link"),
    "lesson-proposed": _("proposed the lesson"),
    "lesson-answered": _("answered the lesson"),
    "plan-agreed": _("agreed on deliverables and milestones"),
    "raci-changed": _("changed who is responsible for what"),
    "raci-agreed": _("agreed on who is responsible for what"),
}
FIELDS = {
    "is_escalated": _("escalated"),
    "is_milestone": _("milestone"),
    "due_on": _("due"),
    "raci": _("responsibilities"),
    "closed_on": _("closed on"),
    "said_on": _("said on"),
    "deck": _("deck"),
    "collaboration_project": _("collaboration project"),
}


def register_plan_verbs() -> None:
    """Enter the words in the register of the history."""
    for verb, words in VERBS.items():
        register_verb(verb, words)
    for field, words in FIELDS.items():
        register_field(field, words)
    register_field("lesson", values=dict(LessonState.choices))
