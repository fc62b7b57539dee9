"""Begin, hold and finish the handoff of an engagement (R-5)."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.choices import HandoffForm
from engagements.handoff import KIND, handoff_of, is_lead, state_of
from engagements.models import (
    Assessment,
    Attendance,
    Engagement,
    Handoff,
    HandoffQuestion,
)
from engagements.queries import step_of
from engagements.rules.handoff import (
    HandoffState,
    reasons_against_done,
    reasons_against_early,
    reasons_against_holding,
    reasons_against_written,
)
from engagements.services.evidence_steps import tick_if_ready
from engagements.services.handoff_reading import (
    ask_readers,
    forget_readers,
    note_acknowledgement,
    note_attendance,
)
from psdelivery.history.services import record
from psdelivery.livetext.services import open_sheet
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import (
    Completion,
)
from psdelivery.playbooks.services.steps import date_anchor_of
from psdelivery.registry import RuleRefused

# What is read of a handoff to settle it, in one query.
FACTS = (
    "sheet",
    "engagement__customer",
    "engagement__checklist",
    "engagement__paper",
)
HELD_STEPS = frozenset({"handoff-scheduled", "handoff-held"})
# Ticked as soon as the record answers them.
ANSWERED_STEPS = HELD_STEPS | {"handoff-growth", "handoff-record", "handoff-questions"}


@transaction.atomic
def begin_handoff(engagement: Engagement, *, by: User | None, now: datetime) -> Handoff:
    """Return the handoff; begun with what intake and assessment already say.

    Training sold by an order form begins as a written handoff (domain.md, section 2).
    """
    found = handoff_of(engagement)
    if found is not None:
        # Without the lock: a tick asks for it while it holds steps of its own.
        return found
    # Two people who begin at once wait for each other here.
    rows = Engagement.objects.select_for_update(of=("self",), no_key=True)
    rows.get(pk=engagement.pk)
    found = handoff_of(engagement)
    if found is not None:
        return found
    needs_call = reasons_against_written(engagement.kind, engagement.paper.kind)
    handoff = Handoff.objects.create(
        engagement=engagement,
        sheet=open_sheet(KIND, first_texts(engagement), now=now),
        form=HandoffForm.CALL if needs_call else HandoffForm.WRITTEN,
        created_at=now,
    )
    tell("handoff-begun", handoff, by=by, now=now)
    return handoff


def first_texts(engagement: Engagement) -> dict[str, str]:
    """Return what intake and assessment already say, by field."""
    texts = assessment_texts(engagement)
    texts["scope_in"] = together(texts.get("scope_in", ""), sold_lines(engagement))
    texts["definition"] = engagement.definition_url
    texts["notes"] = engagement.notes
    return {key: text for key, text in texts.items() if text}


def sold_lines(engagement: Engagement) -> str:
    """Return what was sold, as a list."""
    sold = [str(offering) for offering in engagement.offerings.all()]
    if engagement.paper.hours:
        sold.append(_("%(hours)s hours") % {"hours": f"{engagement.paper.hours:g}"})
    if engagement.paper.units_sold:
        sold.append(engagement.paper.units_sold)
    return "\n".join(f"- {one}" for one in sold)


def together(*texts: str) -> str:
    """Return the texts as paragraphs of one."""
    return "\n\n".join(text.strip() for text in texts if text.strip())


def assessment_texts(engagement: Engagement) -> dict[str, str]:
    """Return what the assessment says, by field; nothing where none was written."""
    found = Assessment.objects.filter(engagement=engagement).first()
    if found is None:
        return {}
    return {
        "scope_in": found.summary,
        "scope_out": found.out_of_scope,
        "risks": together(found.risks, found.assumptions),
    }


def tell(
    verb: str, handoff: Handoff, *, by: User | None, reason: str = "", now: datetime
) -> None:
    """Write what happened to the handoff into the engagement's history."""
    record(
        verb,
        by=by,
        subject=handoff,
        engagement=handoff.engagement,
        reason=reason,
        now=now,
    )


@transaction.atomic
def hold_handoff(
    handoff: Handoff,
    held_on: date,
    attended: Collection[User],
    *,
    by: User | None,
    now: datetime,
) -> Handoff:
    """Note on which day the call was held and who was in it. Raises RuleRefused.

    Marked attendance counts as acknowledged (R-5).
    """
    # On whichever clock the day came first: theirs, or that of who notes it.
    zones = {handoff.engagement.customer.zone, by.zone if by else "UTC"}
    today = max(local_day(now, zone) for zone in zones)
    reasons = reasons_against_holding(held_on, today=today)
    if reasons:
        raise RuleRefused(reasons)
    before, handoff.held_on = handoff.held_on, held_on
    handoff.form = HandoffForm.CALL
    handoff.save(update_fields=["held_on", "form"])
    record(
        "handoff-held",
        by=by,
        subject=handoff,
        engagement=handoff.engagement,
        changes={
            "held_on": [before, held_on],
            "attended": [attendance_of(handoff), list(attended)],
        },
        now=now,
    )
    note_attendance(handoff, attended, by=by, now=now)
    settle_handoff(handoff, by=by, now=now)
    follow_held_day(handoff, by=by, now=now)
    return handoff


def follow_held_day(handoff: Handoff, *, by: User | None, now: datetime) -> None:
    """Let the date of a handoff that was ticked already follow its corrected record."""
    step = step_of(handoff.engagement, "handoff-held")
    if step is not None and not step.is_open and handoff.held_on is not None:
        date_anchor_of(step, handoff.held_on, by=by, now=now)


def attendance_of(handoff: Handoff) -> list[User]:
    """Return who is marked as having been in the call."""
    marked = Attendance.objects.filter(handoff=handoff).select_related("person")
    return [one.person for one in marked]


@transaction.atomic
def choose_written(handoff: Handoff, *, by: User, now: datetime) -> Handoff:
    """Let the written record be enough, without a call. Raises RuleRefused."""
    engagement = handoff.engagement
    reasons = reasons_against_written(engagement.kind, engagement.paper.kind)
    if reasons:
        raise RuleRefused(reasons)
    handoff.form = HandoffForm.WRITTEN
    handoff.save(update_fields=["form"])
    tell("handoff-written", handoff, by=by, now=now)
    settle_handoff(handoff, by=by, now=now)
    return handoff


@transaction.atomic
def put_kickoff_first(
    handoff: Handoff, reason: str, *, by: User, now: datetime
) -> Handoff:
    """R-5: let the lead put the kickoff before the handoff, with the reason.

    Raises RuleRefused for anybody else, and without a reason.
    """
    leads = is_lead(handoff.engagement, by)
    reasons = reasons_against_early(is_lead=leads, reason=reason)
    if reasons:
        raise RuleRefused(reasons)
    handoff.early_reason, handoff.early_by, handoff.early_at = reason, by, now
    handoff.save(update_fields=["early_reason", "early_by", "early_at"])
    tell("kickoff-put-first", handoff, by=by, reason=reason, now=now)
    return handoff


@transaction.atomic
def acknowledge_handoff(
    handoff: Handoff, *, by: User, on_behalf_of: User | None = None, now: datetime
) -> Handoff:
    """R-5: note that somebody has read the handoff; raises RuleRefused.

    `on_behalf_of` is who is away, when the stand-in has read it (R-23).
    """
    note_acknowledgement(handoff, by=by, on_behalf_of=on_behalf_of, now=now)
    settle_handoff(handoff, by=by, now=now)
    return handoff


@transaction.atomic
def settle_handoff(handoff: Handoff, *, by: User | None, now: datetime) -> None:
    """Tick the steps that the record has answered, and ask for acknowledgement.

    Called after everything that may bring the handoff on: one entry serves both. Who
    reads or writes the last two things at once waits for each other, so that the later
    one sees both; else neither would be the last.
    """
    Handoff.objects.select_for_update(of=("self",), no_key=True).get(pk=handoff.pk)
    handoff = Handoff.objects.select_related(*FACTS).get(pk=handoff.pk)
    state = state_of(handoff)
    tick_answered_steps(handoff, state, by=by, now=now)
    forget_readers(handoff, state.readers, now=now)
    if state.is_filled or state.held_on is not None:
        ask_readers(handoff, state.readers, by=by, now=now)
    if handoff.done_at is None and not reasons_against_done(state):
        finish_handoff(handoff, by=by, now=now)


def finish_handoff(handoff: Handoff, *, by: User | None, now: datetime) -> None:
    """R-5: note that the handoff is done; from now on nothing reopens it."""
    handoff.done_at = now
    handoff.save(update_fields=["done_at"])
    tell("handoff-done", handoff, by=by, now=now)
    # Who had a question has asked it by now.
    tick(handoff, "handoff-questions", Completion(), by=by, now=now)
    tick(handoff, "handoff-acknowledged", Completion(), by=by, now=now)


def tick_answered_steps(
    handoff: Handoff, state: HandoffState, *, by: User | None, now: datetime
) -> None:
    """Tick what the playbook asks for and the record already has."""
    waiting = waiting_steps(handoff)
    seen = Completion(note=_("It stands in the handoff."))
    if state.tells_growth and "handoff-growth" in waiting:
        tick(handoff, "handoff-growth", seen, by=by, now=now)
    if state.is_filled and "handoff-record" in waiting:
        tick(handoff, "handoff-record", seen, by=by, now=now)
    asks = "handoff-questions" in waiting and not state.open_questions
    if asks and HandoffQuestion.objects.filter(handoff=handoff).exists():
        tick(handoff, "handoff-questions", seen, by=by, now=now)
    held_on = state.held_on
    if held_on is None and state.is_written and state.is_filled:
        held_on = local_day(now, handoff.engagement.customer.zone)
    if held_on is not None and waiting & HELD_STEPS:
        tick(handoff, "handoff-scheduled", Completion(), by=by, now=now)
        tick(
            handoff,
            "handoff-held",
            Completion(happened_on=held_on, follows_record=True),
            by=by,
            now=now,
        )


def waiting_steps(handoff: Handoff) -> set[str]:
    """Return the keys of the handoff's own steps that are still open (one query)."""
    steps = Step.objects.open().filter(
        checklist=handoff.engagement.checklist_id, key__in=ANSWERED_STEPS, again=0
    )
    return set(steps.values_list("key", flat=True))


def tick(
    handoff: Handoff,
    key: str,
    completion: Completion,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Tick the engagement's step of that key, if it is open and waits for nothing."""
    step = step_of(handoff.engagement, key)
    tick_if_ready(step, completion, by=by, now=now)
