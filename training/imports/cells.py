"""Single cells of a report: addresses, minutes, yes and no."""

import re

YES = frozenset({"yes", "y", "ja", "j", "true", "1", "oui", "sí", "si"})
ADDRESS_LENGTH = 254
# A week: more is no class.
MOST_MINUTES = 7 * 24 * 60

_address = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
_clock = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?")
_number = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?")


def address_in(cell: str) -> str:
    """Return an address in small letters, nothing for what is none."""
    words = cell.strip().casefold()
    is_address = len(words) <= ADDRESS_LENGTH and _address.fullmatch(words)
    return words if is_address and words.isprintable() else ""


def is_yes(cell: str) -> bool:
    """Tell whether a cell says yes."""
    return cell.strip().casefold() in YES


def minutes_in(cell: str) -> int | None:
    """Return the minutes of "118", "118.0" or "1:58:00"; None for an empty cell.

    Raises ValueError for anything else, and for more than a week.
    """
    words = cell.strip()
    if words in {"", "-", "--"}:
        return None
    minutes = clock_minutes(words)
    if minutes is None:
        if not _number.fullmatch(words):
            raise ValueError(words)
        minutes = round(float(words.replace(",", ".")))
    if minutes > MOST_MINUTES:
        raise ValueError(words)
    return minutes


def clock_minutes(words: str) -> int | None:
    """Return the minutes of "1:58:00" (hours) or "118:30" (minutes), else None."""
    match = _clock.fullmatch(words)
    if match is None:
        return None
    first, second, third = (int(part or 0) for part in match.groups())
    if match[3] is None:
        return first + round(second / 60)
    return first * 60 + second + round(third / 60)
