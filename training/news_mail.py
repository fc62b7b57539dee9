"""New dates of a class by mail to single attendees (R-20), with a card that asks."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from engagements.access import may
from psdelivery.access import Action
from psdelivery.outbox.rules.templates import Facts
from psdelivery.outbox.templates import MailKind, register_mail
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import Reason
from training.attendee_topic import (
    ATTENDEE,
    ATTENDEE_NAME,
    reasons_of_who_stays_away,
    to_one_attendee,
)
from training.class_tabs import ClassCard, register_card
from training.mail_facts import delivery_facts
from training.mails import CLASS_PLACEHOLDERS, is_on, reasons_against_class_mail
from training.models import Attendee, Delivery
from training.services.news import MOVED_ATTENDEES, attendees_of_old_dates

TOLD = (
    "class_title",
    "course_title",
    "first_day",
    "sessions",
    "coordinator_name",
    "coordinator_email",
)


def facts_of_news(attendee: Attendee) -> Facts:
    """Return what one attendee is told of the new dates; the name is theirs."""
    facts = delivery_facts(attendee.delivery)
    told = {name: facts[name] for name in TOLD}
    return {**told, "attendee_name": attendee.name}


def reasons_against_news(attendee: Attendee, now: datetime) -> list[Reason]:
    """R-2: as for the class, and not to somebody who does not come any more."""
    against = reasons_against_class_mail(attendee.delivery, now)
    return [*against, *reasons_of_who_stays_away(attendee)]


def news_card(
    request: SignedInRequest, delivery: Delivery, now: datetime
) -> dict[str, Any] | None:
    """Return how many attendees know the old dates; None where nobody does."""
    if not may(request.user, Action.WORK_EDIT, delivery.engagement):
        return None
    people = attendees_of_old_dates(delivery)
    return {"delivery": delivery, "n": len(people)} if people else None


def register_news_mail() -> None:
    """Enter the mail and its card on the first page of a class."""
    register_mail(
        MailKind(
            key=MOVED_ATTENDEES,
            title=gettext_lazy("New dates of a class, to an attendee"),
            help=gettext_lazy("To one attendee of an imported roster alone."),
            topic=ATTENDEE,
            placeholders={
                **{name: CLASS_PLACEHOLDERS[name] for name in TOLD},
                **ATTENDEE_NAME,
            },
            facts=facts_of_news,
            addressing=to_one_attendee,
            is_offered=lambda attendee: is_on(attendee.delivery),
            against=reasons_against_news,
            closes_step=False,
            has_fixed_readers=True,
        )
    )
    register_card(ClassCard("news", "training/links/_news.html", 12, news_card))
