"""What happens to people and customers, for the places below to react to.

History and mail lie below people, so they are told and not called.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model

from psdelivery.people.models import TimeOff, User

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


@dataclass(frozen=True, kw_only=True)
class PersonLeft:
    """A person no longer works here; open work goes back to the pools (R-23)."""

    person: User
    by: User | None
    at: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class LogInLinkWanted:
    """A person is to get a mail with the link to choose a password."""

    person: User
    by: User | None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class TimeOffChanged:
    """Time off was entered, changed, decided or cancelled (R-23).

    `change` is one of entered, edited, approved, refused, cancelled.
    """

    time_off: TimeOff
    by: User | None
    at: datetime
    change: str
