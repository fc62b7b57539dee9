"""Mails to customers about classes and certifications (domain.md, section 5)."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.choices import KINDS_WITH_TRAINING
from engagements.mails import (
    ENGAGEMENT,
    ENGAGEMENT_PLACEHOLDERS,
    contact_addressing,
    welcome_addressing,
)
from engagements.models import Engagement
from engagements.queries import gate_for
from psdelivery.access import Action
from psdelivery.outbox.rules.templates import Placeholder
from psdelivery.outbox.templates import (
    Addressing,
    MailKind,
    Topic,
    register_mail,
    register_texts,
)
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason
from training.access import visible_deliveries, visible_submissions
from training.choices import DeliveryState, Result
from training.mail_facts import (
    classes_facts,
    delivery_facts,
    delivery_rows,
    submission_facts,
    submission_rows,
)
from training.models import Delivery, Submission
from training.proposal_mails import (
    propose_url,
    reasons_against_welcome,
    register_proposal_kinds,
)
from training.roster_mail import (
    CLOSING_PLACEHOLDERS,
    EXTRA_SEATS,
    SEAT_PLACEHOLDERS,
    closing_facts,
    seat_facts,
)
from training.rules.classes import reasons_against_promising_dates

REGISTRATION_LINK = "registration-link"
DATA = Path(__file__).resolve().parent / "data" / "mails.toml"


def writable_deliveries(user: User) -> QuerySet[Delivery]:
    """Return the classes about which the person may see mail."""
    return visible_deliveries(user, Action.OUTBOX_READ)


def delivery_of_step(step: Step) -> Delivery | None:
    """Return the class on whose checklist, or a session's, the step stands."""
    own = Q(checklist=step.checklist_id) | Q(sessions__checklist=step.checklist_id)
    return delivery_rows().filter(own).distinct().first()


def to_contact_of_class(delivery: Delivery) -> Addressing:
    """To the main contact, who passes it on; answers to the coordinator."""
    return contact_addressing(delivery.engagement)


def to_attendee(submission: Submission) -> Addressing:
    """To the attendee alone: a result is nobody else's."""
    return to_one_alone(submission.delivery.engagement, submission.attendee_email)


def to_one_alone(engagement: Engagement, address: str) -> Addressing:
    """To one address, and not to the main contact; answers to the coordinator."""
    coordinated = contact_addressing(engagement)
    return Addressing(
        to=(address,) if address else (),
        reply_to=coordinated.reply_to,
        missing=[one for one in coordinated.missing if one.code == "no-coordinator"],
    )


DELIVERY = Topic(
    title=gettext_lazy("a class"),
    rows=delivery_rows,
    within=writable_deliveries,
    matching=lambda words: (
        Q(title__icontains=words) | Q(engagement__customer__name__icontains=words)
    ),
    engagement_of=lambda delivery: delivery.engagement,
    thread_of=lambda delivery: delivery.customer_thread,
    of_step=delivery_of_step,
    is_own_work=lambda user, delivery: delivery.trainer_id == user.pk,
)
SUBMISSION = Topic(
    title=gettext_lazy("a certification"),
    rows=submission_rows,
    within=lambda user: visible_submissions(user, Action.OUTBOX_READ),
    matching=lambda words: (
        Q(attendee_name__icontains=words) | Q(delivery__title__icontains=words)
    ),
    engagement_of=lambda submission: submission.delivery.engagement,
    thread_of=lambda submission: f"submission-{submission.pk}",
    of_step=lambda step: submission_rows().filter(checklist=step.checklist_id).first(),
    is_own_work=lambda user, submission: submission.reviewer_id == user.pk,
)


def at(view: str) -> Callable[[Any], str]:
    """Return what leads to a page of the record at hand."""
    return lambda record: reverse(f"training:{view}", args=[record.pk])


CLASS_PLACEHOLDERS = {
    **{
        name: ENGAGEMENT_PLACEHOLDERS[name]
        for name in ("customer_name", "engagement_title")
    },
    "contact_name": Placeholder(title=gettext_lazy("Main contact")),
    "coordinator_name": Placeholder(title=gettext_lazy("Coordinator")),
    "coordinator_email": Placeholder(title=gettext_lazy("Address of the coordinator")),
    "class_title": Placeholder(title=gettext_lazy("Title of the class")),
    "course_title": Placeholder(title=gettext_lazy("Course")),
    "sessions": Placeholder(
        title=gettext_lazy("Sessions"),
        help=gettext_lazy("A list: day, start and stop with the session's zone."),
        mended_at=at("session-add"),
    ),
    "first_day": Placeholder(
        title=gettext_lazy("Day of the first session"), mended_at=at("session-add")
    ),
    "trainer_name": Placeholder(
        title=gettext_lazy("Trainer"),
        help=gettext_lazy("The paragraph is left out while nobody is named."),
        mended_at=at("delivery-trainer"),
        is_optional=True,
    ),
    "language": Placeholder(title=gettext_lazy("Language")),
    "seats": Placeholder(title=gettext_lazy("Seats")),
    "address": Placeholder(
        title=gettext_lazy("Where it takes place"),
        help=gettext_lazy("Of a class on site only."),
        is_optional=True,
    ),
    "registration_link": Placeholder(
        title=gettext_lazy("Registration link"),
        mended_at=at("delivery-link"),
        is_secret=True,
    ),
    "late_note": Placeholder(
        title=gettext_lazy("That there are fewer than 14 days left"),
        help=gettext_lazy("Of a class that was booked or moved inside 14 days only."),
        is_optional=True,
    ),
    "certification_title": Placeholder(
        title=gettext_lazy("Certification"),
        help=gettext_lazy("Of a class with certification only."),
        is_optional=True,
    ),
    "certification_until": Placeholder(
        title=gettext_lazy("Last day to hand in"),
        help=gettext_lazy("Two weeks after the last session, with certification only."),
        is_optional=True,
    ),
    "introduction_link": Placeholder(
        title=gettext_lazy("Introduction to the course"), is_optional=True
    ),
}
WELCOME_PLACEHOLDERS = {
    **ENGAGEMENT_PLACEHOLDERS,
    "class_dates": Placeholder(
        title=gettext_lazy("Proposed dates"),
        help=gettext_lazy(
            "A list: each planned class, and each proposed set of dates, with its "
            "sessions and trainer."
        ),
        mended_at=propose_url,
    ),
    "hold_days": Placeholder(
        title=gettext_lazy("For how many business days the dates are held")
    ),
}
RESULT_PLACEHOLDERS = {
    "attendee_name": Placeholder(title=gettext_lazy("Attendee")),
    "course_title": Placeholder(title=gettext_lazy("Course")),
    "certification_title": Placeholder(title=gettext_lazy("Certification")),
    "score": Placeholder(
        title=gettext_lazy("Mark"),
        help=gettext_lazy("The paragraph is left out where none was given."),
        is_optional=True,
    ),
    "badge_link": Placeholder(
        title=gettext_lazy("Link to the badge"),
        help=gettext_lazy(
            "Of who passed: that of the submission, else of the course. Without one "
            "the paragraph is left out."
        ),
        mended_at=at("submission-correct"),
        is_optional=True,
    ),
    "reviewer_name": Placeholder(
        title=gettext_lazy("Reviewer"), mended_at=at("submission-detail")
    ),
    "coordinator_name": Placeholder(title=gettext_lazy("Coordinator")),
    "coordinator_email": Placeholder(title=gettext_lazy("Address of the coordinator")),
}


def reasons_against_class_mail(delivery: Delivery, now: datetime) -> list[Reason]:
    """R-2: no mail promises dates before the gate is open, or of a class called off."""
    if delivery.state == DeliveryState.CANCELLED:
        url = delivery.get_absolute_url()
        return [Reason("called-off", _("This class was called off."), url)]
    return reasons_against_promising_dates(gate_for(delivery.engagement, now))


def is_on(delivery: Delivery) -> bool:
    """Tell whether the class takes place, or did."""
    return delivery.state != DeliveryState.CANCELLED


def about_class(
    key: str, title: Any, help: Any, *, is_promise: bool = True, **more: Any
) -> MailKind:
    """Return a kind of mail about a class; `is_promise`: it tells dates (R-2)."""
    given: dict[str, Any] = {"is_offered": is_on, **more}
    if is_promise:
        given["against"] = reasons_against_class_mail
    return MailKind(
        key=key,
        title=title,
        help=help,
        topic=DELIVERY,
        addressing=to_contact_of_class,
        **{"placeholders": CLASS_PLACEHOLDERS, "facts": delivery_facts, **given},
    )


def about_result(key: str, title: Any, result: Result) -> MailKind:
    """Return the mail to an attendee about one of the two results."""
    return MailKind(
        key=key,
        title=title,
        help=gettext_lazy("To the attendee alone, when the result is released."),
        topic=SUBMISSION,
        placeholders=RESULT_PLACEHOLDERS,
        facts=submission_facts,
        addressing=to_attendee,
        is_offered=lambda submission: submission.result == result,
        closes_step=False,
        has_fixed_readers=True,
    )


def class_kinds() -> list[MailKind]:
    """Return the mails about classes, in the order in which they are written."""
    return [
        about_class(
            "planning-meeting",
            gettext_lazy("Training planning meeting"),
            gettext_lazy("Asks for a time for the planning meeting, trainer included."),
            is_promise=False,
            closes_step=False,
        ),
        about_class(
            REGISTRATION_LINK,
            gettext_lazy("Registration link"),
            gettext_lazy("To be passed on by the main contact, two weeks ahead."),
        ),
        about_class(
            "registration-reminder",
            gettext_lazy("Reminder to register"),
            gettext_lazy("When few have registered a week ahead."),
        ),
        about_class(
            "class-moved",
            gettext_lazy("New dates of a class"),
            gettext_lazy("After a class was moved."),
        ),
        about_class(
            "class-cancelled",
            gettext_lazy("Class called off"),
            gettext_lazy("After a class was called off."),
            is_promise=False,
            is_offered=lambda delivery: not is_on(delivery),
        ),
        about_class(
            "next-steps",
            gettext_lazy("Next steps after a class"),
            gettext_lazy("Two business days after the last session."),
            is_promise=False,
            placeholders=CLASS_PLACEHOLDERS | CLOSING_PLACEHOLDERS,
            facts=closing_facts,
        ),
        extra_seats_kind(),
    ]


def extra_seats_kind() -> MailKind:
    """Return the mail that asks the customer to order more seats."""
    return about_class(
        EXTRA_SEATS,
        gettext_lazy("Extra seats"),
        gettext_lazy("When more have registered than there are seats."),
        is_promise=False,
        closes_step=False,
        placeholders=CLASS_PLACEHOLDERS | SEAT_PLACEHOLDERS,
        facts=seat_facts,
    )


def register_mails() -> None:
    """Enter the mails about classes and certifications, and their shipped texts."""
    register_texts(DATA)
    register_mail(
        MailKind(
            key="welcome-training",
            title=gettext_lazy("Welcome to PS, with proposed dates"),
            help=gettext_lazy(
                "The first mail of a training. Account team and PS lead are in copy, "
                "answers go to the coordinator."
            ),
            topic=ENGAGEMENT,
            placeholders=WELCOME_PLACEHOLDERS,
            facts=classes_facts,
            addressing=welcome_addressing,
            against=reasons_against_welcome,
            is_offered=lambda engagement: engagement.kind in KINDS_WITH_TRAINING,
        )
    )
    register_proposal_kinds()
    for kind in class_kinds():
        register_mail(kind)
    passed, failed = Result.PASSED, Result.NOT_PASSED
    register_mail(
        about_result(
            "certification-passed", gettext_lazy("Certification passed"), passed
        )
    )
    register_mail(
        about_result(
            "certification-not-passed", gettext_lazy("Certification not passed"), failed
        )
    )
