"""What the engagement tells the places below it, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from engagements.models import Engagement
from psdelivery.people.models import User


@dataclass(frozen=True)
class StatusChanged:
    engagement: Engagement
    old: str
    new: str
    by: User | None
    now: datetime


@dataclass(frozen=True)
class TeamChanged:
    engagement: Engagement
    by: User | None
    now: datetime


@dataclass(frozen=True)
class ContactChanged:
    """The customer has another main contact for this work, or none."""

    engagement: Engagement
    by: User | None
    now: datetime


@dataclass(frozen=True)
class GateChanged:
    """The gate opened or closed."""

    engagement: Engagement
    is_open: bool
    by: User | None
    now: datetime
