"""What a move of dates would take along: read and computed, nothing saved."""

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import connection
from django.db.models import Q

from psdelivery.calendars import local_moment
from psdelivery.people.register import PortalSettings, portal_settings
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Anchor, Checklist, Step, StepQuerySet
from psdelivery.playbooks.rules.moves import (
    EXEMPTED,
    AnchorMove,
    LineKind,
    is_told_again,
    leaves_at,
)
from psdelivery.playbooks.services.anchors import dated_anchor
from psdelivery.playbooks.services.deadlines import schedule, with_schedule_facts
from psdelivery.playbooks.services.moves.rows import Rows
from psdelivery.playbooks.settings import URGENT_HOURS, undo_window

# Steps that stand before the portal never move; the others are read, also to know
# which numbers of re-sends and periods are taken.
READ_STATES = [
    StepState.OPEN,
    StepState.DONE,
    StepState.NOT_APPLICABLE,
    StepState.CANCELLED,
]


@dataclass(frozen=True)
class AnchorChange:
    """An anchor gets another day or moment (UTC), or loses it."""

    anchor: Anchor
    to: date | datetime | None


@dataclass(frozen=True)
class ZoneChange:
    """The session calendar of a checklist is counted in another zone."""

    checklist: Checklist
    zone: str


@dataclass(frozen=True)
class Ending:
    """A checklist ends: its open steps are cancelled (a session is taken out)."""

    checklist: Checklist


Change = AnchorChange | ZoneChange | Ending


@dataclass
class AnchorPlan:
    """An anchor before and after."""

    before: Anchor
    after: Anchor

    @property
    def move(self) -> AnchorMove:
        return AnchorMove(self.after.key, self.before.value, self.after.value)

    @property
    def is_moved(self) -> bool:
        """Whether it had a date and has another: only this is told again."""
        return self.before.value is not None and self.after.value is not None


@dataclass
class Planned:
    """A step of the plan: how it was, what becomes of it, how it will be.

    Of a re-send, and of a new period, `before` is the step that it comes from.
    """

    before: Step
    kind: LineKind
    after: Step
    is_new: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_new = self.after.pk is None


@dataclass
class ZonePlan:
    """The zone of a checklist before and after."""

    checklist: Checklist
    old: str
    new: str


@dataclass
class Plan:
    """A move worked out on unsaved copies."""

    changes: list[Change]
    now: datetime
    undo_until: datetime
    settings: PortalSettings
    anchors: list[AnchorPlan] = field(default_factory=list)
    zones: list[ZonePlan] = field(default_factory=list)
    entries: list[Planned] = field(default_factory=list)

    def of(self, *kinds: LineKind) -> list[Planned]:
        """Return the entries of these kinds."""
        return [entry for entry in self.entries if entry.kind in kinds]


def read_plan(
    changes: Iterable[Change],
    *,
    exempt: Collection[int] = (),
    now: datetime,
    locked: bool = False,
) -> Plan:
    """Work out what the changes take along; at most five queries, whatever the steps.

    With `locked` the rows are locked, in one order, for the move itself.
    """
    settings = portal_settings()
    plan = Plan(list(changes), now, undo_window(settings, now), settings)
    anchors = read_anchors(plan, locked=locked)
    steps = read_steps(plan, locked=locked)
    put_changes(plan, anchors, steps)
    rows = Rows(steps, anchors, settings)
    plan.entries = [
        *entries_of(plan, steps, rows, frozenset(exempt)),
        *(Planned(old, LineKind.RETURNS, new) for old, new in rows.returning(now)),
    ]
    put_dates(plan)
    return plan


def read_anchors(plan: Plan, *, locked: bool) -> dict[int, Anchor]:
    """Return the anchors that change, as they are in the database."""
    wanted = [c.anchor.pk for c in plan.changes if isinstance(c, AnchorChange)]
    found = Anchor.objects.filter(pk__in=wanted).select_related("checklist")
    if locked:
        found = found.select_for_update(of=("self",))
    return {anchor.pk: anchor for anchor in found.order_by("pk")}


def read_steps(plan: Plan, *, locked: bool) -> list[Step]:
    """Return every step that one of the changes may concern (one query)."""
    found: StepQuerySet = with_schedule_facts(
        Step.objects.filter(concerned(plan.changes), state__in=READ_STATES)
    ).select_related("playbook_step", "checklist__parent")
    # Ordered by the database, so many columns take half as long again.
    found = found.order_by()
    if locked and connection.features.has_select_for_update:
        found = found.select_for_update(of=("self",)).order_by("pk")
    return sorted(found, key=lambda step: step.pk)


def concerned(changes: Iterable[Change]) -> Q:
    """Return the condition for steps that a change may concern."""
    condition = Q(pk__in=[])
    for change in changes:
        if isinstance(change, AnchorChange):
            condition |= Q(anchor=change.anchor) | Q(opening=change.anchor)
            condition |= ends_with(change.anchor)
        else:
            condition |= Q(checklist=change.checklist)
    return condition


def ends_with(anchor: Anchor) -> Q:
    """Return the condition for rows that repeat until an anchor of theirs.

    Checklists lie at most two below the one that owns the anchor: engagement,
    class, session.
    """
    at = anchor.checklist_id
    below = Q(checklist=at) | Q(checklist__parent=at)
    below |= Q(checklist__parent__parent=at)
    return Q(repeat_until=anchor.key) & below


def put_changes(plan: Plan, anchors: Mapping[int, Anchor], steps: list[Step]) -> None:
    """Put the new dates and zones on the anchors and checklists that were read."""
    zones: dict[int, str] = {}
    for change in plan.changes:
        if isinstance(change, AnchorChange):
            put_anchor(plan, anchors[change.anchor.pk], change.to)
        elif isinstance(change, ZoneChange) and change.checklist.zone != change.zone:
            old = change.checklist.zone
            plan.zones.append(ZonePlan(change.checklist, old, change.zone))
            zones[change.checklist.pk] = change.zone
    for step in steps:
        step.anchor = anchors.get(step.anchor_id, step.anchor)
        step.opening = anchors.get(step.opening_id or 0, step.opening)
        step.checklist.zone = zones.get(step.checklist_id, step.checklist.zone)


def put_anchor(plan: Plan, anchor: Anchor, value: date | datetime | None) -> None:
    """Put the value on the anchor, and note the change if it is one."""
    if anchor.value == value:
        return
    before = copy(anchor)
    plan.anchors.append(AnchorPlan(before, dated_anchor(anchor, value, plan.now)))


def entries_of(
    plan: Plan, steps: list[Step], rows: Rows, exempt: frozenset[int]
) -> Iterable[Planned]:
    """Yield what becomes of each step that was read, as copies to compute on."""
    ended = {c.checklist.pk for c in plan.changes if isinstance(c, Ending)}
    moved = {anchor.after.pk for anchor in plan.anchors if anchor.is_moved}
    for step in steps:
        kind = kind_of_open(step, rows, ended) if step.is_open else None
        if step.state == StepState.DONE and step.checklist_id not in ended:
            again = step.anchor_id in moved and is_told_again(
                step, rows.latest_of(step)
            )
            kind = LineKind.AGAIN if again else LineKind.DONE
        if kind is not None:
            kind = EXEMPTED.get(kind, kind) if step.pk in exempt else kind
            yield Planned(step, kind, next_of(step, kind, rows, plan.now))


def kind_of_open(step: Step, rows: Rows, ended: set[int]) -> LineKind:
    """R-20: open steps move along; those pinned by hand stay."""
    if step.checklist_id in ended:
        return LineKind.ENDS
    if step.pinned:
        return LineKind.PINNED
    return LineKind.ENDS if rows.is_over(step) else LineKind.MOVES


def next_of(step: Step, kind: LineKind, rows: Rows, now: datetime) -> Step:
    """Return the step as it will be, before its date: a copy, or a new one."""
    if kind == LineKind.AGAIN:
        return rows.sent_again(step, now)
    after = copy(step)
    if kind == LineKind.EXEMPT:
        after.pinned = True
    if kind == LineKind.ENDS:
        after.state, after.next_reminder_at = StepState.CANCELLED, None
    return after


def put_dates(plan: Plan) -> None:
    """Date the steps that move or come back; what keeps its date stays as it is."""
    dated = plan.of(LineKind.MOVES, LineKind.AGAIN, LineKind.RETURNS)
    schedule([entry.after for entry in dated], plan.settings, now=plan.now)
    events = {a.after.pk: a for a in plan.anchors}
    for entry in dated:
        if entry.kind == LineKind.MOVES and is_same_date(entry.before, entry.after):
            entry.kind = LineKind.STAYS
        else:
            let_wait(entry.after, events.get(entry.after.anchor_id), plan)


def is_same_date(before: Step, after: Step) -> bool:
    """Tell whether the rule gives a step the date that it had."""
    return (before.due_at, before.due_day) == (after.due_at, after.due_day)


def let_wait(step: Step, anchor: AnchorPlan | None, plan: Plan) -> None:
    """R-20: let the first reminder of a new date wait until the undo window is over."""
    if step.next_reminder_at is None:
        return
    dates = [anchor.before.value, anchor.after.value] if anchor else [step.due_at]
    begins = [moment_of(value, step) for value in dates if value is not None]
    earliest = leaves_at(
        plan.now,
        plan.undo_until,
        min(begins, default=plan.undo_until),
        urgent_hours=plan.settings[URGENT_HOURS],
    )
    step.next_reminder_at = max(step.next_reminder_at, earliest)


def moment_of(value: date | datetime, step: Step) -> datetime:
    """Return when an event begins; a day begins at its midnight where it is due."""
    if isinstance(value, datetime):
        return value
    return local_moment(value, time(), step.due_zone or step.checklist.zone)
