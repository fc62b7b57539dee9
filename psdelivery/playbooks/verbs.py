"""What the history says of steps, dates and playbooks."""

from django.utils.translation import gettext_lazy as _

from psdelivery.history.verbs import register_field, register_verb
from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.words import ANCHORS

VERBS = {
    "step-added": _("asked for a step"),
    "step-completed": _("ticked"),
    "step-reopened": _("reopened"),
    "step-set-aside": _("marked as not applicable"),
    "step-snoozed": _("put off"),
    "step-woken": _("took back that it was put off:"),
    "step-delegated": _("delegated"),
    "step-taken-back": _("took back"),
    "step-passed": _("passed the ball of"),
    "step-unpinned": _("let the date follow its rule again of"),
    "anchor-dated": _("dated"),
    "anchor-moved": _("moved"),
    "move-undone": _("undid the move"),
    "playbook-draft-started": _("began to change"),
    "playbook-draft-discarded": _("threw the draft away of"),
    "playbook-published": _("published"),
    "playbook-adopted": _("took over the new playbook for"),
}
FIELDS = {
    "steps": _("open steps that went along"),
    "re-sends": _("done steps that came back"),
    "exempted": _("exempted"),
    "cancelled": _("steps no longer needed"),
    "returned": _("steps that came back to the row"),
    "snoozed_until": _("put off until"),
    "assignee": _("with"),
    "due_day": _("due"),
    "version": _("version"),
    "taken_over": _("taken over"),
    "left_as_it_was": _("left as it was"),
    **ANCHORS,
}


def register_verbs() -> None:
    """Enter the words of the playbook engine in the history's register."""
    for verb, words in VERBS.items():
        register_verb(verb, words)
    for field, words in FIELDS.items():
        register_field(field, words)
    register_field("cause", _("cause"), values=dict(MoveCause.choices))
