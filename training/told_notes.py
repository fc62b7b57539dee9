"""Who was told of a class already, as the list before a move says it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.outbox.invitations import attendees_of
from psdelivery.people.moments import day_text, local_day
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from training.choices import StepKey
from training.models import Delivery
from training.move_notes import Note, register_cancel_notes, register_move_notes
from training.services.invitations import standing_of
from training.services.moves import SessionPlan
from training.services.news import knows_dates


def link_notes(plan: SessionPlan, now: datetime) -> Iterable[Note]:
    """R-11: say that a registration link that went out is to be sent again."""
    checklist = plan.delivery.checklist
    if checklist is None or not plan.moved:
        return
    step = newest_link_step(checklist.pk)
    if step is None or step.state != StepState.DONE or step.done_at is None:
        return
    sentence = _(
        "The registration link went out on %(day)s. It is to be sent again, with the "
        "new dates: its step comes back."
    )
    day = day_text(local_day(step.done_at, checklist.zone))
    yield Note(sentence % {"day": day}, "warn")


def newest_link_step(checklist: int) -> Step | None:
    """Return the step of the registration link, or its latest re-send."""
    steps = Step.objects.filter(checklist=checklist, key=StepKey.REGISTRATION_LINK)
    standing = steps.exclude(state=StepState.CANCELLED).defer("instructions")
    return standing.order_by("-again", "-pk").first()


def invitation_notes(plan: SessionPlan, now: datetime) -> Iterable[Note]:
    """R-20: say whose calendar entries change, and that the customer gets a mail."""
    people = invited_names(plan.delivery)
    if people:
        sentence = _(
            "Calendar entries change for %(people)s, as soon as the move can no longer "
            "be undone."
        )
        yield Note(sentence % {"people": ", ".join(people)})
    if knows_dates(plan.delivery):
        sentence = _("A mail with the new dates is drafted for the main contact.")
        yield Note(sentence)


def notes_of_calling_off(delivery: Delivery, now: datetime) -> Iterable[Note]:
    """Say whose calendar entries go, what is free again, and who gets a mail."""
    people = invited_names(delivery)
    if people:
        sentence = _("Calendar entries are taken back: %(people)s.")
        yield Note(sentence % {"people": ", ".join(people)})
    if delivery.host is not None:
        sentence = _("%(host)s is free at these times again.")
        yield Note(sentence % {"host": delivery.host})
    if knows_dates(delivery):
        sentence = _("A mail that calls the class off is drafted for the main contact.")
        yield Note(sentence)


def registered_notes(plan: SessionPlan, now: datetime) -> Iterable[Note]:
    """Say how many people are registered for the old dates."""
    yield from notes_of_registered(plan.delivery)


def notes_of_registered(
    delivery: Delivery, now: datetime | None = None
) -> Iterable[Note]:
    """Say how many people have registered so far."""
    count = delivery.attendees.filter(cancelled_at__isnull=True).count()
    if count:
        words = ngettext(
            "%(n)d person is registered and has to be told.",
            "%(n)d people are registered and have to be told.",
            count,
        )
        yield Note(words % {"n": count}, "warn")


def invited_names(delivery: Delivery) -> list[str]:
    """Return who has calendar entries of the sessions, each once."""
    standing = standing_of(delivery).values()
    names = [guest.name for one in standing for guest in attendees_of(one)]
    return list(dict.fromkeys(names))


def register_told_notes() -> None:
    """Let moves of classes say who was told already."""
    register_move_notes("link", link_notes, order=10)
    register_move_notes("registered", registered_notes, order=12)
    register_move_notes("invitations", invitation_notes, order=40)
    register_cancel_notes("registered", notes_of_registered, order=12)
    register_cancel_notes("invitations", notes_of_calling_off, order=40)
