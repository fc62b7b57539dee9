"""Mails to customers that tell proposed dates, and what stands against them (R-2)."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.mails import ENGAGEMENT_PLACEHOLDERS, contact_addressing
from engagements.models import Engagement
from engagements.queries import gate_for
from psdelivery.access import Action
from psdelivery.outbox.rules.templates import Placeholder
from psdelivery.outbox.templates import Addressing, MailKind, Topic, register_mail
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason
from training.access import visible_proposals
from training.choices import ProposalState
from training.mail_facts import open_proposals_of, proposal_facts, proposal_rows
from training.models import DateProposal
from training.rules.classes import reasons_against_promising_dates
from training.rules.proposals import (
    HeldOption,
    is_waiting_for_customer,
    reasons_against_telling,
)
from training.services.proposal_sending import PROPOSAL_MAIL, is_held

REMINDER_MAIL = "dates-reminder"


def writable_proposals(user: User) -> QuerySet[DateProposal]:
    """Return the proposals about which the person may see mail."""
    return visible_proposals(user, Action.OUTBOX_READ)


def proposal_of_step(step: Step) -> DateProposal | None:
    """Return the proposal on whose checklist the step stands."""
    return proposal_rows().filter(checklist=step.checklist_id).first()


def to_contact_of_proposal(proposal: DateProposal) -> Addressing:
    """To the main contact; answers to the coordinator."""
    return contact_addressing(proposal.engagement)


PROPOSAL = Topic(
    title=gettext_lazy("proposed dates"),
    rows=proposal_rows,
    within=writable_proposals,
    matching=lambda words: (
        Q(title__icontains=words) | Q(engagement__customer__name__icontains=words)
    ),
    engagement_of=lambda proposal: proposal.engagement,
    thread_of=lambda proposal: f"proposal-{proposal.pk}",
    of_step=proposal_of_step,
)
PROPOSAL_PLACEHOLDERS = {
    **{
        name: ENGAGEMENT_PLACEHOLDERS[name]
        for name in ("customer_name", "engagement_title")
    },
    "contact_name": Placeholder(title=gettext_lazy("Main contact")),
    "coordinator_name": Placeholder(title=gettext_lazy("Coordinator")),
    "coordinator_email": Placeholder(title=gettext_lazy("Address of the coordinator")),
    "course_title": Placeholder(title=gettext_lazy("Course")),
    "class_title": Placeholder(title=gettext_lazy("Title of the class")),
    "options": Placeholder(
        title=gettext_lazy("Options"),
        help=gettext_lazy("A list: each set of dates with its sessions and trainer."),
    ),
    "hold_days": Placeholder(
        title=gettext_lazy("For how many business days the dates are held")
    ),
    "answer_by": Placeholder(
        title=gettext_lazy("Last day to answer"),
        help=gettext_lazy("Known once the dates have been sent."),
        is_optional=True,
    ),
}


def reasons_against_dates(proposal: DateProposal, now: datetime) -> list[Reason]:
    """R-2: no mail tells dates before the gate is open, or dates that nobody holds."""
    gate = gate_for(proposal.engagement, now)
    return [
        *reasons_against_promising_dates(gate),
        *reasons_of_options(proposal, now),
    ]


def reasons_of_options(proposal: DateProposal, now: datetime) -> list[Reason]:
    """Return what stands against telling the sets of a proposal."""
    held = [
        HeldOption(
            order=option.order,
            first_start=min(one.starts_at for one in option.sessions.all()),
            trainer=option.trainer,
            is_held=is_held(option),
        )
        for option in proposal.options.all()
    ]
    return reasons_against_telling(proposal, held, now=now)


def reasons_against_first(proposal: DateProposal, now: datetime) -> list[Reason]:
    """R-2: the dates are told once, while they are a draft."""
    if proposal.state != ProposalState.DRAFT:
        sentence = _("These dates are %(state)s.")
        words = {"state": proposal.get_state_display()}
        return [Reason("told", sentence % words, proposal.get_absolute_url())]
    return reasons_against_dates(proposal, now)


def reasons_against_reminder(proposal: DateProposal, now: datetime) -> list[Reason]:
    """R-2: an answer is asked for while the customer still has to give it."""
    if not is_waiting_for_customer(proposal):
        sentence = _("Nobody waits for an answer: these dates are %(state)s.")
        words = {"state": proposal.get_state_display()}
        return [Reason("not-waiting", sentence % words, proposal.get_absolute_url())]
    return reasons_against_dates(proposal, now)


def reasons_against_welcome(engagement: Engagement, now: datetime) -> list[Reason]:
    """R-2: the welcome of a training tells dates, so the gate is open before.

    What it proposes is held, and lies ahead.
    """
    reasons = reasons_against_promising_dates(gate_for(engagement, now))
    for proposal in open_proposals_of(engagement):
        if proposal.state == ProposalState.DRAFT:
            reasons += reasons_of_options(proposal, now)
    return reasons


def proposal_kind(key: str, title: Any, help: Any, **more: Any) -> MailKind:
    """Return a kind of mail about proposed dates."""
    return MailKind(
        key=key,
        title=title,
        help=help,
        topic=PROPOSAL,
        placeholders=PROPOSAL_PLACEHOLDERS,
        facts=proposal_facts,
        addressing=to_contact_of_proposal,
        **more,
    )


def propose_url(engagement: Any) -> str:
    """Return where dates are proposed for an engagement."""
    return reverse("training:proposal-add", args=[engagement.pk])


def register_proposal_kinds() -> None:
    """Enter the mails about proposed dates."""
    register_mail(
        proposal_kind(
            PROPOSAL_MAIL,
            gettext_lazy("Proposed dates"),
            gettext_lazy("Dates that were proposed after the welcome mail."),
            against=reasons_against_first,
            is_offered=lambda proposal: proposal.state == ProposalState.DRAFT,
        )
    )
    register_mail(
        proposal_kind(
            REMINDER_MAIL,
            gettext_lazy("Reminder of proposed dates"),
            gettext_lazy("When nobody has answered for three business days."),
            against=reasons_against_reminder,
            is_offered=is_waiting_for_customer,
        )
    )
