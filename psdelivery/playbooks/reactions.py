"""What the playbook engine does when something happens to people."""

from psdelivery.people.events import PersonLeft
from psdelivery.playbooks.services.leavers import give_back_steps
from psdelivery.registry import reactions


def on_person_left(event: PersonLeft) -> None:
    """R-23: let the pools have the open steps of somebody who has left."""
    give_back_steps(event.person, now=event.at)


def register_reactions() -> None:
    """Enter the reactions of the playbook engine."""
    reactions.register(PersonLeft, on_person_left)
