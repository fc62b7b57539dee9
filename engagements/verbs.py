"""What the history says of engagements."""

from django.utils.translation import gettext_lazy as _

from engagements.choices import BallWith, Booking, Condition, Status
from psdelivery.history.verbs import register_field, register_verb
from psdelivery.people.choices import EngagementRole

VERBS = {
    "engagement-registered": _("registered the engagement"),
    "engagement-edited": _("changed the intake"),
    "status-moved": _("moved the status"),
    "ball-passed": _("passed the ball"),
    "gate-condition-met": _("put evidence on file"),
    "gate-condition-withdrawn": _("withdrew evidence"),
    "gate-opened": _("opened the gate"),
    "gate-closed": _("closed the gate"),
    "risk-asked": _("asked for work at risk"),
    "risk-granted": _("granted work at risk"),
    "risk-refused": _("refused work at risk"),
    "risk-taken-back": _("took the question back"),
    "risk-ended": _("ended work at risk early"),
    "risk-released": _("released what was worked at risk"),
    "assessment-edited": _("wrote the assessment"),
    "assessment-decided": _("decided the assessment"),
    "change-requested": _("asked for"),
    "change-evidence-added": _("put the customer's word on file for"),
    "change-approved": _("approved"),
    "change-refused": _("refused"),
    "change-withdrawn": _("took back"),
    "units-changed": _("changed the sold units"),
    "homework-followed": _("gave the open homework to the new main contact"),
    "team-member-added": _("added to the team"),
    "team-member-changed": _("changed the team"),
    "role-handed-over": _("handed over"),
    "team-member-removed": _("took off the team"),
    "handoff-begun": _("began the handoff"),
    "handoff-call-scheduled": _("invited to the handoff call"),
    "handoff-call-moved": _("changed the handoff call"),
    "handoff-call-cancelled": _("cancelled the handoff call"),
    "handoff-written": _("let the written handoff be enough"),
    "handoff-held": _("noted the handoff call"),
    "handoff-acknowledged": _("acknowledged the handoff"),
    "handoff-done": _("brought the handoff to its end"),
    "kickoff-put-first": _("put the kickoff before the handoff"),
    "question-asked": _("asked about the scope"),
    "question-answered": _("answered the question"),
    "question-turned": _("turned the question into a step"),
    "offering-added": _("added the offering"),
    "offering-edited": _("changed the offering"),
}


def register_verbs() -> None:
    """Enter the words of engagements in the history's register."""
    for verb, sentence in VERBS.items():
        register_verb(verb, sentence)
    register_field("status", values=dict(Status.choices))
    register_field("ball_with", _("ball with"), values=dict(BallWith.choices))
    register_field("outcome", _("outcome"))
    register_field("skills_needed", _("skills needed"))
    register_field("written", _("texts"))
    register_field("units", _("units"))
    register_field("hours_cap", _("hours at most"))
    register_field("expires_on", _("last day"))
    register_field("held_on", _("held on"))
    register_field("attended", _("in the call"))
    register_field("booking", values=dict(Booking.choices))
    for choice in (*EngagementRole, *Condition):
        register_field(choice.value, choice.label)
