"""Sheets that several people write."""

from psdelivery.access.doors import SIGNED_IN, Door
from psdelivery.access.table import Action

LIVETEXT: dict[str, Action | Door] = {
    # Whose sheet it is decides, not the role: the loader of its kind.
    "livetext:sheet-changes": SIGNED_IN,
    "livetext:text-detail": SIGNED_IN,
    "livetext:text-save": SIGNED_IN,
    "livetext:text-writing": SIGNED_IN,
    "livetext:card-add": SIGNED_IN,
    "livetext:card-remove": SIGNED_IN,
    "livetext:card-restore": SIGNED_IN,
}
