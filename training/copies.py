"""Texts about a class that are needed in other programs: to copy, with its zone."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from training.mail_facts import session_line
from training.models import Delivery, Session


def zoom_text(delivery: Delivery, sessions: Sequence[Session]) -> str:
    """Return what the meeting or webinar of a class is set up with."""
    opener = delivery.alternative_host or delivery.trainer
    lines = [
        f"{delivery.title} · {delivery.engagement.customer}",
        *map(session_line, sessions),
        _("Alternative host: %(person)s") % {"person": opener} if opener else "",
        _("Registrants: at most %(most)s")
        % {"most": delivery.registrant_limit or delivery.seats},
    ]
    return "\n".join(line for line in lines if line)


def chat_text(delivery: Delivery, sessions: Sequence[Session]) -> str:
    """Return the reminder of a class for a chat; no link and no code stands in it."""
    lines = [
        _("Coming up: %(class)s for %(customer)s")
        % {"class": delivery.title, "customer": delivery.engagement.customer},
        *[f"- {session_line(session)}" for session in sessions],
        _("Trainer: %(trainer)s") % {"trainer": delivery.trainer}
        if delivery.trainer
        else "",
        _("Language: %(language)s, seats: %(seats)s")
        % {"language": delivery.language, "seats": delivery.seats},
    ]
    return "\n".join(line for line in lines if line)
