"""What the page of proposed dates shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from engagements.access import may, rights_of
from engagements.moves import within_reach
from engagements.queries import gate_for
from psdelivery.access import Action
from psdelivery.outbox.access import kinds_to_write
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import step_rows
from psdelivery.registry import Reason
from scheduling.models import Allocation
from training.choices import ProposalState, StepKey
from training.mail_facts import session_line
from training.models import DateOption, DateProposal
from training.proposal_mails import PROPOSAL
from training.rules.classes import reasons_against_promising_dates
from training.rules.proposals import letter
from training.rules.times import SessionTimes
from training.services.proposal_sending import is_held
from training.services.proposals import has_own_mail, options_of
from training.trainer_facts import warnings_about

TONES = {
    ProposalState.DRAFT: "neutral",
    ProposalState.SENT: "info",
    ProposalState.CONFIRMED: "good",
    ProposalState.LAPSED: "bad",
    ProposalState.WITHDRAWN: "done",
}
INSTANT = timedelta(minutes=1)


@dataclass(frozen=True)
class OptionCard:
    """A set of dates as it is shown: when, who, and what is in the way."""

    option: DateOption
    letter: str
    lines: list[str]
    hold: Allocation | None
    warnings: list[str]

    @property
    def pk(self) -> int:
        return self.option.pk

    @property
    def confirm_url(self) -> str:
        """Where this set is confirmed."""
        url = reverse("training:proposal-confirm", args=[self.option.proposal_id])
        return f"{url}?option={self.option.pk}"

    @property
    def words(self) -> str:
        """The set in a line, to choose it."""
        who = f", {self.option.trainer}" if self.option.trainer else ""
        return f"{self.letter}: {'; '.join(self.lines)}{who}"


def last_moment_of(proposal: DateProposal) -> datetime | None:
    """Return the last moment of the day until which the customer may answer.

    The end itself is the midnight after, which would read as the next day.
    """
    return proposal.answer_by - INSTANT if proposal.answer_by else None


def option_cards(proposal: DateProposal, *, now: datetime) -> list[OptionCard]:
    """Return the sets; what speaks against them only while they may be chosen."""
    return [option_card(proposal, one, now=now) for one in options_of(proposal)]


def option_card(
    proposal: DateProposal, option: DateOption, *, now: datetime
) -> OptionCard:
    """Put together what is known of one set."""
    times = [
        SessionTimes(one.starts_at, one.ends_at, proposal.zone)
        for one in option.sessions.all()
    ]
    warnings: list[str] = []
    if proposal.is_open:
        calendar = proposal.engagement.customer.calendar
        warnings = warnings_about(
            option.trainer, times, calendar, course=proposal.course, now=now
        )
    return OptionCard(
        option=option,
        letter=letter(option.order),
        lines=[session_line(one) for one in times],
        hold=option.allocation if is_held(option) else None,
        warnings=warnings,
    )


def proposal_context(
    request: SignedInRequest, proposal: DateProposal, *, now: datetime
) -> dict[str, Any]:
    """Return what the page of a proposal shows to this reader."""
    user, engagement = request.user, proposal.engagement
    return {
        "proposal": proposal,
        "engagement": engagement,
        "tone": TONES[ProposalState(proposal.state)],
        "cards": option_cards(proposal, now=now),
        "last_moment": last_moment_of(proposal),
        "steps": steps_of(user, proposal),
        "welcome": welcome_step(proposal),
        "mail_kinds": kinds_to_write(user, PROPOSAL, proposal),
        "gate_reasons": gate_reasons(user, proposal, now),
        "may_decide": may(user, Action.BOOK, engagement) and proposal.is_open,
        "may_propose": may(user, Action.BOOK, engagement),
    }


def steps_of(user: User, proposal: DateProposal) -> list[Step]:
    """Return the steps by which the proposal is told and chased."""
    steps = Step.objects.filter(checklist=proposal.checklist_id)
    return list(step_rows(user, steps.order_by("order", "pk")))


def welcome_step(proposal: DateProposal) -> Step | None:
    """Return the open step of the welcome mail that will tell these dates."""
    if proposal.state != ProposalState.DRAFT or has_own_mail(proposal):
        return None
    welcome = Step.objects.open().filter(
        checklist=proposal.engagement.checklist_id, key=StepKey.WELCOME
    )
    return welcome.first()


def gate_reasons(user: User, proposal: DateProposal, now: datetime) -> list[Reason]:
    """R-2: return why the dates may not be promised yet."""
    if not proposal.is_open:
        return []
    reasons = reasons_against_promising_dates(gate_for(proposal.engagement, now))
    return within_reach(reasons, rights_of(user, proposal.engagement))
