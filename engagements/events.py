"""What the engagement tells the places below it, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from engagements.models import Change, Engagement, WorkAtRisk
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


@dataclass(frozen=True)
class ChangeAsked:
    """A change order or a work exception was asked for, and waits for a decision."""

    change: Change
    by: User | None
    now: datetime


@dataclass(frozen=True)
class RiskReleased:
    """R-3: what work at risk waived is on file now: its hours may be billed."""

    risk: WorkAtRisk
    by: User | None
    now: datetime
