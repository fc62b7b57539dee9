"""What classes do when something happens to their steps or their engagement."""

from collections.abc import Callable

from django.db.models import Q

from engagements.choices import Status
from engagements.events import ContactChanged, StatusChanged, TeamChanged
from engagements.models import Engagement
from engagements.queries import gate_for
from psdelivery.playbooks.events import StepCompleted, StepReopened
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import cancel_steps
from psdelivery.registry import reactions, refuse
from scheduling.events import StoodIn
from training.choices import DeliveryState, StepKey
from training.models import Delivery, Session, Submission
from training.rules.certification import (
    reasons_against_release,
    reasons_without_release,
)
from training.rules.classes import (
    day_of,
    reasons_against_held,
    reasons_against_promising_dates,
)
from training.services.checklists import follow_owners
from training.services.deliveries import (
    change_trainer,
    confirm_delivery,
    deliveries_of,
)
from training.services.sessions import put_state, settle_held


def follow_team(event: TeamChanged | ContactChanged) -> None:
    """Give the open steps of all classes to the present holders of their roles.

    The homework of a class goes to the customer's main contact of now.
    """
    for delivery in deliveries_of(event.engagement):
        follow_owners(delivery, by=event.by, now=event.now)


def follow_stand_in(event: StoodIn) -> None:
    """Let the stand-in train the classes that meet on the days taken over.

    domain.md, section 5: the class's open steps follow its trainer, and the mail
    about it is drafted with the booking.
    """
    if event.allocation.engagement is None:
        return
    for delivery in deliveries_of(event.allocation.engagement):
        meets = any(
            day_of(one) in event.days and one.held_on is None
            for one in delivery.sessions.all()
        )
        if meets and delivery.trainer_id == event.person.pk:
            change_trainer(
                delivery, event.other, by=event.by, reason=event.reason, now=event.now
            )


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


def keep_review_released(event: StepReopened) -> None:
    """R-13: refuse to reopen a review whose result is out."""
    for submission in Submission.objects.filter(checklist=event.step.checklist_id):
        refuse(reasons_against_release(submission))


ON_TICK: dict[str, Callable[[StepCompleted], None]] = {
    StepKey.HELD: note_held,
    StepKey.DATES_CONFIRMED: confirm_dates,
    StepKey.TIMES_CONFIRMED: confirm_class,
    StepKey.CERTIFICATION_REVIEW: hold_review_to_release,
}
ON_REOPENING: dict[str, Callable[[StepReopened], None]] = {
    StepKey.HELD: take_held_back,
    StepKey.TIMES_CONFIRMED: take_confirmation_back,
    StepKey.CERTIFICATION_REVIEW: keep_review_released,
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

    Reviving an engagement opens all its cancelled steps, these included.
    """
    if event.old != Status.CANCELLED:
        return
    called_off = Delivery.objects.filter(
        engagement=event.engagement, state=DeliveryState.CANCELLED
    ).values("checklist")
    removed = Q(checklist__playbook__key="session", checklist__session_owner=None)
    of_class = Q(checklist__in=called_off) | Q(checklist__parent__in=called_off)
    off = Step.objects.filter(of_class | removed, engagement=event.engagement)
    cancel_steps(off, now=event.now)


def register_reactions() -> None:
    """Enter the reactions of training, in the order in which they run."""
    reactions.register(TeamChanged, follow_team)
    reactions.register(ContactChanged, follow_team)
    reactions.register(StepCompleted, on_step_completed)
    reactions.register(StepReopened, on_step_reopened)
    reactions.register(StatusChanged, keep_called_off)
    reactions.register(StoodIn, follow_stand_in)
