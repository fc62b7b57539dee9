"""What the history says of kickoff, plan, deliverables and kits."""

from django.utils.translation import gettext_lazy as _

from psdelivery.history.verbs import register_field, register_verb

VERBS = {
    "project-risk-added": _("put a risk on the list"),
    "project-risk-changed": _("changed a risk"),
    "deliverable-added": _("planned"),
    "deliverable-changed": _("changed the plan of"),
    "deliverable-removed": _("took off the plan"),
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
}


def register_plan_verbs() -> None:
    """Enter the words in the register of the history."""
    for verb, words in VERBS.items():
        register_verb(verb, words)
    for field, words in FIELDS.items():
        register_field(field, words)
