"""Requests, bookings with their capacity, offers, times, feeds, and actual hours."""

from scheduling.models.allocations import (
    Allocation,
    AllocationDay,
    AllocationQuerySet,
    CapacityDay,
    ExtraDay,
    Partner,
)
from scheduling.models.hours import (
    HoursApproval,
    HoursEntry,
    HoursImport,
    HoursPart,
    HoursWeek,
)
from scheduling.models.offers import ConflictCase, Offer
from scheduling.models.requests import (
    RequestQuerySet,
    RequestRange,
    RequestSkill,
    ResourceRequest,
)
from scheduling.models.sharing import BoardChange, BoardView, CalendarFeed, FeedRead
from scheduling.models.times import HostAccount, OccupiedTime

__all__ = [
    "Allocation",
    "AllocationDay",
    "AllocationQuerySet",
    "BoardChange",
    "BoardView",
    "CalendarFeed",
    "CapacityDay",
    "ConflictCase",
    "ExtraDay",
    "FeedRead",
    "HostAccount",
    "HoursApproval",
    "HoursEntry",
    "HoursImport",
    "HoursPart",
    "HoursWeek",
    "OccupiedTime",
    "Offer",
    "Partner",
    "RequestQuerySet",
    "RequestRange",
    "RequestSkill",
    "ResourceRequest",
]
