"""Plain words for moves and what they bring with them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.choices import Status
from engagements.rules.status import Move

# By the status reached; where it is a way back, by both.
MOVES: dict[Status, str | Promise] = {
    Status.PROSPECT: _("Move to Prospect"),
    Status.IN_SETUP: _("Move to In set-up"),
    Status.OKAY_TO_START: _("Move to Okay to start"),
    Status.ACTIVE: _("Make active"),
    Status.ON_HOLD: _("Put on hold"),
    Status.BACKLOG: _("Put into the backlog"),
    Status.CLOSED: _("Close"),
    Status.COMPLETED: _("Complete"),
    Status.CANCELLED: _("Cancel the engagement"),
}
WAYS_BACK: dict[tuple[Status, Status], str | Promise] = {
    (Status.ON_HOLD, Status.ACTIVE): _("Resume"),
    (Status.BACKLOG, Status.IN_SETUP): _("Back to In set-up"),
    (Status.BACKLOG, Status.OKAY_TO_START): _("Back to Okay to start"),
    (Status.CLOSED, Status.ACTIVE): _("Reopen"),
    (Status.COMPLETED, Status.CLOSED): _("Back to Closed"),
    (Status.CANCELLED, Status.PROSPECT): _("Revive"),
}


def move_words(move: Move) -> str:
    """Return what the button of a move says."""
    return str(WAYS_BACK.get((move.source, move.target)) or MOVES[move.target])
