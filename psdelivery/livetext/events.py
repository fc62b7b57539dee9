"""What live text tells the places below it, in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from psdelivery.livetext.models import LiveSheet
from psdelivery.people.models import User


@dataclass(frozen=True)
class SheetChanged:
    """A text was written, or a card was added, taken away or brought back."""

    sheet: LiveSheet
    by: User | None
    now: datetime
