"""Change orders and work exceptions: asked for, decided, and only then in force."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from engagements.choices import CHANGE_ORDERS, ChangeState
from engagements.events import ChangeAsked
from engagements.models import Change, Engagement, Paper
from engagements.rules.changes import (
    reasons_against_approval,
    reasons_against_request,
)
from engagements.services.approvals import (
    News,
    Question,
    ask_manager,
    close_question,
    drop_question,
    tell,
)
from engagements.services.planned_dates import follow_planned_dates
from psdelivery.documents.services import save_evidence
from psdelivery.history.services import record
from psdelivery.people.models import User
from psdelivery.playbooks.choices import Phase
from psdelivery.registry import Reason, reactions, refuse


@transaction.atomic
def request_change(change: Change, *, by: User, now: datetime) -> Change:
    """Ask for a change order or work exception; a manager gets a step to decide it.

    Nothing planned changes before the approval (domain.md, section 1). Raises
    RuleRefused where it does not say what it changes.
    """
    refuse(reasons_against_request(change))
    change.state = ChangeState.REQUESTED
    change.requested_at, change.requested_by = now, by
    change.save()
    question = Question(
        title=_("Decide: %(change)s") % {"change": change},
        instructions=change.reason,
        url=change.get_absolute_url(),
        phase=Phase.DELIVER,
    )
    change.step = ask_manager(change.engagement, question, by=by, now=now)
    change.save(update_fields=["step"])
    record_change(change, "change-requested", by=by, reason=change.reason, now=now)
    reactions.publish(ChangeAsked(change=change, by=by, now=now))
    return change


@transaction.atomic
def add_evidence(
    change: Change, given: Mapping[str, Any], *, by: User, now: datetime
) -> Change:
    """Put the customer's signature or written yes on file, while it still waits."""
    change = lock(change)
    refuse(reasons_once_decided(change))
    change.evidence = save_evidence(
        given,
        title=str(change),
        engagement=change.engagement,
        by=by,
        now=now,
        money=change.value is not None,
    )
    change.save(update_fields=["evidence"])
    record_change(change, "change-evidence-added", by=by, now=now)
    return change


@transaction.atomic
def approve_change(change: Change, note: str, *, by: User, now: datetime) -> Change:
    """Let a change count: hours, value and end follow it now.

    Raises RuleRefused for one that was decided, and for a change order without the
    customer's word.
    """
    change = lock(change)
    refuse(reasons_against_approval(change))
    settle(change, ChangeState.APPROVED, note, by=by, now=now)
    if change.kind in CHANGE_ORDERS:
        put_in_force(change, by=by, now=now)
    return change


@transaction.atomic
def refuse_change(change: Change, note: str, *, by: User, now: datetime) -> Change:
    """Say no, and why. Raises RuleRefused without a reason, or once decided."""
    change = lock(change)
    reasons = reasons_once_decided(change)
    if not note.strip():
        reasons.append(Reason("reason-missing", _("Say why it is refused.")))
    refuse(reasons)
    return settle(change, ChangeState.REFUSED, note, by=by, now=now)


@transaction.atomic
def withdraw_change(change: Change, *, by: User, now: datetime) -> Change:
    """Take the request back while nobody has decided it. Raises RuleRefused."""
    change = lock(change)
    refuse(reasons_once_decided(change))
    drop_question(change.step, now=now)
    change.state, change.decided_at, change.decided_by = ChangeState.WITHDRAWN, now, by
    change.save(update_fields=["state", "decided_at", "decided_by"])
    record_change(change, "change-withdrawn", by=by, now=now)
    return change


def reasons_once_decided(change: Change) -> list[Reason]:
    """Return a reason where the change no longer waits for a decision."""
    return [
        reason
        for reason in reasons_against_approval(change)
        if reason.code == "decided"
    ]


def lock(change: Change) -> Change:
    """Read the change anew and keep others from deciding it meanwhile."""
    rows = Change.objects.select_for_update(of=("self",))
    related = rows.select_related("engagement__customer", "step", "requested_by")
    return related.get(pk=change.pk)


def settle(
    change: Change, state: ChangeState, note: str, *, by: User, now: datetime
) -> Change:
    """Save a decision, close its step, and tell who asked."""
    change.state, change.decision_note = state, note
    change.decided_at, change.decided_by = now, by
    change.save(update_fields=["state", "decision_note", "decided_at", "decided_by"])
    close_question(change.step, note or str(state.label), by=by, now=now)
    record_change(change, f"change-{state}", by=by, reason=note, now=now)
    if change.requested_by is not None:
        tell(news_of(change, state), [change.requested_by], by=by, now=now)
    return change


def news_of(change: Change, state: ChangeState) -> News:
    """Return the mail to who asked for the change; it names no money."""
    title = _("%(state)s: %(change)s") % {
        "state": str(state.label).capitalize(),
        "change": change,
    }
    return News(
        subject=change,
        event=str(state),
        engagement=change.engagement,
        title=title,
        lines=(title, change.decision_note),
        url=change.get_absolute_url(),
        why=_("You asked for it."),
    )


def put_in_force(change: Change, *, by: User, now: datetime) -> None:
    """Change what was sold: hours and value of the paper, the planned end."""
    engagement = Engagement.objects.select_for_update(of=("self",)).get(
        pk=change.engagement_id
    )
    paper = Paper.objects.select_for_update(of=("self",)).get(engagement=engagement)
    add_to(paper, "hours", change.hours)
    add_to(paper, "value", change.value)
    paper.save(update_fields=["hours", "value"])
    if change.new_end is not None:
        engagement.planned_end = change.new_end
        engagement.save(update_fields=["planned_end"])
        follow_planned_dates(engagement, by=by, now=now)


def add_to(paper: Paper, name: str, more: Decimal | None) -> None:
    """Add to a number of the paper; one that was not known starts at nothing."""
    if more:
        setattr(paper, name, (getattr(paper, name) or Decimal()) + more)


def allowed_hours(engagement: Engagement) -> Decimal | None:
    """Return the hours that may be worked: the paper's and those of exceptions.

    None where the paper names no hours.
    """
    hours = engagement.paper.hours
    if hours is None:
        return None
    approved = engagement.changes.filter(state=ChangeState.APPROVED)
    more = approved.exclude(kind__in=CHANGE_ORDERS).aggregate(sum=Sum("hours"))["sum"]
    return hours + (more or Decimal())


def record_change(
    change: Change,
    verb: str,
    *,
    by: User,
    reason: str = "",
    now: datetime,
) -> None:
    """Write the change into the history, its value apart for who may see it."""
    told: dict[str, list[object]] = {
        "hours": [None, change.hours],
        "planned_end": [None, change.new_end],
    }
    write = recorder(change, verb, by=by, reason=reason, now=now)
    write({name: pair for name, pair in told.items() if pair[1]}, False)
    if change.value is not None:
        write({"value": [None, change.value]}, True)


def recorder(
    change: Change, verb: str, *, by: User, reason: str, now: datetime
) -> Callable[[dict[str, list[object]], bool], None]:
    """Return what writes one event about the change."""

    def write(changes: dict[str, list[object]], money: bool) -> None:
        record(
            verb,
            by=by,
            subject=change,
            engagement=change.engagement,
            changes=changes,
            reason=reason,
            money=money,
            now=now,
        )

    return write
