"""R-12: the dates and steps of the lab code follow the sessions of a class."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.rules.completion import (
    Completion,
    reasons_against_completing,
)
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from training.choices import LAB_WINDOW, DeliveryState, StepKey
from training.labs_queries import LabSituation, lab_situation, warnings_of_plan
from training.models import Delivery
from training.rules.labs import at_words
from training.rules.times import SessionTimes
from training.services.checklists import adapt_checklists


def opening_of(situation: LabSituation) -> datetime | None:
    """Return when the step of the code opens; None where no single code covers."""
    return situation.window.opens if situation.window else None


def kept_steps(
    delivery: Delivery, times: Sequence[SessionTimes], *, now: datetime
) -> Collection[int]:
    """R-20: return done steps that a move does not bring back.

    A code that lasts for the new dates too is not generated again, and what was
    granted long enough is not asked for again.
    """
    situation = lab_situation(delivery, times)
    kept = []
    if situation.has_enough(now):
        kept.append(StepKey.LAB_CODE)
    if not situation.warnings:
        kept.append(StepKey.CODE_COVERS)
    done = Step.objects.filter(checklist=delivery.checklist_id, state=StepState.DONE)
    return frozenset(done.filter(key__in=kept).values_list("pk", flat=True))


def follow_extension(
    delivery: Delivery,
    before: Sequence[SessionTimes],
    after: Sequence[SessionTimes],
    *,
    now: datetime,
) -> None:
    """R-12: let the step of the extension come or go where the sessions say so."""
    if needs_extension(delivery, before) != needs_extension(delivery, after):
        adapt_checklists(delivery, now=now)


def needs_extension(delivery: Delivery, times: Sequence[SessionTimes]) -> bool:
    """Tell whether the labs are needed longer than any code lives by itself."""
    found = warnings_of_plan(
        times,
        with_labs=delivery.with_labs,
        with_certification=delivery.with_certification,
    )
    return bool(found)


def follow_labs(delivery: Delivery, *, by: User | None, now: datetime) -> LabSituation:
    """R-12: let window and steps follow the class, its code and its extensions.

    Inside the caller's transaction, which has locked the class.
    """
    situation = lab_situation(delivery)
    adapt_checklists(delivery, now=now)
    checklist = delivery.checklist
    # One that was made from an older playbook has no such date.
    if checklist is not None and checklist.anchors.filter(key=LAB_WINDOW).exists():
        set_anchor(checklist, LAB_WINDOW, opening_of(situation), by=by, now=now)
    settle_lab_steps(situation, by=by, now=now)
    return situation


def settle_lab_steps(
    situation: LabSituation, *, by: User | None, now: datetime
) -> None:
    """R-12: tick the steps of code and extension, or bring them back.

    Nothing comes back of a class that is over or called off.
    """
    checklist = situation.delivery.checklist
    if situation.window is None or checklist is None:
        return
    if situation.delivery.state == DeliveryState.CANCELLED:
        return
    if situation.code is not None and situation.has_enough(now):
        note = _("The code of the class lives until %(dies)s.") % {
            "dies": at_words(situation.code.expires_at, situation.window.zone)
        }
        tick(checklist, StepKey.LAB_CODE, note, by=by, now=now)
    elif now < situation.window.last_end:
        reason = _("The class needs a code that lasts until its last session.")
        bring_back(checklist, StepKey.LAB_CODE, reason, by=by, now=now)
    settle_extension(situation, checklist, by=by, now=now)


def settle_extension(
    situation: LabSituation, checklist: Checklist, *, by: User | None, now: datetime
) -> None:
    """R-12: the step of the extension is done once enough was granted."""
    window = situation.window
    if window is None or now >= window.needed_until:
        return
    if window.extension_due:
        reason = situation.warnings[0].sentence
        bring_back(checklist, StepKey.CODE_COVERS, reason, by=by, now=now)
    elif window.granted_until is not None:
        until = at_words(window.granted_until, window.zone)
        note = _("Granted until %(until)s.") % {"until": until}
        tick(checklist, StepKey.CODE_COVERS, note, by=by, now=now)


def tick(
    checklist: Checklist, key: str, note: str, *, by: User | None, now: datetime
) -> None:
    """Tick the open steps of this key; those that wait for something else stay."""
    for step in Step.objects.open().filter(checklist=checklist, key=key):
        completion = Completion(note=note, happened_on=None)
        if not reasons_against_completing(step, completion):
            complete_step(step, completion, by=by, now=now)


def bring_back(
    checklist: Checklist, key: str, reason: str, *, by: User | None, now: datetime
) -> None:
    """Open the newest step of this key again, unless one is open or none was done."""
    steps = Step.objects.filter(checklist=checklist, key=key)
    standing = steps.exclude(state=StepState.CANCELLED).order_by("-again", "-pk")
    newest = standing.first()
    if newest is not None and newest.state == StepState.DONE:
        reopen_step(newest, by=by, reason=reason, now=now)
