"""R-20: put the sessions of a class back where a move found them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from psdelivery.outbox.invitations import letters_about
from psdelivery.outbox.models import Message
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Move, Step
from psdelivery.playbooks.services.checklists import cancel_steps
from psdelivery.playbooks.services.moves import register_undo
from psdelivery.registry import Reason
from training.labs_queries import lab_situation, times_of_class
from training.models import Delivery, Session
from training.rules.times import SessionTimes
from training.services.checklists import follow_last_day, name_checklists
from training.services.lab_dates import follow_extension, settle_lab_steps
from training.services.moves import KIND, SessionPlan, put_times, told_of
from training.services.sessions import lock
from training.services.times import take_times
from training.services.trainer_bookings import Following, follow_class


def reasons_against_putting_back(move: Move, now: datetime) -> list[Reason]:
    """R-20: return a reason where the class was changed after the move.

    A session was held, added, removed or moved, or work was done for a new one.
    """
    delivery = Delivery.objects.get(pk=move.payload["delivery"])
    url = delivery.get_absolute_url()
    added = Session.objects.filter(pk=move.payload["added"])
    worked = Step.objects.filter(
        checklist__in=added.values("checklist"), state=StepState.DONE
    )
    if not worked.exists() and is_as_moved(delivery, move.payload):
        return []
    sentence = _("The class was changed since.")
    return [Reason("class-changed", sentence, url, _("Open the class"))]


def mails_about(move: Move) -> QuerySet[Message]:
    """R-20: return the mails about the class, and invitations to it and its sessions.

    Customers are told of a class in one thread (`training.mails`), always with its
    dates as they are.
    """
    delivery = Delivery(pk=move.payload["delivery"])
    told = [*move.payload["before"], *move.payload["after"]]
    keys = {one["pk"] for one in told} | {move.payload["added"]} - {None}
    meetings: list[Model] = [delivery, *(Session(pk=pk) for pk in keys)]
    letters = letters_about(meetings, since=move.at)
    of_class = Message.objects.filter(
        engagement=move.engagement_id, thread_key=delivery.customer_thread
    )
    return of_class | letters


def is_as_moved(delivery: Delivery, payload: Mapping[str, Any]) -> bool:
    """Tell whether the sessions still are as the move left them, and none was held."""
    sessions = delivery.sessions.exclude(pk=payload["added"])
    found = {session.pk: session for session in sessions}
    after = {told["pk"]: told for told in payload["after"]}
    return found.keys() == after.keys() and all(
        starts(found[pk], told) for pk, told in after.items()
    )


def starts(session: Session, told: Mapping[str, Any]) -> bool:
    """Tell whether a session has the times that were told."""
    return told_of(session, times_in(told)) == told_of(session, times_now(session))


def times_now(session: Session) -> SessionTimes:
    return SessionTimes(session.starts_at, session.ends_at, session.zone)


def times_in(told: Mapping[str, Any]) -> SessionTimes:
    """Return the times of a session that a move recorded."""
    return SessionTimes(
        datetime.fromisoformat(told["starts_at"]),
        datetime.fromisoformat(told["ends_at"]),
        told["zone"],
    )


def put_class_back(move: Move, *, by: User, now: datetime) -> None:
    """Give the class the sessions that it had before the move."""
    payload = move.payload
    delivery = lock(Delivery.objects.get(pk=payload["delivery"]))
    moved = times_of_class(delivery)
    if payload["added"]:
        take_out(payload["added"], now=now)
    here = {session.pk: session for session in delivery.sessions.all()}
    before = {told["pk"]: told for told in payload["before"]}
    kept = [(here[pk], times_in(told)) for pk, told in before.items() if pk in here]
    for session, times in SessionPlan(delivery, kept).moved:
        put_times(session, times)
    for pk, told in before.items():
        if pk not in here:
            bring_back(delivery, told)
    if delivery.state != payload["state"]:
        delivery.state = payload["state"]
        delivery.save(update_fields=["state"])
    name_checklists(delivery)
    reason = _("The move of the class was taken back.")
    follow_class(delivery, Following(by=by, now=now, reason=reason))
    take_times(delivery, now=now)
    follow_last_day(delivery, now=now)
    follow_extension(delivery, moved, times_of_class(delivery), now=now)
    settle_lab_steps(lab_situation(delivery), by=by, now=now)


def take_out(added: int, *, now: datetime) -> None:
    """Delete the session that the move added; its steps are cancelled."""
    for session in Session.objects.filter(pk=added):
        cancel_steps(Step.objects.filter(checklist=session.checklist_id), now=now)
        session.delete()


def bring_back(delivery: Delivery, told: Mapping[str, Any]) -> None:
    """Save the session again that the move took out, under the key that it had."""
    times = times_in(told)
    Session.objects.create(
        pk=told["pk"],
        delivery=delivery,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        zone=times.zone,
        platform=told["platform"],
        join_url=told.get("join_url", ""),
        registration_url=told.get("registration_url", ""),
        checklist_id=told["checklist"],
    )


def register_class_undo() -> None:
    """Let a class put itself back when its move is undone."""
    register_undo(
        KIND,
        put_class_back,
        against=reasons_against_putting_back,
        told=mails_about,
    )
