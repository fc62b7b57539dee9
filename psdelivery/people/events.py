"""What happens to people and customers, for the places below to react to.

History and mail lie below people, so they are told and not called.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from django.db.models import Model

from psdelivery.people.models import Contact, TimeOff, User


class Withheld(Enum):
    """Stands for a value that the history must not keep: nobody could erase it."""

    PERSONAL = "personal"


Changes = Mapping[str, tuple[object, object]]


@dataclass(frozen=True, kw_only=True)
class RecordChanged:
    """A record was added or changed; the history writes it down."""

    verb: str
    subject: Model
    by: User | None
    at: datetime
    changes: Changes = field(default_factory=dict)
    reason: str = ""
    on_behalf_of: User | None = None


@dataclass(frozen=True, kw_only=True)
class PersonLeft:
    """A person no longer works here; open work goes back to the pools (R-23)."""

    person: User
    by: User | None
    at: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonalDataErased:
    """Somebody's own data are gone: places below replace what they hold of them.

    What was before is told for finding it, and must not be kept. `address` is what
    stands for the mail address from now on; no mail can go there.
    """

    subject: User | Contact
    old_username: str
    old_address: str
    old_name: str
    address: str
    by: User | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class LogInLinkWanted:
    """A person is to get a mail with the link to choose a password."""

    person: User
    by: User | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TimeOffChanged:
    """Time off was entered, changed, decided or cancelled (R-23).

    `change` is one of entered, edited, approved, refused, cancelled; `before` what
    was edited as it stood.
    """

    time_off: TimeOff
    by: User | None
    at: datetime
    change: str
    before: TimeOff | None = None


@dataclass(frozen=True, kw_only=True)
class WorkingHoursChanged:
    """From a day on a person works other hours; a fact, never refused (R-6)."""

    person: User
    first: date
    by: User | None
    at: datetime
