"""Add, move and remove the sessions of a class; the class's dates follow (R-20)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.services.checklists import (
    cancel_steps,
    move_checklist_zone,
    set_anchor,
)
from psdelivery.registry import Reason, RuleRefused
from training.choices import DeliveryState, Platform
from training.models import Delivery, Session
from training.rules.classes import (
    is_held,
    reasons_against_changing,
    reasons_against_changing_session,
)
from training.rules.times import (
    SessionTimes,
    reasons_against_overlap,
    reasons_against_times,
)
from training.services.checklists import (
    record_delivery,
    session_title,
    start_session_checklist,
)


def refuse(reasons: list[Reason]) -> None:
    """Raise RuleRefused where there are reasons."""
    if reasons:
        raise RuleRefused(reasons)


def refuse_times(times: list[SessionTimes]) -> None:
    """Raise RuleRefused with everything that is wrong with the sessions of a class."""
    reasons = [] if times else [Reason("sessions", _("A class has a session."))]
    for place, item in enumerate(times):
        reasons += reasons_against_times(item)
        reasons += reasons_against_overlap(item, times[:place])
    refuse(reasons)


def times_of(session: Session) -> SessionTimes:
    """Return the times of a saved session."""
    return SessionTimes(session.starts_at, session.ends_at, session.zone)


def lock(delivery: Delivery) -> Delivery:
    """Read the class anew and keep others from changing it meanwhile."""
    rows = Delivery.objects.select_for_update(of=("self",))
    return rows.select_related(
        "engagement__customer",
        "engagement__region",
        "engagement__practice__manager",
        "engagement__checklist",
        "checklist",
        "trainer",
    ).get(pk=delivery.pk)


def create_session(
    delivery: Delivery,
    times: SessionTimes,
    *,
    platform: str = Platform.WEBINAR,
    by: User | None,
    now: datetime,
) -> Session:
    """Save a session with its short checklist."""
    session = Session.objects.create(
        delivery=delivery,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        zone=times.zone,
        platform=platform,
    )
    session.checklist = start_session_checklist(session, by=by, now=now)
    session.save(update_fields=["checklist"])
    return session


@transaction.atomic
def add_session(
    delivery: Delivery,
    times: SessionTimes,
    *,
    platform: str = Platform.WEBINAR,
    by: User,
    now: datetime,
) -> Session:
    """Add a session to a class; the anchors follow. Raises RuleRefused."""
    delivery = lock(delivery)
    refuse(reasons_against_changing(delivery))
    refuse_times([*map(times_of, delivery.sessions.all()), times])
    session = create_session(delivery, times, platform=platform, by=by, now=now)
    changes = {"session": [None, times.starts_at]}
    record_delivery("session-added", delivery, changes, by=by, now=now)
    follow_sessions(delivery, by=by, reason=_("session added"), now=now)
    return session


@transaction.atomic
def change_session(
    session: Session,
    times: SessionTimes,
    *,
    platform: str = "",
    by: User,
    reason: str = "",
    now: datetime,
) -> Session:
    """Move one session; its steps and those of the class follow (R-20).

    Raises RuleRefused for a session that was held, or times that do not fit.
    """
    session.delivery = delivery = lock(session.delivery)
    refuse(reasons_against_changing_session(session))
    stored = times_of(Session.objects.get(pk=session.pk))
    others = delivery.sessions.exclude(pk=session.pk)
    refuse_times(sorted([*map(times_of, others), times], key=lambda t: t.starts_at))
    put_times(session, times, by=by, reason=reason, now=now)
    Session.objects.filter(pk=session.pk).update(platform=platform or session.platform)
    changes = {
        "start": [stored.starts_at, times.starts_at],
        "end": [stored.ends_at, times.ends_at],
    }
    record_delivery("session-changed", delivery, changes, by=by, reason=reason, now=now)
    follow_sessions(delivery, by=by, reason=reason, now=now)
    return session


def put_times(
    session: Session,
    times: SessionTimes,
    *,
    by: User | None,
    reason: str,
    now: datetime,
) -> None:
    """Save the times of a session and move the anchors of its own checklist."""
    session.starts_at, session.ends_at = times.starts_at, times.ends_at
    session.zone = times.zone
    session.save(update_fields=["starts_at", "ends_at", "zone"])
    checklist = session.checklist
    if checklist is None:
        return
    title = session_title(session)
    Checklist.objects.filter(pk=checklist.pk).update(title=title)
    move_checklist_zone(checklist, times.zone, now=now)
    set_anchor(checklist, "session", times.starts_at, by=by, reason=reason, now=now)
    set_anchor(checklist, "session_end", times.ends_at, by=by, reason=reason, now=now)


@transaction.atomic
def remove_session(session: Session, *, by: User, reason: str, now: datetime) -> None:
    """Take a session out of a class; its steps are cancelled, the anchors follow.

    Raises RuleRefused for the last session (a class without one is called off) and
    for one that was held.
    """
    session.delivery = delivery = lock(session.delivery)
    refuse(reasons_against_changing_session(session))
    if delivery.sessions.count() == 1:
        sentence = _("This is the only session: call the class off instead.")
        refuse([Reason("last-session", sentence, delivery.get_absolute_url())])
    cancel_steps(Step.objects.filter(checklist=session.checklist_id))
    changes = {"session": [session.starts_at, None]}
    record_delivery("session-removed", delivery, changes, by=by, reason=reason, now=now)
    session.delete()
    follow_sessions(delivery, by=by, reason=reason, now=now)
    settle_held(delivery, by=by, now=now)


def follow_sessions(
    delivery: Delivery, *, by: User | None, reason: str, now: datetime
) -> None:
    """Put the anchors of the class where its first and last session now are."""
    sessions = list(delivery.sessions.all())
    checklist = delivery.checklist
    if checklist is None or not sessions:
        return
    first = sessions[0].starts_at
    last_end = max(session.ends_at for session in sessions)
    move_checklist_zone(checklist, sessions[0].zone, now=now)
    set_anchor(checklist, "first_session", first, by=by, reason=reason, now=now)
    set_anchor(checklist, "last_session", last_end, by=by, reason=reason, now=now)


def settle_held(delivery: Delivery, *, by: User | None, now: datetime) -> None:
    """Let the state of the class follow its sessions: held once each of them was.

    A session whose "held" was taken back leaves the class confirmed.
    """
    held = is_held(delivery.sessions.all())
    if held and delivery.state != DeliveryState.HELD:
        put_state(delivery, DeliveryState.HELD, "delivery-held", by=by, now=now)
    elif not held and delivery.state == DeliveryState.HELD:
        put_state(
            delivery, DeliveryState.CONFIRMED, "delivery-not-held", by=by, now=now
        )


def put_state(
    delivery: Delivery,
    state: DeliveryState,
    verb: str,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Save a new state of the class and say so in the history."""
    changes = {"state": [delivery.get_state_display(), state.label]}
    delivery.state = state
    delivery.save(update_fields=["state"])
    record_delivery(verb, delivery, changes, by=by, reason=reason, now=now)
