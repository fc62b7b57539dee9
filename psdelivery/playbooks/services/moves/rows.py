"""Steps of one key together: their re-sends, and the periods of those that repeat."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime

from django.db.models.base import ModelState

from psdelivery.people.moments import local_day
from psdelivery.people.register import PortalSettings
from psdelivery.playbooks.choices import Repeat, StepState
from psdelivery.playbooks.models import Anchor, Step
from psdelivery.playbooks.owners import still_here
from psdelivery.playbooks.rules.deadlines import anchor_of_period
from psdelivery.playbooks.rules.moves import title_again
from psdelivery.playbooks.services.deadlines import timing_of


class Rows:
    """All steps that a move read, by checklist and key."""

    def __init__(
        self,
        steps: Iterable[Step],
        changed: Mapping[int, Anchor],
        settings: PortalSettings,
    ) -> None:
        self.settings = settings
        self.by_key: dict[tuple[int, str], list[Step]] = defaultdict(list)
        for step in steps:
            self.by_key[step.checklist_id, step.key].append(step)
        self.ends = self.read_ends(changed)

    def read_ends(self, changed: Mapping[int, Anchor]) -> dict[tuple[int, str], Anchor]:
        """Return the anchors that end rows, by checklist and key.

        One query, and none where nothing repeats. Changed ones have their new date.
        """
        repeating = [row[0] for row in self.by_key.values() if row[0].repeat_until]
        if not repeating:
            return {}
        found = Anchor.objects.filter(
            key__in={step.repeat_until for step in repeating},
            checklist__in={pk for step in repeating for pk in ancestors_of(step)},
        )
        anchors = {anchor.pk: anchor for anchor in found} | dict(changed)
        return {(a.checklist_id, a.key): a for a in anchors.values()}

    def same(self, step: Step) -> list[Step]:
        """Return the step with its re-sends: same key and period."""
        row = self.by_key[step.checklist_id, step.key]
        return [other for other in row if other.period == step.period]

    def latest_of(self, step: Step) -> Step | None:
        """Return the newest of the step and its re-sends that was not cancelled."""
        live = [s for s in self.same(step) if s.state != StepState.CANCELLED]
        return max(live, key=lambda found: found.again, default=None)

    def sent_again(self, step: Step, now: datetime) -> Step:
        """R-20: return the done step as it comes back (not saved, not yet dated).

        Due by its rule, or at once where that day has passed. It holds no status:
        the step itself was done.
        """
        again = opened(step, now)
        again.again = max(other.again for other in self.same(step)) + 1
        again.title = title_again(step)
        again.due_at_once, again.blocks_move = True, ""
        return again

    def is_over(self, step: Step, period: int | None = None) -> bool:
        """Tell whether a period begins after the day that ends its row."""
        if step.repeat == Repeat.ONCE or not step.repeat_until:
            return False
        end = self.end_of(step)
        if end is None:
            return False
        begin = self.begin_of(step, step.period if period is None else period)
        zone = timing_of(step, self.settings).calendar.zone
        return begin is not None and local_day(begin, zone) > local_day(end, zone)

    def end_of(self, step: Step) -> date | datetime | None:
        """Return when the row of a step ends; the nearest checklist's anchor counts."""
        for checklist in ancestors_of(step):
            anchor = self.ends.get((checklist, step.repeat_until))
            if anchor is not None:
                return anchor.value
        return None

    def begin_of(self, step: Step, period: int) -> date | datetime | None:
        """Return the date that a period of the row hangs on."""
        at = copy(step)
        at.period = period
        timing = timing_of(at, self.settings)
        return (
            None if timing.anchor is None else anchor_of_period(timing.anchor, timing)
        )

    def returning(self, now: datetime) -> Iterable[tuple[Step, Step]]:
        """Yield periods that come back because their row now ends later.

        Each as it was, or the period before it, and as it will be. A row goes on only
        where its last period is settled; the others begin as they are ticked.
        """
        for row in self.by_key.values():
            last = last_period(row)
            if last is None or last.is_open or last.repeat == Repeat.ONCE:
                continue
            period = last.period + 1
            if self.begin_of(last, period) is None or self.is_over(last, period):
                continue
            pair = comes_back(row, last, period, now)
            if pair is not None:
                yield pair


def ancestors_of(step: Step) -> list[int]:
    """Return the checklists that the step's anchors may stand on, nearest first."""
    checklist = step.checklist
    above = checklist.parent
    found = [checklist.pk, checklist.parent_id, above.parent_id if above else None]
    return [pk for pk in found if pk is not None]


def last_period(row: list[Step]) -> Step | None:
    """Return the last period of a row that was not cancelled, without re-sends."""
    live = [s for s in row if not s.again and s.state != StepState.CANCELLED]
    return max(live, key=lambda step: step.period, default=None)


def comes_back(
    row: list[Step], last: Step, period: int, now: datetime
) -> tuple[Step, Step] | None:
    """Return the period as it was and as it will be: opened again, or a new one.

    None where it was cancelled because its condition no longer holds.
    """
    cancelled = next((s for s in row if s.period == period and not s.again), None)
    if cancelled is None:
        following = opened(last, now)
        following.period = period
        return last, following
    definition = cancelled.playbook_step
    if definition is not None and definition.condition:
        return None
    back = copy(cancelled)
    back.state, back.open_since = StepState.OPEN, now
    return cancelled, back


def opened(step: Step, now: datetime) -> Step:
    """Return a new open copy of a settled step (not saved, not yet dated)."""
    new = copy(step)
    new.pk, new._state = None, ModelState()
    new._state.fields_cache = dict(step._state.fields_cache)
    new.state, new.open_since = StepState.OPEN, now
    new.done_at = new.done_by = new.evidence = None
    new.note, new.pinned, new.snoozed_until = "", False, None
    new.ball_with, new.ball_since = "", None
    new.lease_until = new.lease_token = new.next_reminder_at = None
    if still_here(new.assignee) is None:
        new.assignee, new.pool = None, new.pool or new.checklist.pool
    return new
