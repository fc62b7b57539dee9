"""What stands against ticking a step."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from psdelivery.documents.models import Document
from psdelivery.playbooks.choices import EvidenceWanted
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason


@dataclass(frozen=True)
class Completion:
    """What a person hands in when ticking a step.

    `happened_on` is the day of the event itself, for steps that date an anchor.
    """

    evidence: Document | None = None
    note: str = ""
    happened_on: date | None = None


def reasons_against_completing(step: Step, completion: Completion) -> list[Reason]:
    """Return what stands against ticking the step: order, evidence, a missing day."""
    return [
        *reasons_of_state(step),
        *reasons_of_order(step),
        *reasons_of_evidence(step, completion),
    ]


def reasons_of_state(step: Step) -> list[Reason]:
    """Return the reason against ticking a step that no longer waits."""
    if step.is_open:
        return []
    sentence = _("“%(step)s” is already %(state)s.") % {
        "step": step.title,
        "state": step.get_state_display(),
    }
    return [Reason("not-open", sentence, fix_url=step.get_absolute_url())]


def reasons_of_order(step: Step) -> list[Reason]:
    """Return a reason for each open step that must be done before this one."""
    return [
        Reason(
            "blocked",
            _("“%(step)s” comes first.") % {"step": blocker.title},
            fix_url=blocker.get_absolute_url(),
        )
        for blocker in step.blockers.all()
        if blocker.is_open
    ]


def reasons_of_evidence(step: Step, completion: Completion) -> list[Reason]:
    """Return what evidence the playbook wants and the completion lacks."""
    reasons = []
    if step.evidence_wanted == EvidenceWanted.NOTE and not completion.note.strip():
        reasons.append(Reason("note-missing", _("Write a note: what was done?")))
    if (
        step.evidence_wanted == EvidenceWanted.LINK_OR_FILE
        and completion.evidence is None
    ):
        reasons.append(
            Reason("evidence-missing", _("Add the evidence: a link or a file."))
        )
    if step.sets_anchor and completion.happened_on is None:
        reasons.append(Reason("day-missing", _("Say on which day it is, or was.")))
    return reasons
