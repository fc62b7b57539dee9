"""The week of a dedicated engineer as a mail to the customer's lead."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from engagements.access import visible_engagements
from engagements.execution.models import WeeklySummary
from engagements.execution.services.dedicated import SUMMARY_MAIL
from engagements.handoff_mail import lead_addressing
from engagements.mails import (
    ENGAGEMENT_PLACEHOLDERS,
    customer_thread,
    engagement_facts,
)
from psdelivery.access import Action
from psdelivery.outbox.rules.templates import Placeholder
from psdelivery.outbox.templates import MailKind, Topic, register_mail
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Step


def summary_rows() -> QuerySet[WeeklySummary]:
    """Return summaries with all that a mail reads of them."""
    people = ("engagement__team__person", "engagement__offerings")
    return WeeklySummary.objects.select_related(
        "engagement__customer",
        "engagement__main_contact",
        "engagement__practice__manager",
        "engagement__region",
        "by",
    ).prefetch_related(*people)


def writable_summaries(user: User) -> QuerySet[WeeklySummary]:
    """Return the summaries about which the person may see mail."""
    within = visible_engagements(user, Action.OUTBOX_READ)
    return WeeklySummary.objects.filter(engagement__in=within.values("pk"))


def no_step(step: Step) -> None:
    """No step is about a summary: it is there before its mail."""


SUMMARY = Topic(
    title=gettext_lazy("a summary of the week"),
    rows=summary_rows,
    within=writable_summaries,
    matching=lambda words: (
        Q(engagement__title__icontains=words)
        | Q(engagement__customer__name__icontains=words)
    ),
    engagement_of=lambda summary: summary.engagement,
    thread_of=lambda summary: customer_thread(summary.engagement),
    of_step=no_step,
    # The engineer writes to those they work with every day.
    is_own_work=lambda user, summary: summary.by_id == user.pk,
)


def summary_facts(summary: WeeklySummary) -> dict[str, str]:
    """Return what the mail may say; it is from who wrote the summary."""
    usual = engagement_facts(summary.engagement)
    return {
        "contact_name": usual["contact_name"],
        "engagement_title": usual["engagement_title"],
        "week_end": day_text(summary.ends_on),
        "done": summary.done,
        "coming": summary.coming,
        "obstacles": summary.obstacles,
        "sender_name": str(summary.by),
    }


def part(title: object) -> Placeholder:
    return Placeholder(title=str(title), is_optional=True)


def register_dedicated_mail() -> None:
    """Enter the mail among those to customers; its text ships with that of health."""
    register_mail(
        MailKind(
            key=SUMMARY_MAIL,
            title=gettext_lazy("Summary of the week"),
            help=gettext_lazy(
                "Of a dedicated engineer, to the customer; answers go to the lead."
            ),
            topic=SUMMARY,
            placeholders={
                **{
                    name: ENGAGEMENT_PLACEHOLDERS[name]
                    for name in ("contact_name", "engagement_title")
                },
                "week_end": Placeholder(title=gettext_lazy("Last day of the week")),
                "done": Placeholder(title=gettext_lazy("Done")),
                "coming": part(gettext_lazy("Next")),
                "obstacles": part(gettext_lazy("In the way")),
                "sender_name": Placeholder(title=gettext_lazy("Who wrote it")),
            },
            facts=summary_facts,
            addressing=lambda summary: lead_addressing(summary.engagement),
        )
    )
