"""What the history says of work items."""

from django.utils.translation import gettext_lazy as _

from psdelivery.history.verbs import register_field, register_verb

VERBS = {
    "work-item-added": _("added the work item"),
    "work-item-edited": _("changed the work item"),
    "work-item-moved": _("moved the work item"),
    "work-item-held": _("took out of the build"),
    "work-item-removed": _("removed the work item"),
    "work-items-drafted": _("drafted work items of"),
    "collaboration-project-set": _("named the collaboration project of"),
    "work-item-pushed": _("pushed to the customer's project"),
    "work-item-changed-there": _("found changed in the customer's project"),
    "work-item-state-there": _("found another state in the customer's project of"),
    "work-item-taken": _("took over the customer's text of"),
    "work-item-overwritten": _("let our text replace the customer's of"),
    "open-question-asked": _("asked an open question of"),
    "open-question-answered": _("answered an open question of"),
    "open-question-risk": _("turned an open question into a risk:"),
    "open-question-dropped": _("took an open question away from"),
}


def register_work_verbs() -> None:
    """Enter the words of work items in the history's register."""
    for verb, sentence in VERBS.items():
        register_verb(verb, sentence)
    register_field("assumptions", _("assumptions"))
    register_field("work_items", _("work items"))
    register_field("collaboration_project", _("project"))
    register_field("there_state", _("state there"))
