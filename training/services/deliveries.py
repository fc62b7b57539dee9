"""Plan, change and move classes; their checklists follow the session dates."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.owners import owners_of
from psdelivery.history.services import record
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.owners import Owners
from psdelivery.playbooks.services.checklists import (
    ChecklistDraft,
    cancel_steps,
    change_owners,
    move_checklist_zone,
    set_anchor,
    start_checklist,
)
from psdelivery.registry import Reason, RuleRefused
from training.choices import DeliveryState, Place
from training.models import Delivery, Session
from training.rules import (
    SessionTimes,
    moved_times,
    reasons_against_overlap,
    reasons_against_times,
)


def delivery_owners(delivery: Delivery) -> Owners:
    """Return the engagement's owners, with the class's own trainer before theirs."""
    owners = owners_of(delivery.engagement)
    if delivery.trainer is None:
        return owners
    by_role = {**owners.by_role, EngagementRole.TRAINER: delivery.trainer}
    return Owners(owners.pool, by_role, owners.coordinator, owners.manager)


def delivery_facts(delivery: Delivery) -> dict[str, object]:
    """Return the facts that decide which conditional steps a class has."""
    return {
        "kind": delivery.engagement.kind,
        "labs": delivery.with_labs,
        "certification": delivery.with_certification,
        "remote": delivery.place == Place.REMOTE,
    }


@transaction.atomic
def plan_delivery(
    delivery: Delivery, times: Iterable[SessionTimes], *, by: User | None, now: datetime
) -> Delivery:
    """Enter a class with its sessions; one checklist for it, a short one for each.

    domain.md, section 5. Raises RuleRefused when there is no session, or its times
    are out of order or overlap.
    """
    ordered = sorted(times, key=lambda item: item.starts_at)
    refuse_times(ordered)
    delivery.created_at = now
    delivery.save()
    delivery.checklist = start_delivery_checklist(delivery, ordered, by=by, now=now)
    delivery.save(update_fields=["checklist"])
    for item in ordered:
        create_session(delivery, item, by=by, now=now)
    record_delivery("delivery-planned", delivery, ordered, by=by, now=now)
    return delivery


def refuse_times(times: list[SessionTimes]) -> None:
    """Raise RuleRefused with everything that is wrong with the sessions of a class."""
    reasons = [] if times else [Reason("sessions", _("A class has a session."))]
    for place, item in enumerate(times):
        reasons += reasons_against_times(item)
        reasons += reasons_against_overlap(item, times[:place])
    if reasons:
        raise RuleRefused(reasons)


def start_delivery_checklist(
    delivery: Delivery, times: list[SessionTimes], *, by: User | None, now: datetime
) -> Checklist:
    """Make the checklist of the class on the calendar of its first session."""
    customer = delivery.engagement.customer
    return start_checklist(
        ChecklistDraft(
            playbook_key="delivery",
            title=delivery.title,
            owners=delivery_owners(delivery),
            zone=times[0].zone,
            country=customer.country,
            subdivision=customer.subdivision,
            engagement_id=delivery.engagement_id,
            customer=customer,
            parent=delivery.engagement.checklist,
            subject_url=delivery.get_absolute_url(),
            facts=delivery_facts(delivery),
            anchors={
                "first_session": times[0].starts_at,
                "last_session": times[-1].ends_at,
                "planning_meeting": None,
            },
        ),
        by=by,
        now=now,
    )


def create_session(
    delivery: Delivery, times: SessionTimes, *, by: User | None, now: datetime
) -> Session:
    """Save a session with its short checklist."""
    session = Session.objects.create(
        delivery=delivery,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        zone=times.zone,
    )
    customer = delivery.engagement.customer
    session.checklist = start_checklist(
        ChecklistDraft(
            playbook_key="session",
            title=f"{delivery.title} · {times.starts_at:%Y-%m-%d}",
            owners=delivery_owners(delivery),
            zone=times.zone,
            country=customer.country,
            subdivision=customer.subdivision,
            engagement_id=delivery.engagement_id,
            customer=customer,
            parent=delivery.checklist,
            subject_url=delivery.get_absolute_url(),
            facts=delivery_facts(delivery),
            anchors={"session": times.starts_at, "session_end": times.ends_at},
        ),
        by=by,
        now=now,
    )
    session.save(update_fields=["checklist"])
    return session


def record_delivery(
    verb: str,
    delivery: Delivery,
    times: list[SessionTimes],
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write what happened to a class, with its session starts, into the history."""
    starts = ", ".join(item.starts_at.isoformat() for item in times)
    record(
        verb,
        by=by,
        subject=delivery,
        engagement=delivery.engagement,
        changes={"sessions": ["", starts]},
        reason=reason,
        now=now,
    )


def times_of(session: Session) -> SessionTimes:
    """Return the times of a saved session."""
    return SessionTimes(session.starts_at, session.ends_at, session.zone)


@transaction.atomic
def add_session(
    delivery: Delivery, times: SessionTimes, *, by: User, now: datetime
) -> Session:
    """Add a session to a class; the anchors follow. Raises RuleRefused."""
    sessions = list(delivery.sessions.all())
    refuse_times([*map(times_of, sessions), times])
    session = create_session(delivery, times, by=by, now=now)
    follow_sessions(delivery, by=by, reason=_("session added"), now=now)
    return session


@transaction.atomic
def change_session(
    session: Session, times: SessionTimes, *, by: User, reason: str = "", now: datetime
) -> Session:
    """Move one session; its steps and those of the class follow (R-20)."""
    others = session.delivery.sessions.exclude(pk=session.pk)
    refuse_times(sorted([*map(times_of, others), times], key=lambda t: t.starts_at))
    put_times(session, times, by=by, reason=reason, now=now)
    follow_sessions(session.delivery, by=by, reason=reason, now=now)
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
    move_checklist_zone(checklist, times.zone, now=now)
    set_anchor(checklist, "session", times.starts_at, by=by, reason=reason, now=now)
    set_anchor(checklist, "session_end", times.ends_at, by=by, reason=reason, now=now)


@transaction.atomic
def remove_session(session: Session, *, by: User, reason: str, now: datetime) -> None:
    """Take a session out of a class; its steps are cancelled, the anchors follow.

    Raises RuleRefused for the last session: a class without one is cancelled.
    """
    delivery = session.delivery
    if delivery.sessions.count() == 1:
        sentence = _("This is the only session: cancel the class instead.")
        raise RuleRefused([Reason("last-session", sentence)])
    cancel_steps(Step.objects.filter(checklist=session.checklist_id))
    record_delivery(
        "session-removed", delivery, [times_of(session)], by=by, reason=reason, now=now
    )
    session.delete()
    follow_sessions(delivery, by=by, reason=reason, now=now)


def follow_sessions(
    delivery: Delivery, *, by: User | None, reason: str, now: datetime
) -> None:
    """Put the anchors of the class where its first and last session now are."""
    sessions = list(delivery.sessions.all())
    checklist = delivery.checklist
    if checklist is None or not sessions:
        return
    last_end = max(session.ends_at for session in sessions)
    move_checklist_zone(checklist, sessions[0].zone, now=now)
    set_anchor(
        checklist,
        "first_session",
        sessions[0].starts_at,
        by=by,
        reason=reason,
        now=now,
    )
    set_anchor(checklist, "last_session", last_end, by=by, reason=reason, now=now)


@transaction.atomic
def move_delivery(
    delivery: Delivery, days: int, *, by: User, reason: str, now: datetime
) -> Delivery:
    """Move the whole class by so many days at the same local hours (R-20)."""
    sessions = list(delivery.sessions.all())
    moved = [moved_times(times_of(session), days) for session in sessions]
    # A later class is moved last session first, so that no two starts collide.
    pairs = list(zip(sessions, moved, strict=True))
    for session, times in reversed(pairs) if days > 0 else pairs:
        put_times(session, times, by=by, reason=reason, now=now)
    follow_sessions(delivery, by=by, reason=reason, now=now)
    record_delivery("delivery-moved", delivery, moved, by=by, reason=reason, now=now)
    return delivery


@transaction.atomic
def change_trainer(
    delivery: Delivery, trainer: User | None, *, by: User, now: datetime
) -> Delivery:
    """Name another trainer; the trainer's open steps of the class follow."""
    old = delivery.trainer
    delivery.trainer = trainer
    delivery.save(update_fields=["trainer"])
    follow_owners(delivery, by=by, now=now)
    record(
        "trainer-changed",
        by=by,
        subject=delivery,
        engagement=delivery.engagement,
        changes={"trainer": [old, trainer]},
        now=now,
    )
    return delivery


def follow_owners(delivery: Delivery, *, by: User | None, now: datetime) -> None:
    """Give the open steps of a class and its parts to the present holders."""
    owners = delivery_owners(delivery)
    for checklist in checklists_of(delivery):
        change_owners(checklist, owners, by=by, now=now)


def checklists_of(delivery: Delivery) -> list[Checklist]:
    """Return the checklist of the class, its sessions and its submissions."""
    if delivery.checklist_id is None:
        return []
    children = Checklist.objects.filter(parent=delivery.checklist_id)
    own = Checklist.objects.filter(pk=delivery.checklist_id)
    return list(own | children)


@transaction.atomic
def cancel_delivery(
    delivery: Delivery, *, by: User, reason: str, now: datetime
) -> Delivery:
    """Call the class off; its open steps are cancelled. Raises RuleRefused."""
    if not reason.strip():
        raise RuleRefused([Reason("reason-missing", _("Say why it is called off."))])
    delivery.state = DeliveryState.CANCELLED
    delivery.save(update_fields=["state"])
    lists = [checklist.pk for checklist in checklists_of(delivery)]
    cancel_steps(Step.objects.filter(checklist__in=lists))
    record_delivery("delivery-cancelled", delivery, [], by=by, reason=reason, now=now)
    return delivery


def deliveries_of(engagement: Engagement) -> list[Delivery]:
    """Return the classes of an engagement that are not called off."""
    return list(
        Delivery.objects.filter(engagement=engagement)
        .exclude(state=DeliveryState.CANCELLED)
        .select_related("checklist", "trainer", "engagement__practice__manager")
        .select_related("engagement__customer", "engagement__region")
    )
