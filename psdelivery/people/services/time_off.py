"""Entering, changing and deciding time off, each in one transaction.

The kind and the note stay out of the history: that somebody was ill is nobody's
business for ever.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import fields
from datetime import datetime

from django.utils.translation import gettext as _

from psdelivery.people.choices import TimeOffState
from psdelivery.people.events import Changes, TimeOffChanged
from psdelivery.people.models import TimeOff, User
from psdelivery.people.rules.time_off import (
    TimeOffDraft,
    reasons_against_changing_time_off,
    reasons_against_days,
    reasons_against_deciding,
    reasons_against_deputy,
    reasons_against_hours_away,
    reasons_against_overlap,
    state_after_change,
    state_on_entry,
)
from psdelivery.people.services.changes import one_transaction, publish_change
from psdelivery.registry import Reason, reactions, refuse

TOLD = ("starts_on", "ends_on", "hours_per_day", "deputy", "state")


def enter_time_off(
    person: User, draft: TimeOffDraft, *, by: User | None, now: datetime
) -> TimeOff:
    """Enter time off: a fact counts as approved at once, the rest is asked for."""
    with one_transaction():
        _refuse_draft(person, draft, None)
        time_off = TimeOff(
            person=person,
            state=state_on_entry(draft.kind),
            requested_at=now,
            requested_by=by,
            **_values(draft),
        )
        time_off.save(force_insert=True)
        changes = {name: (None, getattr(time_off, name)) for name in told_of(time_off)}
        _tell(time_off, "entered", {"person": (None, person), **changes}, by, now)
        return time_off


def told_of(time_off: TimeOff) -> Iterator[str]:
    """Return what the history tells of new time off; of whole days no hours."""
    empty = {"hours_per_day"} if time_off.is_whole_days else set()
    return (name for name in TOLD if name not in empty)


def edit_time_off(
    time_off: TimeOff, draft: TimeOffDraft, *, by: User | None, now: datetime
) -> TimeOff:
    """Change time off; days that nobody approved yet are asked for anew."""
    with one_transaction():
        stored = _locked(time_off)
        refuse(reasons_against_changing_time_off(stored))
        _refuse_draft(stored.person, draft, stored)
        before = copy(stored)
        for name, value in _values(draft).items():
            setattr(stored, name, value)
        stored.state = state_after_change(before, draft)
        if stored.state != before.state:
            stored.decided_by, stored.decided_at = None, None
        stored.save()
        changes = _changes(before, stored)
        if changes:
            _tell(stored, "edited", changes, by, now, before=before)
        return stored


def cancel_time_off(
    time_off: TimeOff, *, reason: str = "", by: User | None, now: datetime
) -> TimeOff:
    """Take time off back; the person is at work as if it had never been entered."""
    with one_transaction():
        stored = _locked(time_off)
        refuse(reasons_against_changing_time_off(stored))
        return _settle(stored, TimeOffState.CANCELLED, reason, by, None, now)


def approve_time_off(
    time_off: TimeOff,
    *,
    by: User,
    on_behalf_of: User | None = None,
    now: datetime,
) -> TimeOff:
    """Approve what was asked for; `on_behalf_of` is the manager who is away."""
    with one_transaction():
        stored = _locked(time_off)
        refuse(reasons_against_deciding(stored, by))
        return _settle(stored, TimeOffState.APPROVED, "", by, on_behalf_of, now)


def refuse_time_off(
    time_off: TimeOff,
    *,
    reason: str,
    by: User,
    on_behalf_of: User | None = None,
    now: datetime,
) -> TimeOff:
    """Refuse what was asked for, and say why; from then on it does not count."""
    with one_transaction():
        stored = _locked(time_off)
        refuse(reasons_against_deciding(stored, by))
        if not reason.strip():
            refuse([Reason("reason", _("Say why: the person reads it."))])
        return _settle(stored, TimeOffState.REFUSED, reason, by, on_behalf_of, now)


def _settle(
    time_off: TimeOff,
    state: TimeOffState,
    reason: str,
    by: User | None,
    on_behalf_of: User | None,
    now: datetime,
) -> TimeOff:
    changes = {"state": (time_off.state, state)}
    time_off.state, time_off.decision_reason = state, reason
    time_off.decided_by, time_off.decided_at = by, now
    time_off.save()
    _tell(
        time_off,
        state.value,
        changes,
        by,
        now,
        reason=reason,
        on_behalf_of=on_behalf_of,
    )
    return time_off


def _values(draft: TimeOffDraft) -> dict[str, object]:
    return {one.name: getattr(draft, one.name) for one in fields(draft)}


def _changes(before: TimeOff, after: TimeOff) -> Changes:
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in TOLD}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _locked(time_off: TimeOff) -> TimeOff:
    """Return the row as it is stored, with its person; both wait for other writers."""
    # The person first: whoever enters time off has no other row to wait for.
    person = User.objects.select_for_update(no_key=True).get(pk=time_off.person_id)
    rows = TimeOff.objects.select_for_update(of=("self",)).select_related("deputy")
    stored = rows.get(pk=time_off.pk)
    stored.person = person
    return stored


def _refuse_draft(person: User, draft: TimeOffDraft, stored: TimeOff | None) -> None:
    # Locked, so that two entries at once see each other.
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    others = TimeOff.objects.counting().filter(person=person)
    if stored is not None:
        others = others.exclude(pk=stored.pk)
    refuse(
        [
            *reasons_against_days(draft.starts_on, draft.ends_on),
            *reasons_against_hours_away(draft.hours_per_day),
            *reasons_against_deputy(person, draft.deputy),
            *reasons_against_overlap(draft, others),
        ]
    )


def _tell(
    time_off: TimeOff,
    change: str,
    changes: Changes,
    by: User | None,
    now: datetime,
    *,
    reason: str = "",
    before: TimeOff | None = None,
    on_behalf_of: User | None = None,
) -> None:
    publish_change(
        time_off,
        f"time-off-{change}",
        changes,
        by=by,
        now=now,
        reason=reason,
        on_behalf_of=on_behalf_of,
    )
    reactions.publish(
        TimeOffChanged(time_off=time_off, by=by, at=now, change=change, before=before)
    )
