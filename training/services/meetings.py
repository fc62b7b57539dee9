"""Set up the meeting of a class: host, links and limit, and what it is held as."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.services.evidence_steps import tick_if_ready
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import refuse
from scheduling.models import HostAccount
from training.choices import StepKey
from training.models import Delivery, Session
from training.rules.classes import reasons_against_changing
from training.rules.meetings import (
    is_session_set_up,
    missing_for_meeting,
    reasons_against_host,
    reasons_against_meeting,
)
from training.services.checklists import record_delivery
from training.services.deliveries import edit_delivery, enter_registration_link
from training.services.invitations import follow_invitations
from training.services.sessions import lock


@dataclass(frozen=True)
class SessionMeeting:
    """How one session is held; both links are secrets."""

    platform: str
    join_url: str = ""
    registration_url: str = ""


@dataclass(frozen=True, kw_only=True)
class MeetingSetup:
    """The meeting of a class; `sessions` by their keys.

    Without an alternative host the trainer is it.
    """

    host: HostAccount | None
    alternative_host: User | None
    registrant_limit: int | None
    registration_url: str
    sessions: Mapping[int, SessionMeeting]


@transaction.atomic
def set_up_meeting(
    delivery: Delivery, setup: MeetingSetup, *, by: User, now: datetime
) -> Delivery:
    """Save the meeting of a class; what is whole ticks its steps.

    R-22: raises RuleRefused where host or alternative host is taken at that time, and
    where the account cannot do it. The history hears of links only that they changed.
    """
    delivery = lock(delivery)
    platforms = {one.platform for one in setup.sessions.values()}
    refuse(reasons_against_changing(delivery))
    refuse(reasons_against_meeting(delivery))
    refuse(reasons_against_host(setup.host, setup.registrant_limit, platforms))
    values = {
        "host": setup.host,
        "alternative_host": setup.alternative_host,
        "registrant_limit": setup.registrant_limit,
    }
    delivery = edit_delivery(delivery, values, by=by, now=now)
    enter_registration_link(delivery, setup.registration_url, by=by, now=now)
    delivery.registration_url = setup.registration_url
    sessions = sessions_to_come(delivery)
    put_sessions(delivery, sessions, setup.sessions, by=by, now=now)
    tick_meeting(delivery, sessions, by=by, now=now)
    follow_invitations(delivery, by=by, now=now)
    return delivery


def sessions_to_come(delivery: Delivery) -> list[Session]:
    """Return the sessions that were not held, each knowing the class at hand."""
    sessions = list(delivery.sessions.filter(held_on__isnull=True))
    for session in sessions:
        session.delivery = delivery
    return sessions


def put_platform(
    delivery: Delivery,
    sessions: Collection[Session],
    platform: str,
    *,
    by: User,
    now: datetime,
) -> None:
    """Let these sessions be held as a meeting, or as a webinar (one event).

    Inside the caller's transaction; a session that was held stays as it was.
    """
    wanted = {
        one.pk: SessionMeeting(platform, one.join_url, one.registration_url)
        for one in sessions
        if one.held_on is None
    }
    open_ones = [one for one in sessions if one.pk in wanted]
    put_sessions(delivery, open_ones, wanted, by=by, now=now)


def put_sessions(
    delivery: Delivery,
    sessions: Sequence[Session],
    wanted: Mapping[int, SessionMeeting],
    *,
    by: User,
    now: datetime,
) -> None:
    """Save platform and links of the sessions; one event without the links."""
    changes: dict[str, list[object]] = {}
    changed = []
    for session in sessions:
        meeting = wanted.get(session.pk, meeting_of(session))
        if meeting == meeting_of(session):
            continue
        if meeting.platform != session.platform:
            old = session.get_platform_display()
            session.platform = meeting.platform
            changes["platform"] = [old, session.get_platform_display()]
        if links_of(meeting) != links_of(meeting_of(session)):
            changes["links"] = [None, _("changed")]
            session.join_url, session.registration_url = links_of(meeting)
        changed.append(session)
    if changed:
        fields = ["platform", "join_url", "registration_url"]
        Session.objects.bulk_update(changed, fields)
        record_delivery("meeting-changed", delivery, changes, by=by, now=now)


def meeting_of(session: Session) -> SessionMeeting:
    """Return how a session is held now."""
    return SessionMeeting(session.platform, session.join_url, session.registration_url)


def links_of(meeting: SessionMeeting) -> tuple[str, str]:
    """Return both links of a session."""
    return meeting.join_url, meeting.registration_url


def tick_meeting(
    delivery: Delivery, sessions: Sequence[Session], *, by: User, now: datetime
) -> None:
    """Tick "set up" once nothing is missing, and of each session that it exists.

    After a move these steps come back: whoever saves again has moved the meeting too.
    """
    done = [one.checklist_id for one in sessions if is_session_set_up(one, sessions)]
    waiting = Step.objects.open().filter(checklist__in=done, key=StepKey.MEETING_EXISTS)
    steps = list(waiting)
    if sessions and not missing_for_meeting(delivery, sessions):
        own = Step.objects.open().filter(checklist=delivery.checklist_id)
        steps += own.filter(key=StepKey.MEETING_SET_UP)
    for step in steps:
        tick_if_ready(step, Completion(), by=by, now=now)
