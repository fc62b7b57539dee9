"""What classes do when something happens to their steps or their engagement."""

from collections.abc import Callable

from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.choices import Status
from engagements.events import ContactChanged, StatusChanged, TeamChanged
from engagements.models import Engagement
from engagements.queries import gate_for
from engagements.registry import facts
from psdelivery.outbox.events import MessageBounced, MessageSent
from psdelivery.playbooks.events import StepCompleted, StepReopened, StepSetAside
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import cancel_steps
from psdelivery.registry import reactions, refuse
from scheduling.events import StoodIn
from training.choices import (
    OPEN_PROPOSALS,
    DeliveryState,
    ProposalState,
    StepKey,
)
from training.labs_queries import lab_situation, labs_url
from training.models import DateProposal, Delivery, Session, Submission
from training.rules.certification import (
    reasons_against_release,
    reasons_against_setting_aside,
    reasons_without_release,
)
from training.rules.classes import (
    day_of,
    reasons_against_held,
    reasons_against_promising_dates,
)
from training.rules.labs import reasons_without_code, reasons_without_grant
from training.rules.roster import TrainingProof
from training.rules.times import SessionTimes
from training.rules.trainer_days import hours_by_day
from training.services.checklists import follow_owners
from training.services.deliveries import confirm_delivery, deliveries_of
from training.services.meeting_answers import note_reopened, note_tick
from training.services.parking_lot import settle_parking_lot
from training.services.proposal_sending import mark_unsent, note_sent, told_by
from training.services.proposals import follow_proposals, withdraw_all
from training.services.roster import follow_roster, note_rosters_in
from training.services.sessions import put_state, settle_held
from training.services.standing_in import hand_over_booking


def follow_team(event: TeamChanged | ContactChanged) -> None:
    """Give the open steps of all classes to the present holders of their roles.

    The homework of a class goes to the customer's main contact of now.
    """
    for delivery in deliveries_of(event.engagement):
        follow_owners(delivery, by=event.by, now=event.now)
    follow_proposals(event.engagement, by=event.by, now=event.now)


def follow_stand_in(event: StoodIn) -> None:
    """Let the stand-in train the classes that meet on the days taken over.

    domain.md, section 5: the class's open steps follow its trainer, and the mail
    about it is drafted with the booking. Why it is them stands in the history, also
    where they are not certified (R-14).
    """
    if event.allocation.engagement is None:
        return
    for delivery in deliveries_of(event.allocation.engagement):
        if delivery.trainer_id == event.person.pk and meets_on(delivery, event):
            hand_over_booking(delivery, event)


def meets_on(delivery: Delivery, event: StoodIn) -> bool:
    """Tell whether the class has a session to come on the days taken over.

    On its own clock, or on that of who cannot come: their days were handed over.
    """
    waiting = [one for one in delivery.sessions.all() if one.held_on is None]
    times = [SessionTimes(one.starts_at, one.ends_at, one.zone) for one in waiting]
    there = {day for one in times for day in one.days}
    days = there | hours_by_day(times, event.person.zone).keys()
    return bool(days & set(event.days))


def note_held(event: StepCompleted) -> None:
    """Date a session that was held; the last one makes the class held.

    Raises RuleRefused before the session has begun, which takes the tick back.
    """
    session = session_of(event.step)
    if session is None:
        return
    refuse(reasons_against_held(session, now=event.now))
    session.held_on = day_of(session)
    session.save(update_fields=["held_on"])
    settle_held(session.delivery, by=event.by, now=event.now)
    follow_roster(session.delivery, by=event.by, now=event.now)
    settle_parking_lot(session.delivery, by=event.by, now=event.now)


def take_held_back(event: StepReopened) -> None:
    """Let a session count as not held when its tick is taken back."""
    session = session_of(event.step)
    if session is None:
        return
    session.held_on = None
    session.save(update_fields=["held_on"])
    settle_held(session.delivery, by=event.by, now=event.now)


def session_of(step: Step) -> Session | None:
    """Return the session whose checklist the step stands on."""
    sessions = Session.objects.select_related("delivery__engagement")
    return sessions.filter(checklist=step.checklist_id).first()


def confirm_class(event: StepCompleted) -> None:
    """R-2: the times of a class are promised; refused while the gate is closed.

    Raises RuleRefused, which takes the tick back.
    """
    for delivery in classes_of(event.step):
        confirm_delivery(delivery, by=event.by, now=event.now)


def confirm_dates(event: StepCompleted) -> None:
    """R-2: the customer said yes to the dates; refused while the gate is closed.

    Every class that is planned counts as confirmed. Raises RuleRefused, which takes
    the tick back.
    """
    for engagement in Engagement.objects.filter(checklist=event.step.checklist_id):
        refuse(reasons_against_promising_dates(gate_for(engagement, event.now)))
        for delivery in deliveries_of(engagement):
            confirm_delivery(delivery, by=event.by, now=event.now)


def take_confirmation_back(event: StepReopened) -> None:
    """Let a class count as planned when the tick on its times is taken back."""
    for delivery in classes_of(event.step):
        if delivery.state == DeliveryState.CONFIRMED:
            verb = "delivery-unconfirmed"
            put_state(delivery, DeliveryState.PLANNED, verb, by=event.by, now=event.now)


def classes_of(step: Step) -> list[Delivery]:
    """Return the class on whose checklist the step stands, if it is one."""
    classes = Delivery.objects.select_related("engagement")
    return list(classes.filter(checklist=step.checklist_id))


def hold_review_to_release(event: StepCompleted) -> None:
    """R-13: refuse to tick a review whose result is not released."""
    for submission in Submission.objects.filter(checklist=event.step.checklist_id):
        refuse(reasons_without_release(submission))


def keep_review(event: StepSetAside) -> None:
    """R-13: refuse to leave a review out while its result is waited for."""
    if event.step.key != StepKey.CERTIFICATION_REVIEW:
        return
    for submission in Submission.objects.filter(checklist=event.step.checklist_id):
        refuse(reasons_against_setting_aside(submission))


def keep_review_released(event: StepReopened) -> None:
    """R-13: refuse to reopen a review whose result is out."""
    for submission in Submission.objects.filter(checklist=event.step.checklist_id):
        refuse(reasons_against_release(submission))


def note_rosters(event: StepCompleted) -> None:
    """Count rosters as in that were handed to finance in another way."""
    for engagement in Engagement.objects.filter(checklist=event.step.checklist_id):
        note_rosters_in(engagement, by=event.by, now=event.now)


def hold_revenue_to_rosters(event: StepCompleted) -> None:
    """R-17: training revenue is released when held and the rosters are in.

    Raises RuleRefused, which takes the tick back.
    """
    for engagement in Engagement.objects.filter(checklist=event.step.checklist_id):
        proof = facts.read(TrainingProof, engagement)
        refuse(proof.missing if proof else ())


def hold_code_to_record(event: StepCompleted) -> None:
    """R-12: refuse to tick the step of the code without a code that lasts.

    Raises RuleRefused, which takes the tick back.
    """
    for delivery in classes_of(event.step):
        situation = lab_situation(delivery)
        if situation.window and not situation.has_enough(event.now):
            refuse(reasons_without_code(labs_url(delivery)))


def hold_extension_to_grant(event: StepCompleted) -> None:
    """R-12: refuse to tick the step of the extension before it was granted.

    Raises RuleRefused, which takes the tick back.
    """
    for delivery in classes_of(event.step):
        if lab_situation(delivery).warnings:
            refuse(reasons_without_grant(labs_url(delivery)))


ON_TICK: dict[str, Callable[[StepCompleted], None]] = {
    StepKey.HELD: note_held,
    StepKey.DATES_CONFIRMED: confirm_dates,
    StepKey.TIMES_CONFIRMED: confirm_class,
    StepKey.CERTIFICATION_REVIEW: hold_review_to_release,
    StepKey.PLANNING_ACCEPTED: note_tick,
    StepKey.ROSTER_IN: note_rosters,
    StepKey.REVENUE_RELEASED: hold_revenue_to_rosters,
    StepKey.LAB_CODE: hold_code_to_record,
    StepKey.CODE_COVERS: hold_extension_to_grant,
}
ON_REOPENING: dict[str, Callable[[StepReopened], None]] = {
    StepKey.HELD: take_held_back,
    StepKey.TIMES_CONFIRMED: take_confirmation_back,
    StepKey.CERTIFICATION_REVIEW: keep_review_released,
    StepKey.PLANNING_ACCEPTED: note_reopened,
}


def on_step_completed(event: StepCompleted) -> None:
    """Do what the tick of a step that training knows brings with it."""
    react = ON_TICK.get(event.step.key)
    if react is not None:
        react(event)


def on_step_reopened(event: StepReopened) -> None:
    """Take back what the tick of a step that training knows brought with it."""
    react = ON_REOPENING.get(event.step.key)
    if react is not None:
        react(event)


def keep_called_off(event: StatusChanged) -> None:
    """Leave the steps of classes and sessions called off before cancelled.

    So are those of proposed dates that were decided on. Reviving an engagement opens
    all its cancelled steps, these included.
    """
    if event.old != Status.CANCELLED:
        return
    called_off = Delivery.objects.filter(
        engagement=event.engagement, state=DeliveryState.CANCELLED
    ).values("checklist")
    removed = Q(checklist__playbook__key="session", checklist__session_owner=None)
    of_class = Q(checklist__in=called_off) | Q(checklist__parent__in=called_off)
    decided = DateProposal.objects.filter(engagement=event.engagement).exclude(
        state__in=OPEN_PROPOSALS
    )
    of_proposal = Q(checklist__in=decided.values("checklist"))
    off = Step.objects.filter(
        of_class | removed | of_proposal, engagement=event.engagement
    )
    cancel_steps(off, now=event.now)


def hold_for_customer(event: MessageSent) -> None:
    """The customer has the proposed dates: hold them until the answer."""
    note_sent(event.message, event.sent_at, by=event.by, now=event.now)


def hold_for_nobody(event: MessageBounced) -> None:
    """The mail came back: what it proposed has not reached anybody."""
    sent = told_by(event.message).filter(
        state=ProposalState.SENT, sent_at=event.message.sent_at
    )
    reason = _("The mail came back: %(reason)s") % {"reason": event.reason}
    for proposal in sent.order_by("pk"):
        mark_unsent(proposal, by=event.by, reason=reason, now=event.now)


def drop_proposals(event: StatusChanged) -> None:
    """Take proposed dates back when the work is cancelled."""
    if event.new == Status.CANCELLED:
        reason = _("The engagement is cancelled.")
        withdraw_all(event.engagement, reason, by=event.by, now=event.now)


def register_reactions() -> None:
    """Enter the reactions of training, in the order in which they run."""
    reactions.register(TeamChanged, follow_team)
    reactions.register(ContactChanged, follow_team)
    reactions.register(StepCompleted, on_step_completed)
    reactions.register(StepReopened, on_step_reopened)
    reactions.register(StepSetAside, keep_review)
    reactions.register(StatusChanged, keep_called_off)
    reactions.register(StatusChanged, drop_proposals)
    reactions.register(StoodIn, follow_stand_in)
    reactions.register(MessageSent, hold_for_customer)
    reactions.register(MessageBounced, hold_for_nobody)
