"""Mails that ask the customer for homework: a step of a contact, or what comes first.

Sending one does not do the step: the customer does, and has the ball from then on.
"""

from pathlib import Path
from typing import cast

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.mails import (
    contact_addressing,
    coordinator_for,
    customer_thread,
    engagement_rows,
    name_of,
    reasons_against_contact,
)
from engagements.models import Engagement
from psdelivery.outbox.rules.templates import Placeholder
from psdelivery.outbox.templates import (
    Addressing,
    MailKind,
    Topic,
    register_mail,
    register_texts,
)
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.mailing import HOMEWORK_REMINDER
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.owners import still_here
from psdelivery.playbooks.queries import homework_with, visible_steps
from psdelivery.playbooks.rules.ball import is_homework
from psdelivery.playbooks.words import zone_words

DATA = Path(__file__).resolve().parent / "data" / "homework.toml"


def step_rows() -> QuerySet[Step]:
    """Return steps of engagements with what a mail reads of them."""
    steps = Step.objects.filter(engagement__isnull=False)
    return steps.select_related("assignee", "contact", "engagement")


def engagement_of(step: Step) -> Engagement:
    """Return the engagement of a step with all that a mail reads of it."""
    return engagement_rows().get(pk=cast(int, step.engagement_id))


def thread_of(step: Step) -> str:
    """Return the thread of the mail to the customer of the step's engagement."""
    return customer_thread(engagement_of(step))


STEP = Topic(
    title=gettext_lazy("a step of the customer"),
    rows=step_rows,
    within=lambda user: visible_steps(user).filter(engagement__isnull=False),
    matching=lambda words: (
        Q(title__icontains=words) | Q(engagement__customer__name__icontains=words)
    ),
    engagement_of=lambda step: step.engagement,
    thread_of=thread_of,
    of_step=lambda step: step_rows().filter(pk=step.pk).first(),
)


def chaser_of(step: Step, engagement: Engagement) -> User | None:
    """Return who asks for it: who has the step, else who coordinates."""
    return still_here(step.assignee) or coordinator_for(engagement)


def to_who_does_it(step: Step) -> Addressing:
    """To the contact whose step it is, else the main one; answers to who asks."""
    engagement = engagement_of(step)
    usual = contact_addressing(engagement)
    chaser = chaser_of(step, engagement)
    if step.contact is None:
        to, missing = usual.to, list(usual.missing)
    else:
        to = (step.contact.email,) if step.contact.email else ()
        missing = reasons_against_contact(engagement, step.contact)
    return Addressing(
        to=to, reply_to=chaser.email if chaser else usual.reply_to, missing=missing
    )


def homework_facts(step: Step) -> dict[str, str]:
    """Return what a request for homework may say; its day on the calendar it names."""
    return {**request_facts(step), "what": step.title, "due": due_words(step)}


def reminder_facts(step: Step) -> dict[str, str]:
    """Return what a reminder may say: all that its contact has open, by date."""
    lines = [
        _("%(what)s: until %(due)s") % {"what": one.title, "due": due_words(one)}
        for one in homework_with(step)
    ]
    return {**request_facts(step), "homework": "\n".join(lines)}


def request_facts(step: Step) -> dict[str, str]:
    """Return who is asked, who asks, and for which work."""
    engagement = engagement_of(step)
    chaser = chaser_of(step, engagement)
    return {
        "contact_name": name_of(step.contact or engagement.main_contact),
        "engagement_title": engagement.title,
        "sender_name": name_of(chaser),
        "sender_email": chaser.email if chaser else "",
    }


def due_words(step: Step) -> str:
    """Return the day until when, with its zone; empty while there is none."""
    if step.due_day is None:
        return ""
    return f"{day_text(step.due_day)} ({zone_words(step.due_zone)})"


ASKING = {
    "contact_name": Placeholder(title=gettext_lazy("Contact")),
    "engagement_title": Placeholder(title=gettext_lazy("Title of the engagement")),
    "sender_name": Placeholder(title=gettext_lazy("Who asks for it")),
    "sender_email": Placeholder(title=gettext_lazy("Address of who asks")),
}
PLACEHOLDERS = {
    **ASKING,
    "what": Placeholder(title=gettext_lazy("What is to be done: title of the step")),
    "due": Placeholder(
        title=gettext_lazy("Until when"),
        help=gettext_lazy("The paragraph is left out while the step has no date."),
        is_optional=True,
    ),
}
REMINDER_PLACEHOLDERS = {
    **ASKING,
    "homework": Placeholder(
        title=gettext_lazy("All that the contact has open, with its days"),
        help=gettext_lazy(
            "A list; without an open step there is nothing to remind of."
        ),
    ),
}


def register_homework() -> None:
    """Enter the requests for homework, and their shipped texts."""
    register_texts(DATA)
    kinds = (
        (
            "homework",
            gettext_lazy("Request for homework"),
            gettext_lazy("To the contact whose step it is; the ball is theirs then."),
        ),
        (
            "prerequisites",
            gettext_lazy("What we need before we start"),
            gettext_lazy("Access, accounts, environments, licences, names."),
        ),
    )
    for key, title, help_text in kinds:
        register_mail(
            MailKind(
                key=key,
                title=title,
                help=help_text,
                topic=STEP,
                placeholders=PLACEHOLDERS,
                facts=homework_facts,
                addressing=to_who_does_it,
                closes_step=False,
            )
        )
    register_mail(
        MailKind(
            key=HOMEWORK_REMINDER,
            title=gettext_lazy("Reminder of open homework"),
            help=gettext_lazy(
                "To a contact: all that is theirs and open, in one mail."
            ),
            topic=STEP,
            placeholders=REMINDER_PLACEHOLDERS,
            facts=reminder_facts,
            addressing=to_who_does_it,
            is_offered=is_homework,
            closes_step=False,
        )
    )
