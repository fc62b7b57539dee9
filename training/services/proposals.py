"""Propose dates for a class: each set holds the days of its trainer softly.

domain.md, section 5 (1). Locks in this order: engagement, proposal, bookings, days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.owners import owners_of
from engagements.queries import step_of
from engagements.services.gate import lock_engagement
from psdelivery.history.services import Changes, record
from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import User
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.services.checklists import (
    ChecklistDraft,
    cancel_steps,
    change_owners,
    start_checklist,
)
from psdelivery.registry import Reason, RuleRefused, refuse
from scheduling.choices import AllocationState, Hold
from scheduling.models import Allocation, AllocationDay
from scheduling.services.bookings import Change, Placement, place, release
from scheduling.services.capacity import Key, lock_days
from training.choices import OPEN_PROPOSALS, ProposalState, StepKey
from training.models import Course, DateOption, DateProposal, ProposedSession
from training.rules.classes import reasons_against_planning
from training.rules.proposals import (
    Proposed,
    letter,
    of_option,
    reasons_against_open,
    reasons_against_options,
)
from training.rules.trainer_days import hours_by_day

ANSWER_DAYS = "training.answer_days"
PLAYBOOK = "date-proposal"
NOTE_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class ProposalDraft:
    """What is proposed: two or three sets of dates for a course, told in a zone."""

    engagement: Engagement
    course: Course
    title: str
    zone: str
    options: Sequence[Proposed]


def propose(draft: ProposalDraft, *, by: User, now: datetime) -> DateProposal:
    """Propose dates and hold the trainers' days; raises RuleRefused.

    R-2: the rule of the stage is asked for each hold. Until the dates are sent a hold
    stands as long as any other (R-8).
    """
    with one_transaction():
        lock_engagement(draft.engagement)
        refuse(reasons_against_planning(draft.engagement))
        refuse(reasons_against_options(draft.options, now=now))
        lock_days({key for one in draft.options for key in days_of(one)})
        proposal = new_proposal(draft, by=by, now=now)
        for order, option in enumerate(draft.options):
            add_option(proposal, order, option, by=by, now=now)
        words = {"options": [None, len(draft.options)]}
        tell("dates-proposed", proposal, words, by=by, now=now)
        return proposal


def days_of(option: Proposed) -> set[Key]:
    """Return the days of capacity that a set of dates would hold."""
    if option.trainer is None:
        return set()
    days = hours_by_day(option.sessions, option.trainer.zone)
    return {(option.trainer.pk, day) for day in days}


def new_proposal(draft: ProposalDraft, *, by: User, now: datetime) -> DateProposal:
    """Write the proposal without its options, with its checklist."""
    proposal = DateProposal.objects.create(
        engagement=draft.engagement,
        course=draft.course,
        title=draft.title,
        zone=draft.zone,
        created_at=now,
        created_by=by,
    )
    proposal.checklist = start_proposal_checklist(proposal, by=by, now=now)
    proposal.save(update_fields=["checklist"])
    return proposal


def start_proposal_checklist(
    proposal: DateProposal, *, by: User | None, now: datetime
) -> Checklist:
    """Make the short checklist by which silence is chased."""
    engagement, customer = proposal.engagement, proposal.engagement.customer
    draft = ChecklistDraft(
        playbook_key=PLAYBOOK,
        title=_("Dates proposed: %(title)s") % {"title": proposal.title},
        owners=owners_of(engagement),
        zone=proposal.zone,
        country=customer.country,
        subdivision=customer.subdivision,
        engagement_id=engagement.pk,
        customer=customer,
        parent=engagement.checklist,
        subject_url=proposal.get_absolute_url(),
        facts=proposal_facts(proposal),
        anchors={"proposed": now, "proposal_sent": None},
    )
    return start_checklist(draft, by=by, now=now)


def proposal_facts(proposal: DateProposal) -> dict[str, object]:
    """Return the facts that decide which conditional steps a proposal has."""
    return {"kind": proposal.engagement.kind, "own_mail": has_own_mail(proposal)}


def has_own_mail(proposal: DateProposal) -> bool:
    """Tell whether the dates came after the welcome mail, which else tells them."""
    welcome = step_of(proposal.engagement, StepKey.WELCOME)
    if welcome is None or welcome.is_open:
        return welcome is None
    return welcome.done_at is None or welcome.done_at <= proposal.created_at


def add_option(
    proposal: DateProposal,
    order: int,
    option: Proposed,
    *,
    by: User,
    now: datetime,
) -> DateOption:
    """Write a set of dates, and hold the days of its trainer."""
    stored = DateOption(proposal=proposal, order=order, trainer=option.trainer)
    if option.trainer is not None:
        stored.allocation = hold_days(proposal, order, option, by=by, now=now)
    stored.save()
    ProposedSession.objects.bulk_create(
        ProposedSession(option=stored, starts_at=one.starts_at, ends_at=one.ends_at)
        for one in sorted(option.sessions, key=lambda one: one.starts_at)
    )
    return stored


def hold_days(
    proposal: DateProposal, order: int, option: Proposed, *, by: User, now: datetime
) -> Allocation:
    """Hold the trainer's days softly; a refusal names the option."""
    assert option.trainer is not None, "asked for by the caller"  # noqa: S101 (types)
    words = {"title": proposal.title, "option": letter(order)}
    note = _("Proposed: %(title)s, option %(option)s") % words
    wanted = Placement(
        engagement=proposal.engagement,
        role=EngagementRole.TRAINER,
        hold=Hold.SOFT,
        days=hours_by_day(option.sessions, option.trainer.zone),
        person=option.trainer,
        note=note[:NOTE_LENGTH],
        joins=False,
    )
    try:
        return place(wanted, by=by, now=now)
    except RuleRefused as refused:
        raise RuleRefused([named(one, order) for one in refused.reasons]) from refused


def named(reason: Reason, order: int) -> Reason:
    """Return a reason with its option; what the engagement lacks concerns them all."""
    return reason if reason.fix_url else of_option(order, reason)


def lock_proposal(proposal: DateProposal) -> DateProposal:
    """Return the proposal as it is stored, with all locked that deciding changes.

    At once and in one order: whoever books or decides meanwhile waits.
    """
    lock_engagement(proposal.engagement)
    rows = DateProposal.objects.select_for_update(of=("self",)).select_related(
        "course",
        "checklist",
        "engagement__customer",
        "engagement__checklist",
        "engagement__region",
        "engagement__practice__manager",
    )
    stored = rows.get(pk=proposal.pk)
    held = Allocation.objects.active().filter(date_option__proposal=stored)
    ids = list(
        held.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    )
    days = AllocationDay.objects.filter(allocation__in=ids, person__isnull=False)
    lock_days(set(days.values_list("person_id", "day")))
    return stored


def options_of(proposal: DateProposal) -> list[DateOption]:
    """Return the sets with their trainers, holds and sessions (two queries)."""
    needs = ("trainer", "allocation__person", "allocation__engagement__customer")
    options = proposal.options.select_related(*needs).prefetch_related("sessions")
    return list(options)


def withdraw(
    proposal: DateProposal, *, by: User | None, reason: str, now: datetime
) -> DateProposal:
    """Take a proposal back and free its days; raises RuleRefused without a reason."""
    with one_transaction():
        stored = lock_proposal(proposal)
        refuse(reasons_against_open(stored))
        if not reason.strip():
            sentence = _("Say why the dates are taken back.")
            refuse([Reason("reason-missing", sentence)])
        free_holds(stored, reason, by=by, now=now)
        return close(stored, ProposalState.WITHDRAWN, by=by, reason=reason, now=now)


def free_holds(
    proposal: DateProposal,
    reason: str,
    *,
    without: DateOption | None = None,
    state: str = AllocationState.RELEASED,
    by: User | None,
    now: datetime,
) -> None:
    """Free the days of all sets but one."""
    for option in options_of(proposal):
        hold = option.allocation
        if option == without or hold is None or not hold.is_active:
            continue
        release(hold, Change(reason=reason), state=state, by=by, now=now)


def close(
    proposal: DateProposal,
    state: ProposalState,
    *,
    by: User | None,
    reason: str,
    now: datetime,
) -> DateProposal:
    """Let a proposal end in a state; nobody is asked about it any more."""
    before = ProposalState(proposal.state).label
    proposal.state, proposal.decided_at = state, now
    proposal.save(update_fields=["state", "decided_at", "delivery"])
    cancel_steps(Step.objects.filter(checklist=proposal.checklist_id), now=now)
    changes = {"state": [before, state.label]}
    tell(f"dates-{state}", proposal, changes, by=by, reason=reason, now=now)
    return proposal


def tell(
    verb: str,
    proposal: DateProposal,
    changes: Changes,
    *,
    by: User | None,
    reason: str = "",
    now: datetime,
) -> None:
    """Write what happened to a proposal into the history of its engagement."""
    record(
        verb,
        by=by,
        subject=proposal,
        engagement=proposal.engagement,
        changes=changes,
        reason=reason,
        now=now,
    )


def withdraw_all(
    engagement: Engagement, reason: str, *, by: User | None, now: datetime
) -> None:
    """Take back every open proposal of work that does not happen."""
    open_ones = DateProposal.objects.filter(
        engagement=engagement, state__in=OPEN_PROPOSALS
    )
    for proposal in open_ones.order_by("pk"):
        withdraw(proposal, by=by, reason=reason, now=now)


def follow_proposals(engagement: Engagement, *, by: User | None, now: datetime) -> None:
    """Give the open steps of proposals to the present holders of their roles."""
    open_ones = DateProposal.objects.filter(
        engagement=engagement, state__in=OPEN_PROPOSALS, checklist__isnull=False
    ).select_related("checklist")
    if not open_ones:
        return
    owners = owners_of(engagement)
    for proposal in open_ones:
        change_owners(cast(Checklist, proposal.checklist), owners, by=by, now=now)
