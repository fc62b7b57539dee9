"""Reads of steps that need more than a queryset method."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlsplit

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.urls import resolve

from psdelivery.access import Action, Scope, needed_for, scope_for
from psdelivery.history.models import Event, EventQuerySet
from psdelivery.history.queries import events_for_subject
from psdelivery.people.away import deputised_by
from psdelivery.people.models import User
from psdelivery.people.queries import pools_of
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import (
    Checklist,
    Move,
    Playbook,
    PlaybookQuerySet,
    PlaybookStep,
    Step,
    StepQuerySet,
)
from psdelivery.playbooks.rules.ball import is_homework
from psdelivery.playbooks.words import ANCHORS, anchor_words
from psdelivery.registry import reach


def owned_by(user: User) -> Q:
    """Return the condition: the step is the person's, or waits for a pool of theirs.

    R-23: while somebody is away, their steps are also those of who stands in.
    """
    mine = Q(assignee=user) | Q(pool__in=pools_of(user))
    absent = deputised_ids(user)
    return mine | Q(assignee__in=absent) if absent else mine


def deputised_ids(user: User) -> list[int]:
    """R-23: return for whom the person stands in, at the time of their request.

    Nobody where nothing says what time it is: in a task, people act for themselves.
    """
    return deputised_by(user, user.asked_at) if user.asked_at else []


def step_condition(user: User, scope: Scope) -> Q:
    """Return the condition for steps that lie in the scope."""
    if scope >= Scope.ALL:
        return Q()
    if scope < Scope.OWN_STEPS:
        return Q(pk__in=[])
    if scope == Scope.OWN_STEPS:
        return owned_by(user)
    return owned_by(user) | reach.condition(user, scope, "engagement")


def steps_within(user: User, action: Action) -> StepQuerySet:
    """Return the steps that the person's roles reach with this action.

    What is own and what hangs on engagements near are two parts of one subquery: an
    "or" between them would let the database look at every step there is.
    """
    scope = scope_for(user.role_set, action)
    if scope < Scope.OWN or scope >= Scope.ALL:
        return Step.objects.filter(step_condition(user, scope))
    own = Step.objects.filter(owned_by(user))
    near = Step.objects.filter(reach.condition(user, scope, "engagement"))
    parts = [part.order_by().values("pk") for part in (own, near)]
    return Step.objects.filter(pk__in=parts[0].union(parts[1], all=True))


def visible_steps(user: User) -> StepQuerySet:
    """Return the steps that the person may see: those of visible engagements, and own.

    An engagement in somebody's own scope brings all its steps with it.
    """
    scope = scope_for(user.role_set, Action.ENGAGEMENT_SEE)
    if scope < Scope.OWN_STEPS:
        return Step.objects.filter(owned_by(user))
    return steps_within(user, Action.ENGAGEMENT_SEE)


def step_rows(
    user: User, steps: StepQuerySet, *, within: Scope = Scope.ALL
) -> StepQuerySet:
    """Fetch what the shared step row shows, and annotate `may_tick` for the reader.

    `within` is the scope that the steps are known to lie in.
    """
    return with_tick_right(user, steps.for_rows().with_blocker_count(), within=within)


def rows_of_chosen(
    user: User, keys: Sequence[int], *, within: Scope = Scope.ALL
) -> list[Step]:
    """Return the rows of a few steps, chosen before by their keys, in that order.

    Choosing and showing in one query, the database would weigh all ways to join nine
    tables for all steps, which takes it longer than finding those few.
    """
    rows = step_rows(user, Step.objects.filter(pk__in=keys), within=within)
    found = {step.pk: step for step in rows.order_by()}
    return [found[pk] for pk in keys if pk in found]


def step_rows_of_one(
    user: User, steps: StepQuerySet, *, may_tick_all: bool
) -> StepQuerySet:
    """Fetch the rows for the page of one engagement, whose rights are known.

    `steps` come from `engagement.steps`, so that each knows its engagement.
    """
    rows = steps.for_rows_of_one().with_blocker_count()
    if may_tick_all:
        return rows.annotate(may_tick=Value(True))
    return with_tick_right(user, rows)


def with_tick_right(
    user: User, steps: StepQuerySet, *, within: Scope = Scope.ALL
) -> StepQuerySet:
    """Annotate `may_tick`: whether the person may tick the step.

    Nothing is asked of the database where the right reaches all that `within` does.
    """
    scope = scope_for(user.role_set, Action.STEP_TICK)
    if scope >= within:
        return steps.annotate(may_tick=Value(True))
    may_tick = ExpressionWrapper(
        step_condition(user, scope) or Q(pk__isnull=False),
        output_field=BooleanField(),
    )
    return steps.annotate(may_tick=may_tick)


def may_open_subject(user: User, step: Step, url: str = "") -> bool:
    """Tell whether the page of what the step is about opens for the person.

    `url` is the step's own subject; without it that of its checklist is meant.
    """
    path = urlsplit(url or step.checklist.subject_url).path
    needed = needed_for(resolve(path).view_name)
    if not isinstance(needed, Action):
        return True
    reached = step_condition(user, scope_for(user.role_set, needed))
    return Step.objects.filter(reached, pk=step.pk).exists()


def events_of(step: Step) -> EventQuerySet:
    """Return what happened to the step and to the date that it hangs on (R-20)."""
    own = events_for_subject(step)
    dated = events_for_subject(step.anchor.checklist).filter(
        verb__in=["anchor-dated", "anchor-moved"], changes__has_key=step.anchor.key
    )
    moved = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Move),
        subject_id__in=[str(pk) for pk in moves_of(step)],
    )
    return own | dated | moved.with_people().without_money()


def moves_of(step: Step) -> list[int]:
    """Return the keys of the moves that gave the step's anchor another date."""
    near = Move.objects.filter(checklist=step.anchor.checklist_id)
    if step.engagement_id is not None:
        near = Move.objects.filter(engagement=step.engagement_id)
    found = near.filter(record__anchors__has_key=str(step.anchor_id))
    return list(found.order_by("pk").values_list("pk", flat=True))


def my_steps(user: User) -> StepQuerySet:
    """Return the running steps of a person, of their pools, and of who is away."""
    return Step.objects.running().filter(owned_by(user))


def homework_with(step: Step) -> list[Step]:
    """Return all that the contact of a step has to do on its engagement, by date.

    What waits for another step is left out: it cannot be done yet.
    """
    if step.contact_id is None or step.engagement_id is None:
        return []
    theirs = Q(contact=step.contact_id, engagement=step.engagement_id)
    rows = Step.objects.running().filter(theirs).exclude(blockers__state=StepState.OPEN)
    return [one for one in rows.order_by("due_at", "pk") if is_homework(one)]


def checklists_within(user: User, action: Action) -> QuerySet[Checklist]:
    """Return the checklists of engagements that the roles reach with this action."""
    scope = scope_for(user.role_set, action)
    reached = reach.condition(user, scope, "engagement")
    return Checklist.objects.filter(reached, engagement__isnull=False)


def moves_within(user: User, action: Action) -> Q:
    """Return the condition for moves that the roles reach with this action, and own."""
    reached = reach.condition(user, scope_for(user.role_set, action), "engagement")
    return Q(by=user) | (reached & Q(engagement__isnull=False))


def undoable_move(checklists: Iterable[int | None], now: datetime) -> Move | None:
    """Return the newest move on these checklists that its time still lets undo."""
    recent = Move.objects.filter(
        checklist__in=[pk for pk in checklists if pk],
        undo_until__gt=now,
        undone_at__isnull=True,
        undo_of__isnull=True,
    )
    return recent.select_related("by").order_by("-at", "-pk").first()


def older_checklists(playbook: Playbook) -> QuerySet[Checklist]:
    """Return running checklists made from older versions, the newest first."""
    older = Checklist.objects.filter(
        playbook__key=playbook.key, playbook__version__lt=playbook.version
    )
    open_steps = Step.objects.open().values("checklist")
    return older.filter(pk__in=open_steps).select_related("playbook").order_by("-pk")


def checklists_to_adopt(user: User, playbook: Playbook) -> QuerySet[Checklist]:
    """Return running checklists of older versions that the person may change."""
    within = checklists_within(user, Action.ENGAGEMENT_EDIT)
    older = older_checklists(playbook).filter(pk__in=within.order_by().values("pk"))
    return older.select_related("playbook", "engagement__customer")


def versions_of(key: str) -> PlaybookQuerySet:
    """Return the published versions of a playbook, the newest first."""
    versions = Playbook.objects.filter(key=key, is_draft=False)
    return versions.select_related("edited_by").order_by("-version")


def playbooks_of_list() -> PlaybookQuerySet:
    """Return current playbooks with the number of their steps, and who has a draft."""
    drafts = Playbook.objects.filter(key=OuterRef("key"), is_draft=True)
    rows = Playbook.objects.current().annotate(
        step_count=Count("steps"), has_draft=Exists(drafts)
    )
    return rows.order_by("title", "pk")


def statuses_of_playbooks() -> list[tuple[str, str]]:
    """Return the statuses that steps of any playbook stand before, with their words.

    The statuses belong to the engagements below; here they are only words in data.
    """
    known = PlaybookStep.objects.exclude(blocks_move="").order_by("blocks_move")
    found = known.values_list("blocks_move", flat=True).distinct()
    return [(key, key.replace("_", " ").capitalize()) for key in found]


@dataclass(frozen=True)
class StepGroup:
    title: str
    steps: list[PlaybookStep]


def steps_by_phase(playbook: Playbook) -> list[StepGroup]:
    """Return the steps of a playbook by phase, in the order of the process."""
    steps = playbook.steps.order_by("phase", "order", "pk")
    rows = groupby(steps, key=lambda step: step.get_phase_display())
    return [StepGroup(title, list(group)) for title, group in rows]


def steps_by_time(playbook: Playbook) -> list[StepGroup]:
    """Return the steps by the date they are counted from, the earliest first."""
    steps = playbook.steps.order_by("anchor", "offset_value", "order", "pk")
    rows = {key: list(group) for key, group in groupby(steps, attrgetter("anchor"))}
    order = {key: place for place, key in enumerate(ANCHORS)}
    return [
        StepGroup(anchor_words(key)[:1].upper() + anchor_words(key)[1:], rows[key])
        for key in sorted(rows, key=lambda key: order.get(key, len(order)))
    ]
