"""Steps of the demo data, ticked when people would have ticked them."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db.models import Max, Q

from engagements.models import BallPeriod, Engagement
from engagements.rules.ball import follows_steps
from engagements.services.ball import put_ball
from psdelivery.calendars import add_business_days
from psdelivery.dashboards.demo import names
from psdelivery.dashboards.demo.handoffs import HANDOFF_STEPS
from psdelivery.dashboards.demo.story import HOUR, Story
from psdelivery.dashboards.demo.timeline import COMPANY
from psdelivery.documents.choices import DocumentKind
from psdelivery.documents.models import Document
from psdelivery.history.services import EventDraft, record_many
from psdelivery.people.models import User
from psdelivery.people.queries import pool_members
from psdelivery.playbooks.choices import EvidenceWanted, Repeat, StepState
from psdelivery.playbooks.models import Step, StepQuerySet
from psdelivery.playbooks.rules.ball import party_of
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import (
    SETTLED_FIELDS,
    complete_step,
    set_aside_step,
)
from psdelivery.playbooks.services.writing import write_fields
from psdelivery.registry import RuleRefused
from training.choices import StepKey

# Ticks that training reacts to; a review is ticked by releasing its result.
REACTING = frozenset(
    {
        StepKey.HELD,
        StepKey.DATES_CONFIRMED,
        StepKey.TIMES_CONFIRMED,
        StepKey.ROSTER_IN,
        StepKey.TRAINER_CERTIFIED,
        StepKey.DEMO_ACCOUNT,
    }
)
# Ticked by the record behind them: by releasing a result, by the handoff.
NOT_BY_HAND = frozenset({StepKey.CERTIFICATION_REVIEW, *HANDOFF_STEPS})
# Days that are agreed on ahead, in business days from the tick.
AHEAD = {"discovery": 3, "planning_meeting": 4}
SHORT_MEMORY = timedelta(days=8)
FORGOTTEN = 3


def open_steps(engagement: Engagement) -> StepQuerySet:
    """Return the open steps of an engagement with their owners, as they fall due."""
    # Through the engagement, so that each step knows it.
    steps = engagement.steps.open()
    return (
        steps.defer("instructions")
        .select_related("assignee", "pool", "anchor")
        .prefetch_related("blockers")
        .order_by("due_at", "order", "pk")
    )


def tick_step(engagement: Engagement, key: str, at: datetime) -> None:
    """Tick the open steps of that key through the service, as their owners would."""
    for step in open_steps(engagement).filter(key=key):
        tick_blockers(step, at)
        tick_one(step, at)


def tick_blockers(step: Step, at: datetime) -> None:
    """Tick first what must come before the step."""
    for blocker in step.blockers.filter(state=StepState.OPEN).order_by("pk"):
        tick_blockers(blocker, at)
        tick_one(blocker, at)


def tick_one(step: Step, at: datetime) -> None:
    """Tick one step with the evidence that it wants."""
    by = doer(step)
    evidence = None
    if step.evidence_wanted == EvidenceWanted.LINK_OR_FILE:
        evidence = evidence_for(step, by, at)
        evidence.save()
    completion = Completion(evidence, note_of(step), event_day(step, at))
    complete_step(step, completion, by=by, now=at)


def event_day(step: Step, at: datetime) -> date | None:
    """Return the day of the event that a tick dates: today, or one agreed on."""
    if not step.sets_anchor:
        return None
    if step.sets_anchor in AHEAD:
        return add_business_days(at.date(), AHEAD[step.sets_anchor], COMPANY)
    return at.date()


def note_of(step: Step) -> str:
    """Return what the owner writes on ticking."""
    return names.NOTES[len(step.title) % len(names.NOTES)]


def doer(step: Step) -> User | None:
    """Return who ticks the step: its owner, or the first member of its pool."""
    if step.assignee is not None or step.pool is None:
        return step.assignee
    return pool_members(step.pool).first()


def evidence_for(step: Step, by: User | None, at: datetime) -> Document:
    """Return a link as evidence (not saved)."""
    return Document(
        kind=DocumentKind.LINK,
        title=step.title,
        url=f"https://drive.example/evidence/{step.pk}",
        engagement_id=step.engagement_id,
        uploaded_by=by,
        created_at=at,
    )


def set_aside_unneeded(story: Story) -> None:
    """Mark the planning of un-booked work as not applicable, now and then."""
    if story.random.random() < 0.7:
        return
    for step in open_steps(story.engagement).filter(key="unbooked-planning"):
        set_aside_step(
            step,
            by=story.team["em"],
            reason=names.SET_ASIDE_REASON,
            now=story.at("prospect", 9),
        )


def tick_due_steps(
    engagement: Engagement,
    until: datetime,
    *,
    before: str = "",
    left_open: Collection[str] = (),
    forgetful: bool = False,
) -> None:
    """Tick what fell due up to a moment, in order.

    With `before`, steps marked as before that status are ticked too. Steps that
    others follow from go through the service; the rest is written in bulk, with
    the same history. A forgetful team leaves some of the latest open.
    """
    skipped: set[int | str] = {*left_open, *NOT_BY_HAND}
    if forgetful:
        skipped |= forgotten_ids(engagement, until)
    while steps := due_steps(engagement, until, before, skipped):
        leading = [step for step in steps if is_leading(step)]
        if not leading:
            tick_in_bulk(without_blocked(steps), until)
            return
        for step in leading:
            if not tick_quietly(step, until):
                skipped.add(step.pk)


def due_steps(
    engagement: Engagement, until: datetime, before: str, skipped: set[int | str]
) -> list[Step]:
    """Return the open steps that would be ticked by that moment, in order.

    Steps are skipped by id or by key.
    """
    is_due = Q(due_at__lte=until)
    if before:
        is_due |= Q(blocks_move=before)
    due = open_steps(engagement).filter(is_due, acknowledgement__isnull=True)
    return [step for step in due if not {step.pk, step.key} & skipped]


def is_leading(step: Step) -> bool:
    """Tell whether something follows from the tick."""
    return bool(step.sets_anchor) or step.repeat != Repeat.ONCE or step.key in REACTING


def tick_quietly(step: Step, until: datetime) -> bool:
    """Tick a step with what stands before it; False where a rule refuses."""
    at = tick_moment(step, until)
    try:
        tick_blockers(step, at)
        tick_one(step, at)
    except RuleRefused:
        return False
    return True


def tick_moment(step: Step, until: datetime) -> datetime:
    """Return when its owner ticked a step: some hours before it fell due.

    Never before its date was known, and what follows an event not before the event.
    """
    ahead = HOUR * (1 + 7 * len(step.key) % 30)
    earliest = [min(step.due_at or until, until) - ahead]
    earliest.append(step.anchor.known_since or until)
    if step.offset_value >= 0 and step.anchor.moment is not None:
        earliest.append(step.anchor.moment)
    return min(max(earliest), until)


def forgotten_ids(engagement: Engagement, until: datetime) -> set[int]:
    """Return the latest due step of each of some owners: those stay open."""
    by_owner = {
        step.assignee_id: step.pk
        for step in due_steps(engagement, until, "", {*NOT_BY_HAND, StepKey.HELD})
        if step.due_at is not None and step.due_at > until - SHORT_MEMORY
    }
    return set(list(by_owner.values())[-FORGOTTEN:])


def without_blocked(steps: list[Step]) -> list[Step]:
    """Leave out steps that wait for one that is not ticked with them."""
    ticked = {step.pk for step in steps}
    while True:
        free = [
            step
            for step in steps
            if all(b.pk in ticked or not b.is_open for b in step.blockers.all())
        ]
        if len(free) == len(steps):
            return free
        steps, ticked = free, {step.pk for step in free}


def tick_in_bulk(steps: list[Step], until: datetime) -> None:
    """Write many ticks at once, each with evidence and history event."""
    documents = []
    for step in steps:
        step.done_at, step.done_by = tick_moment(step, until), doer(step)
        step.state, step.next_reminder_at = StepState.DONE, None
        step.note = note_of(step)
        if step.evidence_wanted == EvidenceWanted.LINK_OR_FILE:
            step.evidence = evidence_for(step, step.done_by, step.done_at)
            documents.append(step.evidence)
    Document.objects.bulk_create(documents)
    for step in steps:
        # Only now has the document its key.
        step.evidence = step.evidence
    write_fields(steps, SETTLED_FIELDS)
    record_ticks(steps, until)
    pass_ball_along(steps)


def pass_ball_along(steps: list[Step]) -> None:
    """Let each step have had the ball on its side from the tick before it on."""
    if not steps or steps[0].engagement_id is None:
        return
    engagement = Engagement.objects.get(pk=steps[0].engagement_id)
    if not follows_steps(engagement.kind, engagement.status):
        return
    turns = BallPeriod.objects.filter(engagement=engagement)
    at = turns.aggregate(last=Max("since"))["last"] or engagement.created_at
    for before, step in pairwise(steps):
        at = max(at, before.done_at or at)
        if party_of(step) != engagement.ball_with:
            put_ball(engagement, party_of(step), now=at)


def record_ticks(steps: Iterable[Step], until: datetime) -> None:
    """Write the history of ticks, each at its moment."""
    told = [step for step in steps if step.done_at is not None]
    record_many([event_of(step) for step in told], now=until)


def event_of(step: Step) -> EventDraft:
    """Return the history event of a tick."""
    return EventDraft(
        verb="step-completed",
        by=step.done_by,
        subject=step,
        engagement=step.engagement,
        reason=step.note,
        at=step.done_at,
    )
