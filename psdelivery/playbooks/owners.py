"""Who holds which role for a checklist: a person, or the pool that stands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from psdelivery.people.choices import EngagementRole
from psdelivery.people.models import Contact, Pool, User

COORDINATION = frozenset({EngagementRole.PC, EngagementRole.TC})


@dataclass(frozen=True)
class Owners:
    """The people of a checklist by role, its coordinator, and the pool behind them."""

    pool: Pool
    by_role: Mapping[str, User] = field(default_factory=dict)
    coordinator: User | None = None
    manager: User | None = None
    # Whose the steps of the role "contact" are; the role's holder chases.
    contact: Contact | None = None

    def contact_for(self, role: str) -> Contact | None:
        """Return the customer's contact where the role is theirs (section 4)."""
        return self.contact if role == EngagementRole.CONTACT else None


@dataclass(frozen=True)
class Assignment:
    """The owner of a step: exactly one of the two is set."""

    person: User | None = None
    pool: Pool | None = None


def still_here(person: User | None) -> User | None:
    """Return the person, None for somebody who has left."""
    return person if person is not None and person.is_active else None


def assignment_for(role: str, owners: Owners) -> Assignment:
    """R-23: an owner role without holder goes to the engagement's coordinator.

    Without a coordinator it goes to the region's pool, never to nobody; and never to
    somebody who has left.
    """
    person = still_here(owners.by_role.get(role)) or still_here(owners.coordinator)
    if person is not None:
        return Assignment(person=person)
    return Assignment(pool=owners.pool)
