"""Requests, bookings with their capacity, offers, occupied times and feeds."""

from scheduling.models.allocations import (
    Allocation,
    AllocationDay,
    AllocationQuerySet,
    CapacityDay,
    ExtraDay,
    Partner,
)
from scheduling.models.hours import HoursEntry, HoursPart, HoursWeek
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
    "HoursEntry",
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
