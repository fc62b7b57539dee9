"""What is shown of the meeting of a class: cards, tab, and the link of the trainer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import may
from psdelivery.access import Action
from psdelivery.outbox.invitations import attendees_of
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.step_links import StepLink, step_links
from training.choices import Place, StepKey
from training.class_tabs import ClassCard, ClassTab, register_card, register_tab
from training.models import Delivery, Session
from training.rules.classes import reasons_against_changing
from training.rules.meetings import (
    has_own_registrations,
    has_registration,
    limit_words,
    missing_for_meeting,
)
from training.services.invitations import (
    GUEST,
    TEAM,
    guest_of,
    standing_of,
)


@dataclass(frozen=True)
class Invited:
    """Who has calendar invitations to the sessions, and what may be done about it."""

    delivery: Delivery
    team: list[str]
    guests: list[str]
    contact: str
    may_invite: bool

    @property
    def is_contact_invited(self) -> bool:
        return self.contact in self.guests


def invited_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any]:
    """Return who is invited to the sessions of a class (one query)."""
    names: dict[str, list[str]] = {TEAM: [], GUEST: []}
    for (kind, _key), one in standing_of(delivery).items():
        names[kind] += [guest.name for guest in attendees_of(one)]
    contact = guest_of(delivery)
    may_write = may(request.user, Action.MAIL_SEND, delivery.engagement)
    invited = Invited(
        delivery=delivery,
        team=list(dict.fromkeys(names[TEAM])),
        guests=list(dict.fromkeys(names[GUEST])),
        contact=contact.name if contact else "",
        may_invite=may_write and not reasons_against_changing(delivery),
    )
    return {"invited": invited}


def meeting_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any] | None:
    """Return how the meeting stands, for the first page of the class (one query)."""
    if delivery.place != Place.REMOTE:
        return None
    sessions = [one for one in delivery.sessions.all() if one.held_on is None]
    return {
        "delivery": delivery,
        "may_edit": may(request.user, Action.WORK_EDIT, delivery.engagement),
        "missing": missing_for_meeting(delivery, sessions) if sessions else [],
        "limit_words": limit_words(delivery.registrant_limit, delivery.seats),
        "links_are_own": has_own_registrations(sessions),
        "has_links": has_registration(delivery, sessions),
    }


def join_links(step: Step, reader: User) -> Sequence[StepLink]:
    """Return the link by which the trainer joins, for the step that asks for it.

    A secret: for those alone who work on the class.
    """
    if step.key != StepKey.JOIN_LINK:
        return []
    sessions = Session.objects.select_related("delivery__engagement")
    session = sessions.filter(checklist=step.checklist_id).first()
    if session is None or not may(
        reader, Action.WORK_EDIT, session.delivery.engagement
    ):
        return []
    if not session.join_url:
        return [StepLink(_("No join link is entered yet: ask the coordinator."))]
    return [StepLink(_("Join as trainer"), session.join_url)]


def register_meeting() -> None:
    """Add tab and card of the meeting, and the link to the trainer's step."""
    register_tab(
        ClassTab(
            "training:delivery-meeting",
            gettext_lazy("Meeting"),
            30,
            lambda delivery: delivery.place == Place.REMOTE,
        )
    )
    register_card(ClassCard("meeting", "training/meeting/_card.html", 10, meeting_card))
    register_card(
        ClassCard("invitations", "training/meeting/_invitations.html", 15, invited_card)
    )
    step_links.register("join-link", join_links)
