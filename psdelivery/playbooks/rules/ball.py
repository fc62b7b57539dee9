"""Who must move next on a step (glossary: ball with).

Pure: no writes, no clock, no request.
"""

from dataclasses import dataclass
from datetime import datetime

from psdelivery.people.choices import ACCOUNT_ROLES, EngagementRole
from psdelivery.playbooks.choices import BallWith
from psdelivery.playbooks.models import Step


@dataclass(frozen=True)
class Ball:
    """With whom the ball is, and since when; `is_by_hand`: somebody said so."""

    party: BallWith
    since: datetime | None
    is_by_hand: bool

    @property
    def is_elsewhere(self) -> bool:
        """Whether others than us must move."""
        return self.party not in {BallWith.US, BallWith.NOBODY}


def party_of(step: Step) -> BallWith:
    """Return who must move by what the step is: its owner's side."""
    if step.contact_id is not None or step.owner_role == EngagementRole.CONTACT:
        return BallWith.CUSTOMER
    if step.owner_role in ACCOUNT_ROLES:
        return BallWith.SALES
    if step.owner_role == EngagementRole.FINANCE:
        return BallWith.FINANCE
    return BallWith.US


def ball_of(step: Step) -> Ball:
    """Return with whom the ball of a step is: said by hand, else by its owner."""
    if step.ball_with:
        return Ball(BallWith(step.ball_with), step.ball_since, True)
    return Ball(party_of(step), step.open_since, False)


def is_homework(step: Step) -> bool:
    """Tell whether a step waits for a contact of the customer, who can do it now.

    It is open and theirs, has its date, and nobody said that others must move first.
    """
    is_theirs = step.is_open and step.contact_id is not None
    return is_theirs and step.due_at is not None and is_with_customer(step)


def is_with_customer(step: Step) -> bool:
    """Tell whether the customer must move next on a step."""
    return ball_of(step).party is BallWith.CUSTOMER
