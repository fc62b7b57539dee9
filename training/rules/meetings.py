"""When the meeting of a class is set up, and what stands against it.

Pure: no database, no clock, no request.
"""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from psdelivery.people.moments import day_text
from psdelivery.registry import Reason
from scheduling.models import HostAccount
from training.choices import Place, Platform
from training.models import Delivery, Session
from training.rules.classes import day_of


def reasons_against_meeting(delivery: Delivery) -> list[Reason]:
    """Return the reason against a meeting: the class is held in a room."""
    if delivery.place == Place.REMOTE:
        return []
    sentence = _("This class is held on site: there is no meeting to set up.")
    url = f"{delivery.get_absolute_url()}edit/"
    return [Reason("on-site", sentence, url, _("Change the place"))]


def default_limit(seats: int, host: HostAccount | None) -> int:
    """Return how many may register: as many as seats, or what the account takes."""
    most = host.registrant_limit if host is not None else None
    return min(seats, most) if most else seats


def limit_words(limit: int | None, seats: int) -> str:
    """Say that fewer can register than there are seats; empty where all can."""
    if limit is None or limit >= seats:
        return ""
    sentence = _("Only %(limit)d can register, while the class has %(seats)d seats.")
    return sentence % {"limit": limit, "seats": seats}


def reasons_against_host(
    host: HostAccount | None, limit: int | None, platforms: Iterable[str]
) -> list[Reason]:
    """Return what the account cannot do: webinars, or so many registrants."""
    if host is None:
        return []
    reasons = []
    if Platform.WEBINAR in set(platforms) and not host.has_webinars:
        sentence = _("%(host)s holds no webinars: choose another, or a meeting.")
        reasons.append(Reason("no-webinars", sentence % {"host": host}))
    most = host.registrant_limit
    if most and limit and limit > most:
        sentence = _("%(host)s takes at most %(most)d registrants.")
        words = {"host": host, "most": most}
        reasons.append(Reason("registrants", sentence % words))
    return reasons


def has_own_registrations(sessions: Iterable[Session]) -> bool:
    """Tell whether people register for each session on its own."""
    return any(session.registration_url for session in sessions)


def has_registration(delivery: Delivery, sessions: Sequence[Session]) -> bool:
    """Tell whether there is all that people need to register with."""
    if not has_own_registrations(sessions):
        return bool(delivery.registration_url)
    return all(session.registration_url for session in sessions)


def missing_for_meeting(
    delivery: Delivery, sessions: Sequence[Session]
) -> list[Reason]:
    """Return what the meeting of a class lacks; nothing once it is set up."""
    reasons = missing_of_class(delivery)
    if not has_own_registrations(sessions) and not delivery.registration_url:
        reasons.append(Reason("registration", _("The registration link is missing.")))
    for session in sessions:
        reasons += missing_links(session, sessions)
    return reasons


def missing_of_class(delivery: Delivery) -> list[Reason]:
    """Return what is missing for all sessions alike."""
    reasons = []
    if delivery.host is None:
        reasons.append(Reason("host", _("No host account is chosen.")))
    if delivery.registrant_limit is None:
        sentence = _("It is not said how many may register.")
        reasons.append(Reason("limit", sentence))
    return reasons


def missing_links(session: Session, sessions: Iterable[Session]) -> list[Reason]:
    """Return which links a session lacks: to join, and to register on its own."""
    day = {"day": day_text(day_of(session))}
    reasons = []
    if not session.join_url:
        sentence = _("%(day)s: the join link of the trainer is missing.")
        reasons.append(Reason("join", sentence % day))
    if has_own_registrations(sessions) and not session.registration_url:
        sentence = _("%(day)s: the registration link of the session is missing.")
        reasons.append(Reason("registration", sentence % day))
    return reasons


def is_session_set_up(session: Session, sessions: Sequence[Session]) -> bool:
    """Tell whether the meeting of this one session exists, with all its links."""
    missing = missing_of_class(session.delivery) + missing_links(session, sessions)
    return not missing
