"""Write the table of who is responsible for what, and agree on it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from engagements.execution.models import RaciRow
from engagements.execution.rules.raci import (
    PARTS,
    RaciLine,
    line_of,
    reasons_against_agreed_raci,
    reasons_against_lines,
    reasons_of_unseen_raci,
)
from engagements.execution.services.plan_steps import PlanStep, agreed_note, tick
from engagements.models import Engagement
from engagements.services.gate import lock_engagement
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import refuse


def rows_of(engagement: Engagement) -> list[RaciRow]:
    """Return the table in its order."""
    return list(RaciRow.objects.filter(engagement=engagement))


@transaction.atomic
def save_raci(
    engagement: Engagement,
    lines: Sequence[RaciLine],
    *,
    seen: str | None = None,
    by: User,
    now: datetime,
) -> list[RaciRow]:
    """Write the lines in this order; raises RuleRefused.

    A row that is not among them goes. `seen` is the mark of the table that the person
    saw (`sight_of_raci`); None where nobody looked at a form.
    """
    lock_engagement(engagement)
    before = rows_of(engagement)
    refuse(reasons_of_unseen_raci(seen, before))
    refuse(reasons_against_lines(lines))
    by_key = {row.pk: row for row in before}
    kept = {line.key for line in lines}
    RaciRow.objects.filter(
        pk__in=[row.pk for row in before if row.pk not in kept]
    ).delete()
    told = [line_of(row).told for row in before]
    for order, line in enumerate(lines, 1):
        write(by_key.get(line.key or 0, RaciRow(engagement=engagement)), line, order)
    tell(engagement, told, by=by, now=now)
    return rows_of(engagement)


def write(row: RaciRow, line: RaciLine, order: int) -> None:
    """Save a line as this row."""
    for part in PARTS:
        setattr(row, part, getattr(line, part))
    row.order = order
    row.save()


def tell(engagement: Engagement, before: list[str], *, by: User, now: datetime) -> None:
    """Write into the history what the table says now, where it differs."""
    after = [line_of(row).told for row in rows_of(engagement)]
    if before != after:
        record(
            "raci-changed",
            by=by,
            subject=engagement,
            engagement=engagement,
            changes={"raci": [before, after]},
            now=now,
        )


@transaction.atomic
def agree_raci(engagement: Engagement, *, by: User, now: datetime) -> None:
    """Note that both sides agreed on the table; raises RuleRefused with what lacks."""
    refuse(reasons_against_agreed_raci(rows_of(engagement)))
    record("raci-agreed", by=by, subject=engagement, engagement=engagement, now=now)
    completion = Completion(note=agreed_note())
    tick(engagement, PlanStep.RACI, completion, by=by, now=now)
