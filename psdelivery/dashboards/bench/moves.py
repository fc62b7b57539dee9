"""An anchor with few and with many steps that hang on it, moved with its preview."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from time import perf_counter

from engagements.models import Engagement
from psdelivery.dashboards.bench.data import register
from psdelivery.dashboards.bench.figures import MoveFigure
from psdelivery.dashboards.bench.pages import count_queries
from psdelivery.dashboards.demo.people import Cast, make_cast
from psdelivery.dashboards.demo.seeding import load_what_is_missing
from psdelivery.people.models import User
from psdelivery.playbooks.models import Anchor, Step
from psdelivery.playbooks.services.moves import (
    AnchorChange,
    apply_moves,
    preview_moves,
    undo_move,
)

WARM_UP = 5
# Dated by the kickoff step, so nothing else of the portal moves it.
ANCHOR = "kickoff"
MONTH = timedelta(days=30)


def make_anchor(cast: Cast, dependents: int, now: datetime) -> Anchor:
    """Return an anchor on which so many open steps with dates hang."""
    register(cast, Engagement.objects.count(), now - MONTH)
    engagement = Engagement.objects.latest("pk")
    anchor = Anchor.objects.get(checklist=engagement.checklist, key=ANCHOR)
    steps = Step.objects.filter(anchor=anchor)
    first = steps.open().order_by("pk")[0]
    steps.exclude(pk=first.pk).delete()
    day = AnchorChange(anchor, (now + 2 * MONTH).date())
    apply_moves([day], checklist=anchor.checklist, by=None, now=now)
    first.refresh_from_db()
    Step.objects.bulk_create(copies_of(first, dependents - 1))
    anchor.refresh_from_db()
    return anchor


def copies_of(step: Step, count: int) -> list[Step]:
    """Return so many more steps (not saved) that are due like this one."""
    names = [fact.attname for fact in Step._meta.concrete_fields]
    values = {name: getattr(step, name) for name in names if name not in {"id", "key"}}
    return [Step(key=f"bench-{number}", **values) for number in range(count)]


def measure_moves(sizes: list[int], now: datetime) -> list[MoveFigure]:
    """Return the figures of moving an anchor by a month, for each number of steps."""
    load_what_is_missing()
    cast = make_cast(Random(1), 1)
    for _turn in range(WARM_UP):
        measure_move(cast, 1, now)
    return [measure_move(cast, size, now) for size in sizes]


def measure_move(cast: Cast, size: int, now: datetime) -> MoveFigure:
    """Preview, move and undo with so many steps: seconds and queries of each."""
    anchor = make_anchor(cast, size, now)
    by = User.objects.order_by("pk")[0]
    changes = [AnchorChange(anchor, (now + 3 * MONTH).date())]
    shown = timed(lambda: preview_moves(changes, now=now))
    moved = timed(
        lambda: apply_moves(changes, checklist=anchor.checklist, by=by, now=now)
    )
    move = anchor.checklist.moves.latest("pk")
    undone = timed(lambda: undo_move(move, by=by, now=now))
    lines = len(preview_moves(changes, now=now).lines)
    return MoveFigure(lines, *shown, *moved, *undone)


def timed(action: Callable[[], object]) -> tuple[float, int]:
    """Return the seconds and the queries of an action."""
    start = perf_counter()
    queries = count_queries(action)
    return perf_counter() - start, queries
