"""Proposed dates reach the customer: from then on they are held until the answer.

What a mail has told cannot be refused any more: the reactions here only note it.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.owners import owners_of
from engagements.queries import step_of
from engagements.services.approvals import News
from engagements.services.approvals import tell as tell_people
from psdelivery.outbox.models import Message
from psdelivery.outbox.renderers import register_kind
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import Pool, User
from psdelivery.people.moments import day_text, local_day, moment_text
from psdelivery.people.notifications import CHANGE
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.owners import assignment_for
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.handing import pass_step, wait_for_customer
from scheduling.choices import AllocationState, Hold
from scheduling.models import Allocation
from scheduling.rules.booking import soft_hold_ends
from scheduling.services.soft_holds import hold_until
from scheduling.settings import SOFT_DAYS
from training.choices import ProposalState, StepKey
from training.models import DateOption, DateProposal
from training.rules.proposals import answer_due, letter
from training.services.proposals import (
    ANSWER_DAYS,
    close,
    free_holds,
    lock_proposal,
    options_of,
    tell,
)

KIND = "date-proposal"
WELCOME_MAIL = "welcome-training"
PROPOSAL_MAIL = "dates-proposed"
BATCH = 100
logger = logging.getLogger(__name__)


def told_by(message: Message) -> QuerySet[DateProposal]:
    """Return the open proposals that a mail told: all, or the one that it is about.

    What was proposed after the click that let the welcome mail leave is not in it.
    """
    rows = DateProposal.objects.select_related("engagement__customer")
    if message.kind == WELCOME_MAIL:
        upto = message.approved_at or message.created_at
        return rows.filter(engagement=message.engagement_id, created_at__lte=upto)
    if message.kind == PROPOSAL_MAIL:
        pk = message.thread_key.removeprefix("proposal-")
        return rows.filter(pk=int(pk)) if pk.isdigit() else rows.none()
    return rows.none()


def note_sent(
    message: Message, sent_at: datetime, *, by: User | None, now: datetime
) -> None:
    """Hold the dates for the customer from the moment at which the mail has left."""
    drafts = told_by(message).filter(state=ProposalState.DRAFT)
    for proposal in drafts.order_by("pk"):
        mark_sent(proposal, sent_at, by=by, now=now)


def mark_sent(
    proposal: DateProposal, sent_at: datetime, *, by: User | None, now: datetime
) -> DateProposal:
    """Let the customer have so many business days to answer, and be chased before.

    Nothing happens to a proposal that is no draft any more.
    """
    with one_transaction():
        stored = lock_proposal(proposal)
        if stored.state != ProposalState.DRAFT:
            return stored
        calendar = stored.engagement.customer.calendar
        days = portal_settings()[ANSWER_DAYS]
        stored.state, stored.sent_at = ProposalState.SENT, sent_at
        stored.answer_by = answer_due(sent_at, days, calendar)
        stored.save(update_fields=["state", "sent_at", "answer_by"])
        hold_all(stored, stored.answer_by, is_chased=True, by=by, now=now)
        put_sent_anchor(stored, sent_at, by=by, now=now)
        changes = {"answer_by": [None, stored.answer_by]}
        tell("dates-sent", stored, changes, by=by, now=now)
        step = confirming_step(stored)
        if step is not None and by is not None:
            wait_for_customer(step, by=by, now=now)
        return stored


def mark_unsent(
    proposal: DateProposal, *, by: User | None, reason: str, now: datetime
) -> DateProposal:
    """Take back that the customer has the dates: the mail never reached anybody."""
    with one_transaction():
        stored = lock_proposal(proposal)
        if stored.state != ProposalState.SENT:
            return stored
        stored.state, stored.sent_at, stored.answer_by = ProposalState.DRAFT, None, None
        stored.save(update_fields=["state", "sent_at", "answer_by"])
        until = soft_hold_ends(now, portal_settings()[SOFT_DAYS])
        hold_all(stored, until, is_chased=False, by=by, now=now)
        put_sent_anchor(stored, None, by=by, now=now)
        tell("dates-unsent", stored, {}, by=by, reason=reason, now=now)
        ours_again(stored, now=now)
        return stored


def hold_all(
    proposal: DateProposal,
    until: datetime,
    *,
    is_chased: bool,
    by: User | None,
    now: datetime,
) -> None:
    """Let every standing hold of the proposal end at this moment."""
    reason = _("Proposed to the customer.") if is_chased else _("Not sent.")
    for option in options_of(proposal):
        if is_held(option):
            assert option.allocation is not None  # noqa: S101 (types)
            hold_until(
                option.allocation,
                until,
                is_chased=is_chased,
                by=by,
                reason=reason,
                now=now,
            )


def is_held(option: DateOption) -> bool:
    """Tell whether the days of the option's trainer are still held softly for it."""
    hold = option.allocation
    return (
        hold is not None
        and hold.is_active
        and hold.hold == Hold.SOFT
        and hold.person_id == option.trainer_id
    )


def put_sent_anchor(
    proposal: DateProposal, value: datetime | None, *, by: User | None, now: datetime
) -> None:
    """Date what the chase counts from."""
    if proposal.checklist is not None:
        set_anchor(proposal.checklist, "proposal_sent", value, by=by, now=now)


def confirming_step(proposal: DateProposal) -> Step | None:
    """Return the open step of getting the customer's yes."""
    step = step_of(proposal.engagement, StepKey.DATES_CONFIRMED)
    return step if step is not None and step.state == StepState.OPEN else None


def ours_again(proposal: DateProposal, *, now: datetime) -> None:
    """Let us have the ball again, unless other dates still wait for the customer."""
    step = confirming_step(proposal)
    others = DateProposal.objects.filter(
        engagement=proposal.engagement, state=ProposalState.SENT
    )
    if step is not None and step.ball_with and not others.exists():
        pass_step(step, "", by=None, now=now)


def look_at_proposals(now: datetime) -> int:
    """Let proposals lapse whose holds have ended without an answer; return how many.

    One that fails stops no other.
    """
    lapsed = 0
    for proposal in ended(now):
        try:
            lapsed += lapse(proposal, now=now)
        except Exception:
            logger.exception("The proposal %s could not lapse.", proposal.pk)
    return lapsed


def ended(now: datetime) -> list[DateProposal]:
    """Return open proposals whose time is over: sent ones, and drafts nobody sent."""
    sent, drafts = ended_sent(now), ended_drafts(now)
    return [*sent.order_by("answer_by", "pk")[:BATCH], *drafts.order_by("pk")[:BATCH]]


def ended_sent(now: datetime) -> QuerySet[DateProposal]:
    """Return those that the customer has not answered: a range of their own index."""
    rows = DateProposal.objects.select_related("engagement__customer")
    return rows.filter(state=ProposalState.SENT, answer_by__lte=now)


def ended_drafts(now: datetime) -> QuerySet[DateProposal]:
    """Return those that nobody sent while the days were held (R-8)."""
    over = Allocation.objects.filter(
        state=AllocationState.ACTIVE,
        hold=Hold.SOFT,
        expires_at__lte=now,
        date_option__proposal__state=ProposalState.DRAFT,
    )
    rows = DateProposal.objects.select_related("engagement__customer")
    return rows.filter(pk__in=over.values("date_option__proposal"))


def lapse(proposal: DateProposal, *, now: datetime) -> bool:
    """R-8: free the days of a proposal that nobody answered, and tell of it once.

    Of two workers one finds it decided already.
    """
    with one_transaction():
        stored = lock_proposal(proposal)
        was_sent = stored.state == ProposalState.SENT
        over = ended_sent(now) if was_sent else ended_drafts(now)
        if not over.filter(pk=stored.pk).exists():
            return False
        reason = (
            _("No answer came in time.") if was_sent else _("The dates were not sent.")
        )
        free_holds(stored, reason, state=AllocationState.EXPIRED, by=None, now=now)
        close(stored, ProposalState.LAPSED, by=None, reason=reason, now=now)
        ours_again(stored, now=now)
        tell_lapsed(stored, was_sent=was_sent, now=now)
        return True


def tell_lapsed(proposal: DateProposal, *, was_sent: bool, now: datetime) -> None:
    """Mail who proposed the dates, and who coordinates, that their days are free."""
    first = (
        _("Nobody answered. The dates were sent on %(day)s:")
        if was_sent
        else _("The dates were never sent:")
    )
    sent = proposal.sent_at or proposal.created_at
    day = day_text(local_day(sent, proposal.engagement.customer.zone))
    news = News(
        subject=proposal,
        event=f"lapsed-{proposal.sent_at or ''}",
        engagement=proposal.engagement,
        title=_("Proposed dates have lapsed: %(title)s") % {"title": proposal.title},
        lines=(
            first % {"day": day},
            *(line_of(proposal, option) for option in options_of(proposal)),
            _("The days are free again. Propose others, or the same once more."),
        ),
        url=proposal.get_absolute_url(),
        why=_("You proposed these dates, or coordinate the training."),
        kind=KIND,
        reason=CHANGE,
    )
    tell_people(news, people_of(proposal), by=None, now=now)


def line_of(proposal: DateProposal, option: DateOption) -> str:
    """Say when a set begins, and who would have taught."""
    first = option.sessions.all()[0]
    return _("Option %(option)s: from %(start)s, %(trainer)s") % {
        "option": letter(option.order),
        "start": moment_text(first.starts_at, "", proposal.zone),
        "trainer": option.trainer or _("no trainer"),
    }


def people_of(proposal: DateProposal) -> Iterable[User | Pool]:
    """Return who proposed the dates and who coordinates the training."""
    owner = assignment_for(EngagementRole.TC, owners_of(proposal.engagement))
    found = [proposal.created_by, owner.person or owner.pool]
    return [one for one in dict.fromkeys(found) if one is not None]


def register_proposal_mails() -> None:
    """Name the kind of mail to colleagues."""
    register_kind(KIND, gettext_lazy("Proposed dates"))
