"""The summary of the handoff as a mail to the customer; the lead's to send.

Made from the record, never written twice: goals, current state, outcomes and scope,
and nothing internal. A draft is out of date as soon as the record says something else.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import Rights
from engagements.handoff import handoff_outcomes
from engagements.mails import (
    ENGAGEMENT,
    ENGAGEMENT_PLACEHOLDERS,
    contact_addressing,
    engagement_facts,
    people_by_role,
    without_repeats,
)
from engagements.models import Engagement
from engagements.queries import step_of
from engagements.rules.moves import lead_role
from engagements.summary import outcome_lines
from psdelivery.access import Action
from psdelivery.outbox.access import FIELD_ROLES
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import DRAFT_STATES, UNDER_WAY
from psdelivery.outbox.rules.templates import Placeholder
from psdelivery.outbox.templates import Addressing, MailKind, register_mail
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason

# Also the key of the step that the mail does, where the playbook has it.
SUMMARY_MAIL = "handoff-summary"
MOST_SHOWN = 5


def at_part(key: str) -> Callable[[Any], str]:
    """Return what leads to where a part of the handoff is written."""
    return lambda engagement: f"{engagement.get_absolute_url()}handoff/#live-{key}"


def lead_url(engagement: Any) -> str:
    """Return where the lead of an engagement is named."""
    role = lead_role(engagement.kind)
    return f"{engagement.get_absolute_url()}team/add/?role={role}"


def lead_addressing(engagement: Engagement) -> Addressing:
    """To the main contact; answers go to the lead, with the coordinator in copy."""
    usual = contact_addressing(engagement)
    lead = people_by_role(engagement).get(lead_role(engagement.kind))
    missing = list(usual.missing)
    if lead is None:
        sentence = _("Nobody leads this engagement, so answers would reach nobody.")
        url = lead_url(engagement)
        missing.append(Reason("no-lead", sentence, url, _("Name the lead")))
    reply_to = lead.email if lead else ""
    return Addressing(
        to=usual.to,
        cc=without_repeats([usual.reply_to], [*usual.to, reply_to]),
        reply_to=reply_to,
        missing=missing,
    )


def sender_facts(engagement: Engagement) -> dict[str, str]:
    """Return who writes: the lead."""
    lead = people_by_role(engagement).get(lead_role(engagement.kind))
    return {
        "sender_name": str(lead) if lead else "",
        "sender_email": lead.email if lead else "",
    }


def summary_facts(engagement: Engagement) -> dict[str, str]:
    """Return what the summary may say; nothing internal, no growth, no risks."""
    usual = engagement_facts(engagement)
    agreed = handoff_outcomes(engagement)
    facts = {
        "contact_name": usual["contact_name"],
        "engagement_title": usual["engagement_title"],
        **sender_facts(engagement),
    }
    if agreed is None:
        return facts
    return facts | {
        "goals": agreed.goals,
        "current_state": agreed.current_state,
        "outcomes": outcome_lines(agreed.outcomes),
        "scope_in": agreed.scope_in,
        "scope_out": agreed.scope_out,
    }


def part(key: str, title: Any) -> Placeholder:
    """Return the placeholder of a part of the handoff, as it was written there."""
    return Placeholder(
        title=title,
        help=gettext_lazy("As it stands in the handoff; alone on its line."),
        mended_at=at_part(key),
        is_markdown=True,
    )


SENDER_PLACEHOLDERS = {
    "sender_name": Placeholder(
        title=gettext_lazy("Who leads the work"), mended_at=lead_url
    ),
    "sender_email": Placeholder(
        title=gettext_lazy("Address of who leads the work"), mended_at=lead_url
    ),
}
SUMMARY_PLACEHOLDERS = {
    **{
        name: ENGAGEMENT_PLACEHOLDERS[name]
        for name in ("contact_name", "engagement_title")
    },
    **SENDER_PLACEHOLDERS,
    "goals": part("goals", gettext_lazy("Goals")),
    "current_state": part("current_state", gettext_lazy("Current state")),
    "outcomes": part("outcomes", gettext_lazy("Desired outcomes, with measures")),
    "scope_in": part("scope_in", gettext_lazy("What is in scope")),
    "scope_out": part("scope_out", gettext_lazy("What is out of scope")),
}
SUMMARY = MailKind(
    key=SUMMARY_MAIL,
    title=gettext_lazy("Summary of the handoff"),
    help=gettext_lazy(
        "What we have understood: goals, current state, outcomes and scope. From the "
        "lead, so that the customer can correct it before the kickoff."
    ),
    topic=ENGAGEMENT,
    placeholders=SUMMARY_PLACEHOLDERS,
    facts=summary_facts,
    addressing=lead_addressing,
    is_offered=lambda engagement: engagement.has_gate,
)


@dataclass(frozen=True)
class SummaryMail:
    """The mail of the summary as the tab shows it; `step` is the open one it does."""

    messages: list[Message]
    may_write: bool
    step: Step | None

    @property
    def draft(self) -> Message | None:
        """The draft that waits for a check."""
        return next((one for one in self.messages if one.state in DRAFT_STATES), None)

    @property
    def may_prepare(self) -> bool:
        """Whether another one may be prepared: none waits, and none is on its way."""
        waiting = DRAFT_STATES | UNDER_WAY
        return self.may_write and not any(m.state in waiting for m in self.messages)


def summary_mail(engagement: Engagement, rights: Rights) -> SummaryMail:
    """Return the mails of the summary that the person sees, and what they may do."""
    found = Message.objects.filter(kind=SUMMARY_MAIL, engagement=engagement)
    may_read = rights.may(Action.OUTBOX_READ)
    step = step_of(engagement, SUMMARY_MAIL)
    # Engineers and trainers write about their own sessions and discovery only.
    office = replace(rights, roles=rights.roles - FIELD_ROLES)
    return SummaryMail(
        messages=list(found.defer("text", "html")[:MOST_SHOWN]) if may_read else [],
        may_write=office.may(Action.MAIL_SEND),
        step=step if step is not None and step.is_open else None,
    )


def register_summary_mail() -> None:
    """Enter the summary among the mails to customers."""
    register_mail(SUMMARY)
