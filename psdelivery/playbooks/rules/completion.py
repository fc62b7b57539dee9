"""What stands against ticking a step."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from psdelivery.documents.models import Document
from psdelivery.people.moments import day_text
from psdelivery.playbooks.choices import EvidenceWanted
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason


@dataclass(frozen=True)
class Completion:
    """What a person hands in when ticking a step.

    `happened_on` is the day of the event itself, for steps that date an anchor. With
    `follows_record` it is what a mail or a record proves, not what somebody types.
    """

    evidence: Document | None = None
    note: str = ""
    happened_on: date | None = None
    follows_record: bool = False


def reasons_against_completing(step: Step, completion: Completion) -> list[Reason]:
    """Return what stands against ticking the step: order, evidence, a missing day."""
    return [
        *reasons_of_state(step),
        *reasons_of_order(step),
        *reasons_of_evidence(step, completion),
    ]


def reasons_against_redating(
    words: str, dated: date | None, completion: Completion, move_url: str
) -> list[Reason]:
    """R-20: a tick dates what has no date yet; a date that is there is moved.

    `dated` is the day that the anchor has. What a mail proves dates it anew all the
    same, and so does a tick where no page moves the date (`move_url` empty).
    """
    told = completion.happened_on
    if dated is None or told is None or told == dated:
        return []
    if completion.follows_record or not move_url:
        return []
    sentence = _(
        "%(date)s is on %(day)s already. Move it first: you see what moves with it, "
        "and can undo it."
    ) % {"date": words[:1].upper() + words[1:], "day": day_text(dated)}
    url = f"{move_url}?{urlencode({'day': told})}"
    return [Reason("dated", sentence, url, _("Move this date"))]


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
