"""What the page of a class shows, put together from its parts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from engagements.access import may, rights_of
from engagements.moves import within_reach
from engagements.queries import gate_for
from engagements.rules.gate import Gate
from psdelivery.access import Action
from psdelivery.outbox.access import kinds_to_write
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import step_rows, undoable_move
from psdelivery.registry import Reason
from training.choices import DeliveryState, StepKey
from training.class_tabs import ASIDE, MAIN, TabLink, cards_of, tabs_of
from training.copies import chat_text, zoom_text
from training.mails import DELIVERY
from training.models import Delivery, Session
from training.queries import lateness_from, newest_by_key, steps_of_classes
from training.rules.classes import (
    LinkState,
    link_state,
    reasons_against_changing,
    reasons_against_changing_session,
    reasons_against_moving,
    reasons_against_promising_dates,
)
from training.rules.countdown import Mark, countdown
from training.rules.meetings import has_own_registrations, has_registration
from training.rules.times import SessionTimes, crosses_clock_change
from training.rules.trainers import TONES, standing_of, standing_words
from training.trainer_access import may_see_trainer
from training.trainer_queries import certification_of, last_day_in


@dataclass(frozen=True)
class StepList:
    """The steps of a checklist: what waits, and what is settled."""

    open: list[Step]
    settled: list[Step]


@dataclass(frozen=True)
class SessionCard:
    """A session, and what may be done with it."""

    session: Session
    crosses_clock_change: bool
    may_change: bool


def class_page(
    request: SignedInRequest, delivery: Delivery, *, now: datetime
) -> dict[str, Any]:
    """Return what the page of a class shows; the queries do not grow with it."""
    may_edit = may(request.user, Action.WORK_EDIT, delivery.engagement)
    late_from = lateness_from(delivery, now)
    gate = gate_for(delivery.engagement, now)
    sessions = sessions_with_class(delivery)
    steps = step_rows_of(request, delivery)
    own = [step for step in steps if step.checklist_id == delivery.checklist_id]
    by_key = newest_by_key(own)
    return {
        "delivery": delivery,
        "marks": marks_of(delivery, by_key, sessions, late_from),
        "link": link_of(delivery, sessions, by_key, late_from),
        "links_are_own": has_own_registrations(sessions),
        "link_step": by_key.get(StepKey.REGISTRATION_LINK),
        "phases": by_phase(steps),
        "session_cards": [session_card(session, may_edit) for session in sessions],
        "undoable": undoable_move([delivery.checklist_id], now),
        "may_undo": may_edit,
        "zoom_text": zoom_text(delivery, sessions),
        "chat_text": chat_text(delivery, sessions),
        "mail_kinds": kinds_to_write(request.user, DELIVERY, delivery),
        "gate": gate,
        "gate_reasons": gate_reasons(request.user, delivery, gate),
        "class_tabs": class_tabs(request, delivery),
        "trainer_standing": trainer_standing(request.user, delivery, sessions),
        "main_cards": cards_of(request, delivery, MAIN, now=now),
        "aside_cards": cards_of(request, delivery, ASIDE, now=now),
        **rights(delivery, sessions, may_edit=may_edit),
    }


@dataclass(frozen=True)
class TrainerStanding:
    """R-14: how the trainer stands to the course on the last day of the class."""

    words: str
    tone: str
    url: str


def trainer_standing(
    reader: User, delivery: Delivery, sessions: list[Session]
) -> TrainerStanding | None:
    """Return how the trainer stands, None without trainer; the link for who may see."""
    trainer = delivery.trainer
    if trainer is None or not sessions:
        return None
    times = [SessionTimes(one.starts_at, one.ends_at, one.zone) for one in sessions]
    entry, day = certification_of(trainer, delivery.course), last_day_in(times)
    url = ""
    if may_see_trainer(reader, trainer):
        page = "training:trainer-profile"
        url = entry.get_absolute_url() if entry else reverse(page, args=[trainer.pk])
    tone = TONES[standing_of(entry, day)]
    return TrainerStanding(standing_words(entry, day), tone, url)


def class_tabs(request: SignedInRequest, delivery: Delivery) -> list[TabLink]:
    """Return the tabs of the class for the page that is being read."""
    match = request.resolver_match
    current = match.view_name if match else ""
    return tabs_of(
        delivery, current, lambda action: may(request.user, action, delivery.engagement)
    )


def rights(
    delivery: Delivery, sessions: list[Session], *, may_edit: bool
) -> dict[str, bool]:
    """Return which buttons the page has: by role, and by the state of the class."""
    may_change = may_edit and not reasons_against_changing(delivery)
    is_on = delivery.state != DeliveryState.CANCELLED
    return {
        "may_change": may_change,
        "may_move": may_change and not reasons_against_moving(delivery, sessions),
        "may_enter_link": may_edit and is_on,
    }


def sessions_with_class(delivery: Delivery) -> list[Session]:
    """Return the sessions in the order of time, each knowing the class at hand."""
    # The parts of the page ask for them too.
    prefetch_related_objects([delivery], "sessions")
    sessions = list(delivery.sessions.all())
    for session in sessions:
        session.delivery = delivery
    return sessions


def step_rows_of(request: SignedInRequest, delivery: Delivery) -> list[Step]:
    """Return the steps of the class and its sessions as rows, without cancelled."""
    steps = steps_of_classes([delivery]).exclude(key=StepKey.CERTIFICATION_REVIEW)
    if delivery.state != DeliveryState.CANCELLED:
        steps = steps.exclude(state=StepState.CANCELLED)
    return list(step_rows(request.user, steps))


def step_list(steps: list[Step]) -> StepList:
    """Put the open steps in the order of their deadlines, the settled ones apart."""
    waiting = [step for step in steps if step.is_open]
    return StepList(
        sorted(waiting, key=lambda step: (step.due_at is None, step.due_at, step.pk)),
        [step for step in steps if not step.is_open],
    )


def by_phase(steps: list[Step]) -> list[tuple[str, StepList]]:
    """Group steps by the phase of the framework, in its order."""
    phases: dict[int, list[Step]] = {}
    for step in steps:
        phases.setdefault(step.phase, []).append(step)
    return [
        (found[0].get_phase_display(), step_list(found))
        for _phase, found in sorted(phases.items())
    ]


def session_card(session: Session, may_edit: bool) -> SessionCard:
    """Put together what is known of one session."""
    times = SessionTimes(session.starts_at, session.ends_at, session.zone)
    return SessionCard(
        session=session,
        crosses_clock_change=crosses_clock_change(times),
        may_change=may_edit and not reasons_against_changing_session(session),
    )


def marks_of(
    delivery: Delivery,
    by_key: dict[str, Step],
    sessions: list[Session],
    now: datetime,
) -> list[Mark]:
    """Return the countdown; a class called off has none."""
    if delivery.state == DeliveryState.CANCELLED:
        return []
    return countdown(by_key, sessions, now=now)


def link_of(
    delivery: Delivery,
    sessions: list[Session],
    by_key: dict[str, Step],
    now: datetime,
) -> LinkState:
    """Return where the registration link stands (R-11)."""
    step = by_key.get(StepKey.REGISTRATION_LINK)
    has_link = has_registration(delivery, sessions)
    return link_state(step, has_link=has_link, now=now)


def gate_reasons(reader: User, delivery: Delivery, gate: Gate) -> list[Reason]:
    """R-2: return why the dates of a planned class may not be promised yet."""
    if delivery.state != DeliveryState.PLANNED:
        return []
    reasons = reasons_against_promising_dates(gate)
    if not reasons:
        return []
    return within_reach(reasons, rights_of(reader, delivery.engagement))
