"""Move requests from state to state: ball, response clock, step, history, news."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.history.queries import events_for_subject
from psdelivery.history.services import record
from psdelivery.history.verbs import words_for
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.registry import reactions, refuse
from scheduling.choices import RequestBall, RequestState
from scheduling.events import RequestMoved
from scheduling.models import ResourceRequest
from scheduling.rules.requests import (
    ball_in,
    reasons_against_handling,
    reasons_against_move,
    reasons_against_refusal,
    reasons_against_sending,
    reasons_against_version,
)
from scheduling.services.requests.news import (
    tell_coordinator,
    tell_of_end,
    tell_requester,
)
from scheduling.services.requests.turns import (
    Turn,
    close_turn,
    hand_turn,
    open_turn,
    today_of,
)

HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Next:
    """Where a request goes and what is said of it.

    `note` stands in the history and on the step that is closed; `due_at` is by when
    the requester decides, where the ball goes to them. With `passes` another move
    follows in the same transaction, and nobody gets a step for the moment between.
    """

    state: str
    note: str = ""
    due_at: datetime | None = None
    passes: bool = False


def lock_request(asked: ResourceRequest, version: int | None = None) -> ResourceRequest:
    """Return the request as it is stored, locked inside the caller's transaction.

    Raises RuleRefused, saying who did what, where it is no longer the `version` that
    was looked at.
    """
    rows = ResourceRequest.objects.select_for_update(of=("self",)).select_related(
        "engagement__customer",
        "engagement__region",
        "engagement__practice__manager",
        "engagement__checklist",
        "requested_by__region",
        "coordinator",
        "person",
        "step",
        "allocation__person",
    )
    stored = rows.get(pk=asked.pk)
    if version is not None and stored.version != version:
        refuse(reasons_against_version(stored, version, last_doing(stored)))
    return stored


def last_doing(asked: ResourceRequest) -> str:
    """Say who did what with the request last."""
    event = events_for_subject(asked).first()
    if event is None:
        return _("Somebody changed this request")
    actor = event.actor or _("The portal")
    return f"{actor} {words_for(event.verb)}"


def move_request(
    stored: ResourceRequest, to: Next, *, by: User | None, now: datetime
) -> ResourceRequest:
    """Move a locked request; raises RuleRefused for a move outside the table.

    The ball, the response clock and the step of who acts next follow the state.
    """
    refuse(reasons_against_move(stored, to.state))
    before = stored.state
    stored.state = to.state
    turn = pass_ball(stored, now)
    if turn is not None:
        close_turn(stored, to.note or stored.get_state_display(), by=by, now=now)
    if turn is not None and not to.passes:
        open_turn(stored, replace(turn, due_at=to.due_at), by=by, now=now)
    stored.version += 1
    stored.save()
    record(
        f"request-{to.state.replace('_', '-')}",
        by=by,
        subject=stored,
        engagement=stored.engagement,
        changes={"request_state": (before, stored.state)},
        reason=to.note,
        now=now,
    )
    reactions.publish(
        RequestMoved(asked=stored, before=before, by=by, reason=to.note, now=now)
    )
    return stored


def pass_ball(stored: ResourceRequest, now: datetime) -> Turn | None:
    """Let the ball follow the state; None where the same party keeps it.

    What coordination had it for is added up; the clock stood while it was away.
    """
    former, since = stored.ball_with, stored.ball_since
    stored.ball_with = ball_in(stored.state)
    if stored.ball_with == former and stored.step is not None:
        return None
    if stored.ball_with != former:
        stored.ball_since = now
    if former == RequestBall.COORDINATION:
        hours = Decimal((now - since) / HOUR)
        stored.coordination_hours += hours.quantize(Decimal("0.01"))
    return Turn(stopped_at=since)


def under_review(
    stored: ResourceRequest, *, by: User, now: datetime
) -> ResourceRequest:
    """Take what was just sent under review on the way to a decision."""
    if stored.state != RequestState.SUBMITTED:
        return stored
    stored.coordinator = by
    to = Next(state=RequestState.UNDER_REVIEW, passes=True)
    return move_request(stored, to, by=by, now=now)


def submit_request(
    asked: ResourceRequest, *, version: int | None = None, by: User, now: datetime
) -> ResourceRequest:
    """Send a draft to coordination; raises RuleRefused for what is not possible."""
    with one_transaction():
        stored = lock_request(asked, version)
        ranges = list(stored.ranges.values_list("starts_on", "ends_on"))
        today = today_of(stored, now)
        refuse(reasons_against_sending(stored, ranges, today))
        stored.submitted_at = now
        to = Next(state=RequestState.SUBMITTED)
        move_request(stored, to, by=by, now=now)
        tell_coordinator(stored, by=by, now=now)
        return stored


def take_under_review(
    asked: ResourceRequest, *, version: int | None = None, by: User, now: datetime
) -> ResourceRequest:
    """Say that a coordinator looks at it, so that no other begins too."""
    with one_transaction():
        stored = lock_request(asked, version)
        refuse(reasons_against_move(stored, RequestState.UNDER_REVIEW))
        stored.coordinator = by
        to = Next(state=RequestState.UNDER_REVIEW)
        move_request(stored, to, by=by, now=now)
        hand_turn(stored, by, now=now)
        return stored


def refuse_request(
    asked: ResourceRequest,
    reason: str,
    *,
    version: int | None = None,
    by: User,
    now: datetime,
) -> ResourceRequest:
    """Refuse a request with a reason, and tell who asked."""
    refuse(reasons_against_refusal(reason))
    to = Next(state=RequestState.REFUSED, note=reason)
    return decide(asked, to, version, by=by, now=now)


def answer_inquiry(
    asked: ResourceRequest,
    answer: str,
    *,
    version: int | None = None,
    by: User,
    now: datetime,
) -> ResourceRequest:
    """End a planning inquiry with an answer in words; nothing is booked."""
    refuse(reasons_against_refusal(answer))
    to = Next(state=RequestState.ANSWERED, note=answer)
    return decide(asked, to, version, by=by, now=now)


def decide(
    asked: ResourceRequest, to: Next, version: int | None, *, by: User, now: datetime
) -> ResourceRequest:
    """End a request as coordination decides, and tell who asked."""
    with one_transaction():
        stored = lock_request(asked, version)
        refuse(reasons_against_handling(stored, to.state))
        under_review(stored, by=by, now=now)
        decided(stored, to, by=by, now=now)
        tell_of_end(stored, by=by, now=now)
        return stored


def decided(
    stored: ResourceRequest, to: Next, *, by: User | None, now: datetime
) -> ResourceRequest:
    """Move a locked request to its end, with who decided it and why."""
    stored.decided_by, stored.decided_at, stored.reason = by, now, to.note
    return move_request(stored, to, by=by, now=now)


def withdraw_request(
    asked: ResourceRequest,
    reason: str = "",
    *,
    version: int | None = None,
    by: User | None,
    now: datetime,
) -> ResourceRequest:
    """Take a request back, until it is booked; what was offered is freed with it."""
    with one_transaction():
        stored = lock_request(asked, version)
        was_draft = stored.state == RequestState.DRAFT
        to = Next(state=RequestState.WITHDRAWN, note=reason)
        decided(stored, to, by=by, now=now)
        if not was_draft:
            tell_requester(
                stored,
                "withdrawn",
                _("Withdrawn: %(request)s"),
                (reason,),
                by=by,
                now=now,
            )
        return stored
