"""R-12: the mail that brings code and steps of the labs to the main contact."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from psdelivery import clock
from psdelivery.outbox.rules.templates import Facts, Placeholder
from psdelivery.outbox.templates import MailKind, register_mail
from psdelivery.registry import Reason
from training.attendee_topic import (
    ATTENDEE,
    ATTENDEE_NAME,
    reasons_of_who_stays_away,
    to_one_attendee,
)
from training.labs_queries import LabSituation, lab_situation
from training.mail_facts import delivery_facts
from training.mails import (
    CLASS_PLACEHOLDERS,
    DELIVERY,
    at,
    is_on,
    reasons_against_class_mail,
    to_contact_of_class,
)
from training.models import Attendee, Delivery
from training.rules.labs import at_words

LAB_ACCESS = "lab-access"
LAB_ACCESS_ATTENDEES = "lab-access-attendees"
LAB_PLACEHOLDERS = {
    "lab_code": Placeholder(
        title=gettext_lazy("Invitation code to the labs"),
        help=gettext_lazy(
            "Only while it lives, and lasts until the end of the last session."
        ),
        mended_at=at("delivery-labs"),
        is_secret=True,
    ),
    "lab_expiry": Placeholder(
        title=gettext_lazy("When the code expires"),
        help=gettext_lazy("Day and time on the clock of the class."),
        mended_at=at("delivery-labs"),
    ),
}


# What an attendee is told of the class; where a missing one is mended, its own page.
ATTENDEE_FACTS = frozenset(
    {
        "class_title",
        "course_title",
        "first_day",
        "lab_code",
        "lab_expiry",
        "coordinator_name",
        "coordinator_email",
    }
)


def lab_facts(situation: LabSituation, now: datetime) -> Facts:
    """R-12: return code and expiry; nothing of a code that does not last."""
    code, window = situation.code, situation.window
    if code is None or window is None or situation.against_giving(now):
        return {"lab_code": "", "lab_expiry": ""}
    return {
        "lab_code": code.code,
        "lab_expiry": at_words(code.expires_at, window.zone),
    }


def facts_of_access(delivery: Delivery) -> Facts:
    """Return what the mail may say; a code that dies while it waits is left out."""
    labs = lab_facts(lab_situation(delivery), clock.now())
    return {**delivery_facts(delivery), **labs}


def reasons_against_access(delivery: Delivery, now: datetime) -> list[Reason]:
    """R-12: no mail brings a code that is dead or dies before the last session."""
    against = lab_situation(delivery).against_giving(now)
    return [*reasons_against_class_mail(delivery, now), *against]


def facts_of_attendee(attendee: Attendee) -> Facts:
    """Return what the mail to one attendee may say; the name is theirs."""
    facts = facts_of_access(attendee.delivery)
    return {**facts, "attendee_name": attendee.name}


def reasons_against_attendee(attendee: Attendee, now: datetime) -> list[Reason]:
    """R-12: as for the class, and not to somebody who does not come any more."""
    against = reasons_against_access(attendee.delivery, now)
    return [*against, *reasons_of_who_stays_away(attendee)]


ATTENDEE_PLACEHOLDERS = {
    **ATTENDEE_NAME,
    **{
        name: placeholder
        for name, placeholder in (CLASS_PLACEHOLDERS | LAB_PLACEHOLDERS).items()
        if name in ATTENDEE_FACTS
    },
}


def has_labs(delivery: Delivery) -> bool:
    """Tell whether the class takes place, with labs."""
    return is_on(delivery) and delivery.with_labs


def register_lab_mails() -> None:
    """Enter the mails about labs; their texts stand with those of classes."""
    register_mail(
        MailKind(
            key=LAB_ACCESS,
            title=gettext_lazy("Lab access"),
            help=gettext_lazy(
                "Code, steps and expiry, to be forwarded by the main contact."
            ),
            topic=DELIVERY,
            placeholders=CLASS_PLACEHOLDERS | LAB_PLACEHOLDERS,
            facts=facts_of_access,
            addressing=to_contact_of_class,
            is_offered=has_labs,
            against=reasons_against_access,
            against_drafting=reasons_against_access,
        )
    )
    register_mail(
        MailKind(
            key=LAB_ACCESS_ATTENDEES,
            title=gettext_lazy("Lab access, to an attendee"),
            help=gettext_lazy("To one attendee of an imported roster alone."),
            topic=ATTENDEE,
            placeholders=ATTENDEE_PLACEHOLDERS,
            facts=facts_of_attendee,
            addressing=to_one_attendee,
            is_offered=lambda attendee: has_labs(attendee.delivery),
            against=reasons_against_attendee,
            against_drafting=reasons_against_attendee,
            closes_step=False,
            has_fixed_readers=True,
        )
    )
