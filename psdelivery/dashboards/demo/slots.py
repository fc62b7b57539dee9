"""Which sixty engagements the demo data tell: where each stands and what is special.

The first dozen covers every status and every kind, so that small sets do too.
"""

from dataclasses import dataclass
from enum import StrEnum

from engagements.choices import Kind, Status
from psdelivery.people.choices import Role


class Mood(StrEnum):
    """What is special about a story."""

    PLAIN = "plain"
    UNSIGNED = "unsigned"  # the customer's signature is awaited
    BLOCKED = "blocked"  # and has been for so long that its step is late
    LATE = "late"  # somebody forgot a step or two
    CLASS_NOW = "class now"  # a class is in the middle of its sessions
    REVIEWS = "reviews"  # certification submissions wait for their review
    LINK_SOON = "link soon"  # a registration link is due within days
    SHORT_NOTICE = "short notice"  # a class inside 14 days: late by design
    DISCOVERY = "discovery"  # the discovery session was dated today
    ENDING = "ending"  # deliverables are due about now


@dataclass(frozen=True)
class Slot:
    """Where a story ends, of what kind it is, and which demo log-ins are on it."""

    ending: Status
    kind: Kind
    mood: Mood = Mood.PLAIN
    ours: frozenset[Role] = frozenset()


OFFICE = frozenset(
    {Role.COORDINATOR, Role.EM, Role.ACCOUNT, Role.FINANCE, Role.PRACTICE_MANAGER}
)
LEADING = OFFICE | {Role.PM}
CONSULTANTS = LEADING | {Role.PSE}
TEACHERS = OFFICE | {Role.TRAINER}

SHOWCASE: tuple[Slot, ...] = (
    Slot(Status.ACTIVE, Kind.TRAINING, Mood.CLASS_NOW, TEACHERS),
    Slot(Status.ACTIVE, Kind.CONSULTING, Mood.LATE, CONSULTANTS),
    Slot(Status.PROSPECT, Kind.CONSULTING, ours=OFFICE),
    Slot(Status.IN_SETUP, Kind.BLENDED, Mood.UNSIGNED, OFFICE),
    Slot(Status.ESTIMATE, Kind.DEDICATED, ours=OFFICE),
    Slot(Status.OKAY_TO_START, Kind.BLENDED, Mood.LINK_SOON, OFFICE),
    Slot(Status.CLOSED, Kind.CONSULTING, ours=CONSULTANTS),
    Slot(Status.ON_HOLD, Kind.CONSULTING, ours=LEADING),
    Slot(Status.BACKLOG, Kind.TRAINING, ours=OFFICE),
    Slot(Status.COMPLETED, Kind.TRAINING, ours=TEACHERS),
    Slot(Status.CANCELLED, Kind.CONSULTING),
    Slot(Status.ACTIVE, Kind.DEDICATED, ours=LEADING),
    Slot(Status.ACTIVE, Kind.TRAINING, Mood.REVIEWS, frozenset({Role.TRAINER})),
    Slot(Status.IN_SETUP, Kind.CONSULTING, Mood.BLOCKED),
    Slot(Status.ACTIVE, Kind.CONSULTING, Mood.DISCOVERY, frozenset({Role.PSE})),
    Slot(Status.ACTIVE, Kind.TRAINING, Mood.SHORT_NOTICE),
    Slot(Status.CLOSED, Kind.TRAINING, ours=frozenset({Role.FINANCE, Role.ACCOUNT})),
    Slot(Status.IN_SETUP, Kind.CONSULTING, ours=OFFICE),
    Slot(Status.ACTIVE, Kind.BLENDED, Mood.ENDING),
)
# The rest, spread over the block of sixty.
OTHERS: tuple[tuple[Slot, int], ...] = (
    (Slot(Status.ESTIMATE, Kind.CONSULTING), 2),
    (Slot(Status.ESTIMATE, Kind.TRAINING), 1),
    (Slot(Status.PROSPECT, Kind.CONSULTING), 2),
    (Slot(Status.PROSPECT, Kind.TRAINING), 2),
    (Slot(Status.PROSPECT, Kind.BLENDED), 1),
    (Slot(Status.IN_SETUP, Kind.TRAINING), 2),
    (Slot(Status.IN_SETUP, Kind.TRAINING, Mood.UNSIGNED), 1),
    (Slot(Status.IN_SETUP, Kind.DEDICATED, Mood.UNSIGNED), 1),
    (Slot(Status.OKAY_TO_START, Kind.TRAINING), 2),
    (Slot(Status.OKAY_TO_START, Kind.CONSULTING), 2),
    (Slot(Status.OKAY_TO_START, Kind.DEDICATED), 1),
    (Slot(Status.OKAY_TO_START, Kind.BLENDED), 1),
    (Slot(Status.ACTIVE, Kind.TRAINING), 4),
    (Slot(Status.ACTIVE, Kind.CONSULTING), 4),
    (Slot(Status.ACTIVE, Kind.BLENDED), 3),
    (Slot(Status.ACTIVE, Kind.BLENDED, Mood.LATE), 1),
    (Slot(Status.ACTIVE, Kind.DEDICATED), 1),
    (Slot(Status.ON_HOLD, Kind.BLENDED), 1),
    (Slot(Status.BACKLOG, Kind.CONSULTING), 1),
    (Slot(Status.CLOSED, Kind.CONSULTING), 1),
    (Slot(Status.CLOSED, Kind.BLENDED), 1),
    (Slot(Status.COMPLETED, Kind.CONSULTING), 2),
    (Slot(Status.COMPLETED, Kind.DEDICATED), 1),
    (Slot(Status.COMPLETED, Kind.BLENDED), 1),
    (Slot(Status.CANCELLED, Kind.TRAINING), 1),
    (Slot(Status.CANCELLED, Kind.BLENDED), 1),
)
# Roughly in the order in which work comes in, rather than status by status.
SLOTS: tuple[Slot, ...] = SHOWCASE + tuple(
    slot
    for turn in range(max(count for _slot, count in OTHERS))
    for slot, count in OTHERS
    if turn < count
)


def slot_of(number: int) -> Slot:
    """Return the slot of a story; the log-ins are on the first block only."""
    slot = SLOTS[number % len(SLOTS)]
    if number < len(SLOTS):
        return slot
    return Slot(slot.ending, slot.kind, slot.mood)
