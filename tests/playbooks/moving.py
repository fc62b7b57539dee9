"""A checklist whose dates are moved, and what to look at before and after."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from psdelivery.playbooks.choices import AfterMove, MoveCause
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.moves import (
    AnchorChange,
    apply_moves,
    preview_moves,
)
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.playbooks import PlaybookFactory, PlaybookStepFactory, start

NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
KICKOFF = date(2027, 4, 12)
LATER = date(2027, 5, 12)
MONTH = timedelta(days=30)


def checklist_with(*keys, again=(), now=NOW, **draft):
    """A checklist of steps three days after the kickoff; `again` are told again."""
    playbook = PlaybookFactory()
    for key in keys:
        after = AfterMove.TELL_AGAIN if key in again else AfterMove.KEEP
        PlaybookStepFactory(playbook=playbook, key=key, after_move=after)
    draft.setdefault("anchors", {"kickoff": KICKOFF})
    return start(playbook, now=now, **draft)


def tick(checklist, *keys, now=NOW):
    for key in keys:
        complete_step(checklist.steps.get(key=key), Completion(), by=None, now=now)


def to(checklist, day, key="kickoff"):
    return [AnchorChange(checklist.anchors.get(key=key), day)]


def preview(checklist, day=LATER, *, now=NOW, **given):
    return preview_moves(to(checklist, day), now=now, **given)


def move(checklist, day=LATER, *, by=None, now=NOW, **given):
    given = {"reason": "They asked", "cause": MoveCause.CUSTOMER} | given
    return apply_moves(to(checklist, day), checklist=checklist, by=by, now=now, **given)


def pin(step):
    Step.objects.filter(pk=step.pk).update(pinned=True)


def everything(steps=None):
    """Every field of every step, and of the anchors, to compare later."""
    found = Step.objects.order_by("pk") if steps is None else steps
    return {step.pk: fields_of(step) for step in found}


def fields_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields}


def by_kind(shown):
    """The keys of the steps on a preview, by what becomes of them."""
    found = {}
    for line in shown.lines:
        found.setdefault(str(line.kind), []).append(line.step.key)
    return {kind: sorted(keys) for kind, keys in found.items()}


def queries_of(function):
    """How many statements a call takes, without savepoints."""
    with CaptureQueriesContext(connection) as captured:
        function()
    told = [query["sql"] for query in captured]
    return len([sql for sql in told if "SAVEPOINT" not in sql])
