"""The customer says yes to one of the proposed sets: it becomes the class.

R-2: nothing is promised before the gate is open. What was held for the trainer is the
class's booking from then on; the days of the other sets are free.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.queries import gate_for, step_of
from engagements.services.evidence_steps import tick_if_ready
from psdelivery.documents.models import Document
from psdelivery.documents.services import save_evidence
from psdelivery.people.models import User
from psdelivery.people.moments import day_text, local_day
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.choices import EvidenceWanted
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.registry import Reason, RuleRefused, refuse
from scheduling.choices import Hold
from scheduling.rules.booking import soft_hold_ends
from scheduling.services.bookings import bring_in
from scheduling.services.soft_holds import hold_until
from scheduling.settings import SOFT_DAYS
from training.choices import ProposalState, StepKey
from training.models import DateOption, DateProposal, Delivery
from training.rules.proposals import letter, reasons_against_confirming
from training.rules.times import SessionTimes
from training.services.deliveries import confirm_delivery, plan_delivery
from training.services.proposal_sending import is_held
from training.services.proposals import close, free_holds, lock_proposal
from training.services.trainer_bookings import book_trainer, keep, standing


@dataclass(frozen=True, kw_only=True)
class Yes:
    """The customer's yes: whose, on which day, and what proves it.

    `given` is what came out of `EvidenceFields`, where there was anything; `reason`
    why a trainer who is not certified teaches (R-14).
    """

    said_by: str
    said_on: date
    note: str = ""
    reason: str = ""
    given: Mapping[str, Any] | None = None

    @property
    def words(self) -> str:
        """The yes in a sentence, for the steps that ask who said it and when."""
        said = _("%(who)s said yes on %(day)s.") % {
            "who": self.said_by,
            "day": day_text(self.said_on),
        }
        return f"{said} {self.note}".strip()


@dataclass(frozen=True)
class Confirmed:
    """The class, and why its trainer is not booked hard, if so."""

    delivery: Delivery
    warnings: list[Reason]


def confirm(option: DateOption, yes: Yes, *, by: User, now: datetime) -> Confirmed:
    """Make a class of the chosen set; raises RuleRefused, and nothing has changed then.

    Against it stand a decided proposal, a closed gate (R-2, with the evidence that
    lacks), a trainer who is elsewhere at that time (R-22), and a missing reason for one
    who is not certified (R-14).
    """
    evidence: Document | None = None
    try:
        with one_transaction():
            proposal = lock_proposal(option.proposal)
            refuse(against(proposal, yes, now))
            option = proposal.options.select_related("trainer", "allocation").get(
                pk=option.pk
            )
            evidence = evidence_of(proposal, yes, by=by, now=now)
            delivery = class_of(proposal, option, yes.reason, by=by, now=now)
            choose(proposal, option, delivery, by=by, now=now)
            warnings = book(option, delivery, by=by, now=now)
            tick_steps(proposal, delivery, yes, evidence, by=by, now=now)
            return Confirmed(delivery, warnings)
    except BaseException:
        # No row, no file: nobody would ever find it again.
        if evidence is not None and evidence.file:
            evidence.file.delete(save=False)
        raise


def against(proposal: DateProposal, yes: Yes, now: datetime) -> list[Reason]:
    """Return what stands against confirming a set of this proposal."""
    gate = gate_for(proposal.engagement, now)
    today = local_day(now, proposal.engagement.customer.zone)
    return reasons_against_confirming(proposal, gate, yes.said_on, today=today)


def evidence_of(
    proposal: DateProposal, yes: Yes, *, by: User, now: datetime
) -> Document | None:
    """Keep the file or link that proves the yes, if there is one."""
    if not yes.given:
        return None
    title = _("Dates confirmed: %(title)s") % {"title": proposal.title}
    return save_evidence(
        yes.given, title=title, engagement=proposal.engagement, by=by, now=now
    )


def class_of(
    proposal: DateProposal,
    option: DateOption,
    reason: str,
    *,
    by: User,
    now: datetime,
) -> Delivery:
    """Enter the class with the sessions of the chosen set, as the course has it."""
    course = proposal.course
    delivery = Delivery(
        engagement=proposal.engagement,
        course=course,
        title=proposal.title,
        trainer=option.trainer,
        seats=course.seats,
        with_labs=course.has_labs,
        with_certification=course.has_certification,
    )
    times = [
        SessionTimes(one.starts_at, one.ends_at, proposal.zone)
        for one in option.sessions.all()
    ]
    return plan_delivery(delivery, times, reason=reason, by=by, now=now)


def choose(
    proposal: DateProposal,
    option: DateOption,
    delivery: Delivery,
    *,
    by: User,
    now: datetime,
) -> None:
    """Note which set it is, and free the days of the others."""
    option.is_chosen = True
    option.save(update_fields=["is_chosen"])
    proposal.delivery = delivery
    reason = _("Option %(option)s was confirmed.") % {"option": letter(option.order)}
    free_holds(proposal, reason, without=option, by=by, now=now)
    close(proposal, ProposalState.CONFIRMED, by=by, reason=reason, now=now)


def book(
    option: DateOption, delivery: Delivery, *, by: User, now: datetime
) -> list[Reason]:
    """Let the trainer's hold be the booking of the class: hard, where the days allow.

    R-6: where they are full it stays soft, as long as any other; why is returned.
    """
    if option.trainer is None:
        return []
    hold = option.allocation if is_held(option) else None
    if hold is not None:
        keep(delivery, hold)
    warnings = booked_hard(delivery, by=by, now=now)
    if warnings and hold is not None:
        until = soft_hold_ends(now, portal_settings()[SOFT_DAYS])
        reason = _("The dates are confirmed.")
        hold_until(hold, until, is_chased=False, by=by, reason=reason, now=now)
    elif warnings:
        with suppress(RuleRefused), transaction.atomic():
            book_trainer(delivery, Hold.SOFT, by=by, now=now)
    for row in standing(delivery):
        reason = _("Teaches %(class)s.") % {"class": delivery}
        bring_in(row.allocation, by=by, reason=reason, now=now)
    return warnings


def booked_hard(delivery: Delivery, *, by: User, now: datetime) -> list[Reason]:
    """Book the trainer hard; return what stands against it, and nothing is changed."""
    try:
        with transaction.atomic():
            reason = _("The customer confirmed the dates.")
            book_trainer(delivery, Hold.HARD, by=by, reason=reason, now=now)
    except RuleRefused as refused:
        return list(refused.reasons)
    return []


def tick_steps(
    proposal: DateProposal,
    delivery: Delivery,
    yes: Yes,
    evidence: Document | None,
    *,
    by: User,
    now: datetime,
) -> None:
    """Tick the steps of the yes, of the engagement and of the class.

    A step that waits for something else, or for evidence that was not given, stays;
    the class counts as confirmed all the same.
    """
    completion = Completion(evidence=evidence, note=yes.words)
    times = Step.objects.open().filter(
        checklist=delivery.checklist_id, key=StepKey.TIMES_CONFIRMED
    )
    tick_if_ready(times.first(), completion, by=by, now=now)
    # The tick may have confirmed it.
    delivery.refresh_from_db(fields=["state"])
    confirm_delivery(delivery, by=by, now=now)
    dates = step_of(proposal.engagement, StepKey.DATES_CONFIRMED)
    tick_if_ready(dates, completion, by=by, now=now)


def wants_evidence(proposal: DateProposal) -> bool:
    """Tell whether the step of the customer's yes asks for a link or a file."""
    step = step_of(proposal.engagement, StepKey.DATES_CONFIRMED)
    wanted = EvidenceWanted.LINK_OR_FILE
    return step is not None and step.is_open and step.evidence_wanted == wanted
