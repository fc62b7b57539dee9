"""Add, move and remove the sessions of a class; the class's dates follow (R-20)."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.services.gate import lock_engagement
from psdelivery.people.models import User
from psdelivery.playbooks.choices import MoveCause
from psdelivery.registry import Reason, refuse
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
from training.services.checklists import record_delivery
from training.services.moves import Moving, SessionPlan, carry_out_plan, times_of


def refuse_times(times: list[SessionTimes]) -> None:
    """Raise RuleRefused with everything that is wrong with the sessions of a class."""
    reasons = [] if times else [Reason("sessions", _("A class has a session."))]
    for place, item in enumerate(times):
        reasons += reasons_against_times(item)
        reasons += reasons_against_overlap(item, times[:place])
    refuse(reasons)


def lock(delivery: Delivery) -> Delivery:
    """Read the class anew and keep others from changing it meanwhile.

    Its engagement is locked first, as by whoever books for it.
    """
    lock_engagement(delivery.engagement)
    rows = Delivery.objects.select_for_update(of=("self",))
    return rows.select_related(
        "engagement__customer",
        "engagement__region",
        "engagement__practice__manager",
        "engagement__checklist",
        "checklist",
        "trainer",
        "alternative_host",
        "host",
    ).get(pk=delivery.pk)


def added_plan(delivery: Delivery, times: SessionTimes) -> SessionPlan:
    """Return the class with one session more. Raises RuleRefused."""
    refuse(reasons_against_changing(delivery))
    kept = [(session, times_of(session)) for session in sessions_of(delivery)]
    refuse_times([*(item for _session, item in kept), times])
    return SessionPlan(delivery, kept, added=times)


def changed_plan(session: Session, times: SessionTimes) -> SessionPlan:
    """Return the class with one session at other times.

    Raises RuleRefused for a session that was held, or times that do not fit.
    """
    refuse(reasons_against_changing_session(session))
    found = sessions_of(session.delivery)
    kept = [(s, times if s.pk == session.pk else times_of(s)) for s in found]
    plan = SessionPlan(session.delivery, kept)
    refuse_times(plan.times)
    return plan


def removed_plan(session: Session) -> SessionPlan:
    """Return the class without one of its sessions.

    Raises RuleRefused for the last session (a class without one is called off) and
    for one that was held.
    """
    delivery = session.delivery
    refuse(reasons_against_changing_session(session))
    found = sessions_of(delivery)
    kept = [(s, times_of(s)) for s in found if s.pk != session.pk]
    if not kept:
        sentence = _("This is the only session: call the class off instead.")
        refuse([Reason("last-session", sentence, delivery.get_absolute_url())])
    removed = next((s for s in found if s.pk == session.pk), None)
    return SessionPlan(delivery, kept, removed=removed)


def sessions_of(delivery: Delivery) -> list[Session]:
    """Return the sessions of a class with their checklists, in the order of time."""
    return list(delivery.sessions.select_related("checklist"))


@transaction.atomic
def add_session(
    delivery: Delivery,
    times: SessionTimes,
    *,
    platform: str = Platform.WEBINAR,
    by: User,
    exempt: Collection[int] = (),
    now: datetime,
) -> Session:
    """R-20: add a session to a class; its dates follow. Raises RuleRefused."""
    delivery = lock(delivery)
    moving = Moving(by=by, now=now, reason=_("session added"), exempt=exempt)
    _move, added = carry_out_plan(
        added_plan(delivery, times),
        "session-added",
        {"session": [None, times.starts_at]},
        platform=platform,
        moving=moving,
    )
    return cast(Session, added)


@transaction.atomic
def change_session(
    session: Session,
    times: SessionTimes,
    *,
    platform: str = "",
    by: User,
    reason: str = "",
    cause: str = MoveCause.OTHER,
    exempt: Collection[int] = (),
    now: datetime,
) -> Session:
    """R-20: move one session; its steps and those of the class follow.

    Raises RuleRefused for a session that was held, or times that do not fit.
    """
    session.delivery = delivery = lock(session.delivery)
    stored = times_of(Session.objects.get(pk=session.pk))
    plan = changed_plan(session, times)
    changes = {
        "start": [stored.starts_at, times.starts_at],
        "end": [stored.ends_at, times.ends_at],
    }
    verb = "session-changed"
    if plan.moved:
        moving = Moving(by=by, now=now, reason=reason, cause=cause, exempt=exempt)
        carry_out_plan(plan, verb, changes, moving=moving)
    else:
        record_delivery(verb, delivery, changes, by=by, reason=reason, now=now)
    Session.objects.filter(pk=session.pk).update(platform=platform or session.platform)
    session.refresh_from_db(fields=["starts_at", "ends_at", "zone", "platform"])
    return session


@transaction.atomic
def remove_session(
    session: Session,
    *,
    by: User,
    reason: str,
    cause: str = MoveCause.OTHER,
    exempt: Collection[int] = (),
    now: datetime,
) -> None:
    """R-20: take a session out of a class; its steps are cancelled, the dates follow.

    Raises RuleRefused as `removed_plan` does.
    """
    session.delivery = delivery = lock(session.delivery)
    changes = {"session": [session.starts_at, None]}
    moving = Moving(by=by, now=now, reason=reason, cause=cause, exempt=exempt)
    plan = removed_plan(session)
    carry_out_plan(plan, "session-removed", changes, moving=moving)
    settle_held(delivery, by=by, now=now)


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
