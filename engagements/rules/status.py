"""The status table (domain.md, section 0) as data, and who may move what."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from engagements.choices import OPEN_STATUSES, BallWith, Kind, Status
from psdelivery.people.choices import Role
from psdelivery.registry import Reason

MANAGERS = frozenset({Role.PRACTICE_MANAGER, Role.LEADERSHIP})
EXTERNAL_KINDS = frozenset(Kind) - {Kind.INTERNAL}


@dataclass(frozen=True)
class Move:
    """One row of the table: from, to, for which kinds, by whom, with a reason?"""

    source: Status
    target: Status
    roles: frozenset[Role]
    kinds: frozenset[Kind] = EXTERNAL_KINDS
    wants_reason: bool = False


def moves_on_hold_and_back() -> list[Move]:
    """Return the moves that set an engagement aside, and those that bring it back."""
    coordinator = frozenset({Role.COORDINATOR})
    leads = frozenset({Role.PM, Role.COORDINATOR})
    return [
        *[
            move
            for waiting in (Status.IN_SETUP, Status.OKAY_TO_START)
            for move in (
                Move(waiting, Status.BACKLOG, coordinator, wants_reason=True),
                Move(Status.BACKLOG, waiting, coordinator, wants_reason=True),
            )
        ],
        Move(Status.ACTIVE, Status.ON_HOLD, leads, wants_reason=True),
        Move(Status.ON_HOLD, Status.ACTIVE, leads, wants_reason=True),
    ]


def moves_to_the_end() -> list[Move]:
    """Return the moves that close, complete, and take either back."""
    training = frozenset({Kind.TRAINING})
    finance = frozenset({Role.FINANCE, Role.COORDINATOR})
    back = frozenset({Role.PM}) | MANAGERS
    return [
        Move(
            Status.ACTIVE,
            Status.CLOSED,
            frozenset({Role.PM}),
            EXTERNAL_KINDS - training,
        ),
        Move(Status.ACTIVE, Status.CLOSED, frozenset({Role.COORDINATOR}), training),
        Move(Status.CLOSED, Status.COMPLETED, finance),
        Move(Status.ACTIVE, Status.COMPLETED, finance, training),
        Move(Status.CLOSED, Status.ACTIVE, back, wants_reason=True),
        Move(Status.COMPLETED, Status.CLOSED, back, wants_reason=True),
    ]


def moves_of_cancelling() -> list[Move]:
    """Return the moves into Cancelled from any open status, and the way back."""
    anyone = frozenset({Role.COORDINATOR, Role.PM}) | MANAGERS
    return [
        *[
            Move(source, Status.CANCELLED, anyone, wants_reason=True)
            for source in Status
            if source in OPEN_STATUSES
        ],
        Move(Status.CANCELLED, Status.PROSPECT, anyone, wants_reason=True),
    ]


MOVES: tuple[Move, ...] = (
    Move(Status.ESTIMATE, Status.PROSPECT, frozenset({Role.EM, Role.COORDINATOR})),
    Move(Status.PROSPECT, Status.IN_SETUP, frozenset({Role.COORDINATOR})),
    Move(Status.IN_SETUP, Status.OKAY_TO_START, frozenset({Role.COORDINATOR})),
    Move(Status.OKAY_TO_START, Status.ACTIVE, frozenset({Role.PM, Role.COORDINATOR})),
    *moves_on_hold_and_back(),
    *moves_to_the_end(),
    *moves_of_cancelling(),
    Move(Status.ACTIVE, Status.CLOSED, MANAGERS, frozenset({Kind.INTERNAL})),
    Move(Status.CLOSED, Status.ACTIVE, MANAGERS, frozenset({Kind.INTERNAL})),
)

# Who must move next once a status is reached, until somebody says otherwise.
BALL_AFTER: dict[Status, BallWith] = {
    Status.ESTIMATE: BallWith.SALES,
    Status.PROSPECT: BallWith.SALES,
    Status.IN_SETUP: BallWith.US,
    Status.OKAY_TO_START: BallWith.US,
    Status.ACTIVE: BallWith.US,
    Status.ON_HOLD: BallWith.CUSTOMER,
    Status.BACKLOG: BallWith.CUSTOMER,
    Status.CLOSED: BallWith.FINANCE,
    Status.COMPLETED: BallWith.NOBODY,
    Status.CANCELLED: BallWith.NOBODY,
}

# Where each status leads when the work goes on; from the backlog back where it was.
FORWARD: dict[Status, Status] = {
    Status.ESTIMATE: Status.PROSPECT,
    Status.PROSPECT: Status.IN_SETUP,
    Status.IN_SETUP: Status.OKAY_TO_START,
    Status.OKAY_TO_START: Status.ACTIVE,
    Status.ACTIVE: Status.CLOSED,
    Status.ON_HOLD: Status.ACTIVE,
    Status.CLOSED: Status.COMPLETED,
}


def find_move(kind: str, source: str, target: str, came_from: str = "") -> Move | None:
    """R-1: return the row of the status table, None for a move outside it.

    Out of the backlog an engagement goes back only to where it came from.
    """
    if source == Status.BACKLOG and target not in {came_from, Status.CANCELLED}:
        return None
    for move in MOVES:
        if (move.source, move.target) == (source, target) and kind in move.kinds:
            return move
    return None


def moves_from(kind: str, source: str, came_from: str = "") -> list[Move]:
    """R-1: return the moves that the table knows from a status, for a kind."""
    return [
        move
        for move in MOVES
        if move.source == source
        and find_move(kind, source, move.target, came_from) is move
    ]


def reasons_outside_table(
    kind: str, source: str, target: str, came_from: str = ""
) -> list[Reason]:
    """R-1: refuse a move that the status table does not know, naming those it does."""
    if find_move(kind, source, target, came_from):
        return []
    known = ", ".join(
        str(move.target.label) for move in moves_from(kind, source, came_from)
    )
    sentence = _("From %(source)s the next status is one of: %(known)s.") % {
        "source": Status(source).label,
        "known": known or _("none"),
    }
    return [Reason("outside-table", sentence)]


def roles_that_move(roles: Collection[str], move: Move) -> frozenset[str]:
    """R-1: return which of a person's roles stand in the row's "who"."""
    return frozenset(map(str, roles)) & frozenset(map(str, move.roles))


def reasons_against_mover(roles: Collection[str], move: Move) -> list[Reason]:
    """R-1: refuse somebody none of whose roles stands in the row's "who".

    How far each role reaches is the access table's answer, not this one.
    """
    if roles_that_move(roles, move):
        return []
    who = ", ".join(str(role.label) for role in Role if role in move.roles)
    sentence = _("“%(target)s” is set by: %(who)s.") % {
        "target": move.target.label,
        "who": who,
    }
    return [Reason("mover", sentence)]


def forward_move(kind: str, source: str, came_from: str = "") -> Move | None:
    """R-1: return the row that takes the work on, None where the table ends."""
    target = came_from if source == Status.BACKLOG else FORWARD.get(Status(source))
    return find_move(kind, source, str(target), came_from) if target else None
