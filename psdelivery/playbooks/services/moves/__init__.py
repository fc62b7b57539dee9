"""R-20: dates move with everything that hangs on them: shown first, undone after."""

from psdelivery.playbooks.services.moves.apply import apply_moves, carry_out, counts_of
from psdelivery.playbooks.services.moves.plan import (
    AnchorChange,
    Change,
    Ending,
    ZoneChange,
)
from psdelivery.playbooks.services.moves.preview import preview_moves
from psdelivery.playbooks.services.moves.told import MovedLine, moved_lines
from psdelivery.playbooks.services.moves.undo import (
    leaves_at,
    reasons_against_undo,
    register_undo,
    undo_move,
)

__all__ = [
    "AnchorChange",
    "Change",
    "Ending",
    "MovedLine",
    "ZoneChange",
    "apply_moves",
    "carry_out",
    "counts_of",
    "leaves_at",
    "moved_lines",
    "preview_moves",
    "reasons_against_undo",
    "register_undo",
    "undo_move",
]
