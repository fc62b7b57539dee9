"""Mails to customers about bookings: who gets them, and what they may say."""

from pathlib import Path

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy

from engagements.mails import (
    ENGAGEMENT_PLACEHOLDERS,
    contact_addressing,
    customer_thread,
    engagement_facts,
    engagement_rows,
    writable_engagements,
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
from psdelivery.playbooks.models import Step
from scheduling.models import Allocation

DATA = Path(__file__).resolve().parent / "data" / "mails.toml"
STAND_IN_MAIL = "stand-in"


def allocation_rows() -> QuerySet[Allocation]:
    """Return bookings on engagements with all that a mail reads of them."""
    engagements = Prefetch("engagement", engagement_rows())
    rows = Allocation.objects.exclude(engagement=None).select_related("person")
    return rows.prefetch_related(engagements, "days")


def writable_allocations(user: User) -> QuerySet[Allocation]:
    """Return the bookings about which the person may see mail."""
    within = writable_engagements(user).order_by().values("pk")
    return Allocation.objects.filter(engagement__in=within)


def engagement_of(allocation: Allocation) -> Engagement:
    """Return the engagement; a booking without one has no mail to a customer."""
    if allocation.engagement is None:
        raise ValueError("a mail to a customer needs an engagement")
    return allocation.engagement


def no_step(step: Step) -> Allocation | None:
    """Return nothing: no step of a playbook stands for a single booking."""
    return None


BOOKING = Topic(
    title=gettext_lazy("a booking"),
    rows=allocation_rows,
    within=writable_allocations,
    matching=lambda words: (
        Q(engagement__customer__name__icontains=words)
        | Q(engagement__title__icontains=words)
    ),
    engagement_of=engagement_of,
    thread_of=lambda allocation: customer_thread(engagement_of(allocation)),
    of_step=no_step,
)
SHARED = ("contact_name", "engagement_title", "coordinator_name", "coordinator_email")
STAND_IN_PLACEHOLDERS = {
    **{name: ENGAGEMENT_PLACEHOLDERS[name] for name in SHARED},
    "stand_in_name": Placeholder(title=gettext_lazy("Who takes over")),
    "days": Placeholder(
        title=gettext_lazy("Days"),
        help=gettext_lazy("A list of the days that were handed over."),
    ),
}


def stand_in_facts(allocation: Allocation) -> dict[str, str]:
    """Return what the mail about somebody else coming may say."""
    facts = engagement_facts(engagement_of(allocation))
    days = sorted(row.day for row in allocation.days.all())
    return {
        **{name: facts[name] for name in SHARED},
        "stand_in_name": allocation.who,
        "days": "\n".join(day_text(day) for day in days),
    }


def addressing(allocation: Allocation) -> Addressing:
    """To the main contact, and answers to the coordinator."""
    return contact_addressing(engagement_of(allocation))


def register_mails() -> None:
    """Enter the mails about bookings, and their shipped texts."""
    register_texts(DATA)
    register_mail(
        MailKind(
            key=STAND_IN_MAIL,
            title=gettext_lazy("Somebody else comes"),
            help=gettext_lazy(
                "Drafted when somebody takes over days of a person who cannot come."
            ),
            topic=BOOKING,
            placeholders=STAND_IN_PLACEHOLDERS,
            facts=stand_in_facts,
            addressing=addressing,
            is_offered=lambda allocation: False,
        )
    )
