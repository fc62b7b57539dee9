"""Tick, untick and set aside single steps."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.documents.models import Document
from psdelivery.documents.services import save_evidence
from psdelivery.history.services import Changes, record
from psdelivery.people.away import deputised_by
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import Repeat, StepState
from psdelivery.playbooks.datepages import date_pages
from psdelivery.playbooks.events import (
    StepCompleted,
    StepReopened,
    StepSetAside,
    tell_changed,
)
from psdelivery.playbooks.models import Anchor, Step
from psdelivery.playbooks.rules.completion import (
    Completion,
    reasons_against_completing,
    reasons_against_redating,
    reasons_of_state,
)
from psdelivery.playbooks.rules.deadlines import anchor_of_period
from psdelivery.playbooks.services.anchors import day_of, nearest_anchor
from psdelivery.playbooks.services.checklists import reschedule, set_anchor
from psdelivery.playbooks.services.deadlines import (
    schedule,
    timing_of,
    with_schedule_facts,
)
from psdelivery.playbooks.words import anchor_words
from psdelivery.registry import Reason, RuleRefused, reactions

# What a tick writes.
SETTLED_FIELDS = ["state", "done_at", "done_by", "evidence", "note", "next_reminder_at"]


@transaction.atomic
def complete_step(
    step: Step, completion: Completion, *, by: User | None, now: datetime
) -> Step:
    """Tick the step, keep its evidence, date the anchor it sets, start its next period.

    Raises RuleRefused when a step before it is open, the evidence is missing, or the
    anchor has another date already, which is moved on its own page (R-20).
    """
    step = lock_with_facts(step)
    reasons = reasons_against_completing(step, completion)
    reasons += reasons_of_date(step, completion)
    if reasons:
        raise RuleRefused(reasons)
    step.state, step.done_at, step.done_by = StepState.DONE, now, by
    step.evidence, step.note = completion.evidence, completion.note
    step.next_reminder_at = None
    step.save(update_fields=SETTLED_FIELDS)
    record_step(
        "step-completed",
        step,
        {step.sets_anchor: [None, completion.happened_on]} if step.sets_anchor else {},
        by=by,
        reason=completion.note,
        now=now,
    )
    if step.sets_anchor:
        date_anchor_of(step, completion.happened_on, by=by, now=now)
    if step.repeat != Repeat.ONCE:
        start_next_period(step, now=now)
    reactions.publish(
        StepCompleted(step=step, happened_on=completion.happened_on, by=by, now=now)
    )
    tell_changed([step.engagement_id], now)
    return step


def lock_with_facts(step: Step) -> Step:
    """Lock the step; return it as it stands, with what reactions ask about it."""
    rows = Step.objects.select_related("engagement", "checklist")
    return rows.select_for_update(of=("self",)).get(pk=step.pk)


def complete_with_evidence(
    step: Step, given: Mapping[str, Any], *, by: User, now: datetime
) -> Step:
    """Keep the evidence given and tick the step; a refusal keeps neither.

    `given` is what came out of `EvidenceFields`, with the note and the day. Raises
    RuleRefused as `complete_step` does.
    """
    evidence: Document | None = None
    try:
        with transaction.atomic():
            evidence = save_evidence(
                given, title=step.title, engagement=step.engagement, by=by, now=now
            )
            completion = Completion(evidence, given["note"], given.get("happened_on"))
            return complete_step(step, completion, by=by, now=now)
    except BaseException:
        # No row, no file: nobody would ever find it again.
        if evidence is not None and evidence.file:
            evidence.file.delete(save=False)
        raise


def record_step(
    verb: str,
    step: Step,
    told: Changes | None = None,
    *,
    by: User | None,
    reason: str,
    now: datetime,
) -> None:
    """Write what happened to a step into the engagement's history.

    `told` is what came with it: the day that a tick tells, whatever moves later.

    R-23: who stands in for its owner acts on their behalf.
    """
    record(
        verb,
        by=by,
        on_behalf_of=stood_in_for(step, by, now),
        subject=step,
        engagement=step.engagement,
        changes=told or {},
        reason=reason,
        now=now,
    )


def stood_in_for(step: Step, by: User | None, now: datetime) -> User | None:
    """R-23: return the step's owner where somebody acts who stands in for them now."""
    if by is None or step.assignee_id in {None, by.pk}:
        return None
    return step.assignee if step.assignee_id in deputised_by(by, now) else None


def reasons_of_date(step: Step, completion: Completion) -> list[Reason]:
    """R-20: return the reason against a tick that would move the date it sets."""
    anchor = dated_by(step)
    if anchor is None or anchor.value is None:
        return []
    return reasons_against_redating(
        anchor_words(anchor.key),
        day_of(anchor),
        completion,
        date_pages.page_of(anchor),
    )


def dated_by(step: Step) -> Anchor | None:
    """Return the anchor that the step's tick dates; None where it dates nothing."""
    if not step.sets_anchor:
        return None
    return nearest_anchor(step.checklist, step.sets_anchor)


def date_anchor_of(
    step: Step, happened_on: date | None, *, by: User | None, now: datetime
) -> None:
    """Date the anchor that this step's being done gives its day.

    A moment of that day says more than the day, and stays.
    """
    anchor = dated_by(step)
    if anchor is not None and day_of(anchor) != happened_on:
        set_anchor(
            anchor.checklist,
            anchor.key,
            happened_on,
            by=by,
            reason=step.title,
            now=now,
        )


def start_next_period(step: Step, *, now: datetime) -> Step | None:
    """Open the step of the next week or month, until the anchor that ends the row."""
    following = with_schedule_facts(Step.objects.all()).get(pk=step.pk)
    following.pk, following._state.adding = None, True
    following.period = step.period + 1
    if is_row_over(following):
        return None
    following.state, following.done_at, following.done_by = StepState.OPEN, None, None
    following.evidence, following.note = None, ""
    following.pinned, following.open_since = False, now
    following.lease_token = following.lease_until = None
    schedule([following], portal_settings(), now=now)
    following.save()
    return following


def is_row_over(following: Step) -> bool:
    """Tell whether a period (not saved) is there already, or begins after the end.

    The row ends with the day of the anchor that it repeats until.
    """
    timing = timing_of(following, portal_settings())
    same = Step.objects.filter(checklist=following.checklist_id, key=following.key)
    if timing.anchor is None or same.filter(period=following.period).exists():
        return True
    end = nearest_anchor(following.checklist, following.repeat_until)
    if end is None or end.value is None:
        return False
    zone = timing.calendar.zone
    begin = anchor_of_period(timing.anchor, timing)
    return local_day(begin, zone) > local_day(end.value, zone)


@transaction.atomic
def set_aside_step(step: Step, *, by: User, reason: str, now: datetime) -> Step:
    """Mark an open step as not applicable; the reason is kept. Raises RuleRefused.

    Of a row that repeats it is this one period: the next comes all the same.
    """
    step = Step.objects.select_for_update(of=("self",)).get(pk=step.pk)
    reasons = reasons_of_state(step)
    if not reason.strip():
        reasons.append(Reason("reason-missing", _("Say why the step does not apply.")))
    if reasons:
        raise RuleRefused(reasons)
    put_aside(step, by=by, reason=reason, now=now)
    reactions.publish(StepSetAside(step=step, by=by, now=now))
    go_on_after(step, now=now)
    return step


@transaction.atomic
def pass_over_period(step: Step, *, reason: str, now: datetime) -> Step | None:
    """Set an open period of a repeating step aside by itself; return the next one.

    For a week in which there is nothing to do. None where it was done meanwhile, or
    the row has come to its end.
    """
    step = Step.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if not step.is_open or step.repeat == Repeat.ONCE:
        return None
    put_aside(step, by=None, reason=reason, now=now)
    return go_on_after(step, now=now)


def put_aside(step: Step, *, by: User | None, reason: str, now: datetime) -> None:
    """Save that a locked step does not apply, and why."""
    step.state, step.next_reminder_at = StepState.NOT_APPLICABLE, None
    step.note = reason
    step.save(update_fields=["state", "next_reminder_at", "note"])
    record_step("step-set-aside", step, by=by, reason=reason, now=now)


def go_on_after(step: Step, *, now: datetime) -> Step | None:
    """Start the next period of a row that repeats; tell that steps changed."""
    following = None
    if step.repeat != Repeat.ONCE:
        following = start_next_period(step, now=now)
    tell_changed([step.engagement_id], now)
    return following


@transaction.atomic
def reopen_step(
    step: Step, *, by: User | None, reason: str = "", now: datetime
) -> Step:
    """Untick a done step, or take back that it does not apply. Raises RuleRefused.

    The anchor that it dated keeps its date: the event did happen, or it is moved to
    the day on which it really did.
    """
    step = Step.objects.select_for_update(of=("self",)).get(pk=step.pk)
    if step.state not in {StepState.DONE, StepState.NOT_APPLICABLE}:
        raise RuleRefused([Reason("not-done", _("This step is not done."))])
    step.state, step.done_at, step.done_by = StepState.OPEN, None, None
    step.save()
    reschedule(Step.objects.filter(pk=step.pk), now=now)
    record_step("step-reopened", step, by=by, reason=reason, now=now)
    reactions.publish(StepReopened(step=step, by=by, now=now))
    return with_schedule_facts(Step.objects.all()).get(pk=step.pk)
