"""The mail that goes with the invitation to the kickoff: day, agenda, who is there."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from engagements.choices import Kind
from engagements.handoff import handoff_outcomes
from engagements.handoff_mail import (
    SENDER_PLACEHOLDERS,
    lead_addressing,
    sender_facts,
)
from engagements.mails import (
    ENGAGEMENT,
    ENGAGEMENT_PLACEHOLDERS,
    engagement_facts,
    members_here,
)
from engagements.models import Engagement
from engagements.queries import gate_for, step_of
from engagements.rules.gate import reasons_against_hard_booking
from engagements.rules.moves import edit_url
from engagements.summary import outcome_lines
from psdelivery.outbox.rules.templates import Placeholder
from psdelivery.outbox.templates import MailKind, register_mail
from psdelivery.people.choices import DELIVERY_ROLES
from psdelivery.people.moments import day_text
from psdelivery.playbooks.words import zone_words
from psdelivery.registry import Reason

KICKOFF_MAIL = "kickoff"
KICKOFF_STEP = "kickoff-held"
KINDS_WITH_KICKOFF = frozenset({Kind.CONSULTING, Kind.BLENDED})


def kickoff_day(engagement: Engagement) -> str:
    """Return the day on which the kickoff is planned; empty while there is none.

    The day of its step, on the calendar that the step names.
    """
    step = step_of(engagement, KICKOFF_STEP)
    if step is None or step.due_day is None:
        return ""
    return f"{day_text(step.due_day)} ({zone_words(step.due_zone)})"


def delivery_team(engagement: Engagement) -> str:
    """Return who delivers, a line each with the role."""
    members = [
        one
        for one in members_here(engagement)
        if one.person is not None and one.role in DELIVERY_ROLES
    ]
    return "\n".join(f"{one.person}, {one.get_role_display()}" for one in members)


def kickoff_facts(engagement: Engagement) -> dict[str, str]:
    """Return what the mail about the kickoff may say."""
    usual = engagement_facts(engagement)
    agreed = handoff_outcomes(engagement)
    return {
        "contact_name": usual["contact_name"],
        "engagement_title": usual["engagement_title"],
        "kickoff_day": kickoff_day(engagement),
        "outcomes": outcome_lines(agreed.outcomes) if agreed else "",
        "team": delivery_team(engagement),
        **sender_facts(engagement),
    }


def reasons_against_kickoff_mail(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-2: no mail tells the day of the kickoff before the gate is open."""
    return reasons_against_hard_booking(gate_for(engagement, now))


KICKOFF_PLACEHOLDERS = {
    **{
        name: ENGAGEMENT_PLACEHOLDERS[name]
        for name in ("contact_name", "engagement_title")
    },
    "kickoff_day": Placeholder(
        title=gettext_lazy("Day of the kickoff"),
        help=gettext_lazy("That of its step; known once the gate is open."),
        mended_at=lambda engagement: f"{edit_url(engagement)}#id_wished_start",
    ),
    "outcomes": Placeholder(
        title=gettext_lazy("Desired outcomes, with measures"),
        help=gettext_lazy("From the handoff; the paragraph is left out without."),
        is_optional=True,
        is_markdown=True,
    ),
    "team": Placeholder(
        title=gettext_lazy("Who delivers"),
        help=gettext_lazy("A list: each person with the role."),
        mended_at=lambda engagement: f"{engagement.get_absolute_url()}team/",
    ),
    **SENDER_PLACEHOLDERS,
}
KICKOFF = MailKind(
    key=KICKOFF_MAIL,
    title=gettext_lazy("Kickoff: day and agenda"),
    help=gettext_lazy(
        "Goes with the invitation: what the kickoff is for, who is there, and what to "
        "bring. From the lead."
    ),
    topic=ENGAGEMENT,
    placeholders=KICKOFF_PLACEHOLDERS,
    facts=kickoff_facts,
    addressing=lead_addressing,
    is_offered=lambda engagement: engagement.kind in KINDS_WITH_KICKOFF,
    against=reasons_against_kickoff_mail,
)


def register_kickoff_mail() -> None:
    """Enter the mail about the kickoff among the mails to customers."""
    register_mail(KICKOFF)
