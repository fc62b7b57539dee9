"""What the playbook engine does when something happens to people, or to a mail."""

from psdelivery.outbox.events import MessageBounced, MessageSent
from psdelivery.outbox.templates import register_guard
from psdelivery.people.events import PersonLeft
from psdelivery.playbooks.services.leavers import give_back_steps
from psdelivery.playbooks.services.step_mail import (
    reasons_against_step_mail,
    reopen_after_bounce,
    tick_with_mail,
)
from psdelivery.registry import reactions


def on_person_left(event: PersonLeft) -> None:
    """R-23: let the pools have the open steps of somebody who has left."""
    give_back_steps(event.person, now=event.at)


def register_reactions() -> None:
    """Enter the reactions of the playbook engine."""
    reactions.register(PersonLeft, on_person_left)
    reactions.register(MessageSent, tick_with_mail)
    reactions.register(MessageBounced, reopen_after_bounce)
    register_guard("steps", reasons_against_step_mail)
