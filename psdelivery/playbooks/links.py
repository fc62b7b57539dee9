"""Where the history of moves leads: to their page, with the button that undoes them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from psdelivery.history.links import Link, register_links
from psdelivery.playbooks.models import Move


def links_of_moves(ids: Collection[str], now: datetime) -> Mapping[str, Link]:
    """Return the pages of these moves; the words say whether one can be undone."""
    found = Move.objects.filter(pk__in=[int(pk) for pk in ids])
    return {
        str(move.pk): Link(move.get_absolute_url(), words_of(move, now))
        for move in found.defer("record", "payload")
    }


def words_of(move: Move, now: datetime) -> str:
    """Say what the page of a move offers."""
    is_undoable = move.undone_at is None and now < move.undo_until
    return _("Undo it, or see what moved") if is_undoable else _("What moved")


def register_move_links() -> None:
    """Let lines about moves lead to them."""
    register_links(Move, links_of_moves)
