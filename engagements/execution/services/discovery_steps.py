"""The steps of discovery sessions: ticked by what happens, and owned by the team."""

from datetime import datetime

from engagements.execution.discovery import session_of_checklist, step_of
from engagements.execution.models import DiscoverySession
from engagements.execution.rules.discovery import CONFIRMED, READ_BACK, SENT
from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.services.evidence_steps import tick_if_ready
from psdelivery.people.models import User
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import change_owners


def tick(
    session: DiscoverySession,
    key: str,
    completion: Completion,
    *,
    by: User | None,
    now: datetime,
) -> None:
    """Tick the session's step of that key, if it is open and waits for nothing."""
    tick_if_ready(step_of(session, key), completion, by=by, now=now)


def note_tick(step: Step, *, by: User | None, now: datetime) -> None:
    """Keep what a tick by hand says: one entry serves both."""
    session = session_of_checklist(step.checklist_id)
    if session is None:
        return
    if step.key == SENT and session.questions_sent_at is None:
        session.questions_sent_at = now
        session.save(update_fields=["questions_sent_at"])
    if step.key == READ_BACK and session.read_back_at is None:
        session.read_back_at, session.read_back_by = now, by
        session.save(update_fields=["read_back_at", "read_back_by"])
    if step.key == CONFIRMED and session.confirmed_at is None:
        session.confirmed_at, session.confirmation = now, step.note
        session.save(update_fields=["confirmed_at", "confirmation"])


def note_reopened(step: Step) -> None:
    """Follow an untick: the mail came back, or nobody read anything back."""
    session = session_of_checklist(step.checklist_id)
    if session is None:
        return
    if step.key == SENT:
        session.questions_sent_at = None
        session.save(update_fields=["questions_sent_at"])
    if step.key == READ_BACK:
        session.read_back_at, session.read_back_by = None, None
        session.save(update_fields=["read_back_at", "read_back_by"])
    if step.key == CONFIRMED:
        session.confirmed_at, session.confirmed_by = None, None
        session.confirmation = ""
        session.save(update_fields=["confirmed_at", "confirmed_by", "confirmation"])


def note_sent(session: DiscoverySession, sent_at: datetime | None) -> None:
    """Note when the questions went to the customer; None where they came back."""
    DiscoverySession.objects.filter(pk=session.pk).update(questions_sent_at=sent_at)


def follow_owners(engagement: Engagement, *, by: User | None, now: datetime) -> None:
    """Give the open steps of all sessions to the present holders of their roles."""
    checklists = Checklist.objects.filter(
        discovery_session_owner__engagement=engagement
    )
    for checklist in checklists:
        change_owners(checklist, owners_of(engagement), by=by, now=now)
