"""R-20: the sessions of a class move together, as one move that can be undone."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psdelivery.history.services import Changes
from psdelivery.people.models import User
from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.models import Anchor, Checklist, Move
from psdelivery.playbooks.rules.moves import MovePreview
from psdelivery.playbooks.services.moves import (
    AnchorChange,
    Change,
    Ending,
    ZoneChange,
    apply_moves,
    preview_moves,
)
from training.choices import LAB_WINDOW
from training.labs_queries import lab_situation
from training.models import Delivery, Session
from training.rules.times import SessionTimes
from training.services.checklists import (
    Facts,
    follow_last_day,
    name_checklists,
    start_session_checklist,
)
from training.services.lab_dates import (
    follow_extension,
    kept_steps,
    opening_of,
    settle_lab_steps,
)
from training.services.times import take_times
from training.services.trainer_bookings import Following, follow_class

KIND = "class"


@dataclass(frozen=True)
class SessionPlan:
    """The sessions of a class as they will be, those that stay with their times."""

    delivery: Delivery
    kept: Sequence[tuple[Session, SessionTimes]]
    added: SessionTimes | None = None
    removed: Session | None = None

    @property
    def times(self) -> list[SessionTimes]:
        """All sessions, in the order of their starts."""
        found = [times for _session, times in self.kept]
        found += [self.added] if self.added else []
        return sorted(found, key=lambda times: times.starts_at)

    @property
    def times_before(self) -> list[SessionTimes]:
        """The sessions as they are saved."""
        here = [session for session, _times in self.kept]
        return [times_of(one) for one in [*here, self.removed] if one is not None]

    @property
    def moved(self) -> list[tuple[Session, SessionTimes]]:
        """The sessions that get other times, in an order in which no two collide."""
        changed = [(s, t) for s, t in self.kept if times_of(s) != t]
        changed.sort(key=lambda pair: pair[0].starts_at)
        is_later = bool(changed) and changed[-1][1].starts_at > changed[-1][0].starts_at
        return changed[::-1] if is_later else changed


@dataclass(frozen=True, kw_only=True)
class Moving:
    """Who moves a class, why, and which steps are exempted."""

    by: User | None
    now: datetime
    reason: str = ""
    cause: str = MoveCause.OTHER
    exempt: Collection[int] = ()


def times_of(session: Session) -> SessionTimes:
    """Return the times of a saved session."""
    return SessionTimes(session.starts_at, session.ends_at, session.zone)


def preview_plan(
    plan: SessionPlan, *, exempt: Collection[int], now: datetime
) -> MovePreview:
    """R-20: return what the class's new dates take along; nothing is written."""
    exempt = {*exempt, *kept_steps(plan.delivery, plan.times, now=now)}
    return preview_moves(changes_of(plan), exempt=exempt, now=now)


def changes_of(plan: SessionPlan) -> list[Change]:
    """Return the dates and calendars that change with the sessions (one query)."""
    anchors = anchors_of(plan)
    changes: list[Change] = []
    for session, times in plan.moved:
        changes += session_changes(session, times, anchors)
    changes += class_changes(plan, anchors)
    if plan.removed is not None and plan.removed.checklist is not None:
        changes.append(Ending(plan.removed.checklist))
    return changes


def anchors_of(plan: SessionPlan) -> dict[tuple[int, str], Anchor]:
    """Return the anchors of the class and its sessions, by checklist and key."""
    lists = [plan.delivery.checklist_id]
    lists += [session.checklist_id for session, _times in plan.kept]
    found = Anchor.objects.filter(checklist__in=[pk for pk in lists if pk])
    return {(anchor.checklist_id, anchor.key): anchor for anchor in found}


def session_changes(
    session: Session, times: SessionTimes, anchors: Mapping[tuple[int, str], Anchor]
) -> list[Change]:
    """Return what changes on the short checklist of one session."""
    if session.checklist is None:
        return []
    new = {"session": times.starts_at, "session_end": times.ends_at}
    return on_checklist(session.checklist, new, times.zone, anchors)


def class_changes(
    plan: SessionPlan, anchors: Mapping[tuple[int, str], Anchor]
) -> list[Change]:
    """Return what changes on the checklist of the class: its first and last session."""
    checklist, times = plan.delivery.checklist, plan.times
    if checklist is None or not times:
        return []
    new = {
        "first_session": times[0].starts_at,
        "last_session": max(item.ends_at for item in times),
        LAB_WINDOW: opening_of(lab_situation(plan.delivery, times)),
    }
    return on_checklist(checklist, new, times[0].zone, anchors)


def on_checklist(
    checklist: Checklist,
    new: Mapping[str, datetime | None],
    zone: str,
    anchors: Mapping[tuple[int, str], Anchor],
) -> list[Change]:
    """Return the changes on one checklist, without those that change nothing.

    One that was made from an older playbook may lack a date.
    """
    changes: list[Change] = [
        AnchorChange(anchor, moment)
        for key, moment in new.items()
        if (anchor := anchors.get((checklist.pk, key))) and anchor.value != moment
    ]
    if checklist.zone != zone:
        changes.append(ZoneChange(checklist, zone))
    return changes


def carry_out_plan(
    plan: SessionPlan, verb: str, told: Changes, *, platform: str = "", moving: Moving
) -> tuple[Move, Session | None]:
    """Save the sessions and everything that hangs on them; one move, one event.

    The row of the class is locked by the caller. Returns the added session too.
    """
    payload, before = payload_of(plan), plan.times_before
    kept = kept_steps(plan.delivery, plan.times, now=moving.now)
    changes = changes_of(plan)
    for session, times in plan.moved:
        put_times(session, times)
    added = add(plan, platform, moving) if plan.added else None
    if plan.removed is not None:
        Session.objects.filter(pk=plan.removed.pk).delete()
    name_checklists(plan.delivery)
    follow_class(plan.delivery, following(moving))
    take_times(plan.delivery, now=moving.now)
    # Before the dates move, so that a step which comes or goes moves with the others.
    follow_extension(plan.delivery, before, plan.times, now=moving.now)
    checklist = plan.delivery.checklist
    assert checklist is not None, "a class that was planned has one"  # noqa: S101
    move = apply_moves(
        changes,
        checklist=checklist,
        exempt={*moving.exempt, *kept},
        by=moving.by,
        reason=moving.reason,
        cause=moving.cause,
        now=moving.now,
        kind=KIND,
        title=plan.delivery.title,
        payload=payload | {"added": added.pk if added else None},
        told=told,
        verb=verb,
    )
    follow_last_day(plan.delivery, now=moving.now)
    situation = lab_situation(plan.delivery)
    settle_lab_steps(situation, by=moving.by, now=moving.now)
    return move, added


def following(moving: Moving) -> Following:
    """Return why the trainer's booking follows the class."""
    return Following(
        by=moving.by, now=moving.now, reason=moving.reason, cause=moving.cause
    )


def payload_of(plan: SessionPlan) -> dict[str, Any]:
    """Return the sessions before and after, to put them back and to know them again."""
    before = [session for session, _times in plan.kept]
    before += [plan.removed] if plan.removed else []
    return {
        "delivery": plan.delivery.pk,
        "state": plan.delivery.state,
        "before": [told_of(session, times_of(session)) for session in before],
        "after": [told_of(session, times) for session, times in plan.kept],
    }


def told_of(session: Session, times: SessionTimes) -> dict[str, Any]:
    """Return a session as JSON holds it; with its links, should it come back."""
    return {
        "pk": session.pk,
        "starts_at": times.starts_at.isoformat(),
        "ends_at": times.ends_at.isoformat(),
        "zone": times.zone,
        "platform": session.platform,
        "checklist": session.checklist_id,
        "join_url": session.join_url,
        "registration_url": session.registration_url,
    }


def put_times(session: Session, times: SessionTimes) -> None:
    """Save the times of a session."""
    session.starts_at, session.ends_at = times.starts_at, times.ends_at
    session.zone = times.zone
    session.save(update_fields=["starts_at", "ends_at", "zone"])


def add(plan: SessionPlan, platform: str, moving: Moving) -> Session | None:
    """Save the session that is added."""
    times = plan.added
    if times is None:
        return None
    return create_session(
        plan.delivery, times, platform=platform, by=moving.by, now=moving.now
    )


def create_session(
    delivery: Delivery,
    times: SessionTimes,
    *,
    platform: str,
    facts: Facts | None = None,
    by: User | None,
    now: datetime,
) -> Session:
    """Save a session with its short checklist; `facts` are those of its class."""
    session = Session.objects.create(
        delivery=delivery,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        zone=times.zone,
        platform=platform,
    )
    session.checklist = start_session_checklist(session, facts=facts, by=by, now=now)
    session.save(update_fields=["checklist"])
    return session
