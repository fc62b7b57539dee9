"""Who is responsible for what, as a simple table (domain.md, section 4)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext as _

from engagements.execution.models import RaciRow
from psdelivery.registry import Reason

PARTS = ("activity", "responsible", "accountable", "consulted", "informed")


@dataclass(frozen=True)
class RaciLine:
    """A row as somebody writes it; `key` is that of the row it was before."""

    activity: str
    responsible: str = ""
    accountable: str = ""
    consulted: str = ""
    informed: str = ""
    key: int | None = None

    @property
    def told(self) -> str:
        """The row in one line, for the history."""
        letters = zip("RACI", self.parts[1:], strict=True)
        said = [f"{letter}: {text}" for letter, text in letters if text]
        return f"{self.activity} ({'; '.join(said)})" if said else self.activity

    @property
    def parts(self) -> tuple[str, ...]:
        """What stands in its columns."""
        return tuple(str(getattr(self, part)) for part in PARTS)


def line_of(row: RaciRow) -> RaciLine:
    """Return a stored row as a line."""
    return RaciLine(**{part: getattr(row, part) for part in PARTS}, key=row.pk)


def same_activity(activity: str) -> str:
    """Return by what two activities are known to be the same."""
    return " ".join(activity.split()).casefold()


def lines_not_there(
    lines: Iterable[RaciLine], rows: Iterable[RaciRow]
) -> list[RaciLine]:
    """Return the lines whose activity the table does not have; each once."""
    known = {same_activity(row.activity) for row in rows}
    found = {same_activity(line.activity): line for line in reversed(list(lines))}
    return [line for key, line in reversed(found.items()) if key not in known]


def sight_of_raci(rows: Iterable[RaciRow]) -> str:
    """Return a mark of the table that somebody sees, to notice another's change."""
    seen = [f"{row.pk}:{line_of(row).parts}" for row in rows]
    return sha256("\n".join(seen).encode()).hexdigest()[:16]


def reasons_of_unseen_raci(seen: str | None, rows: Iterable[RaciRow]) -> list[Reason]:
    """Refuse to overwrite what somebody else changed meanwhile."""
    if seen is None or seen == sight_of_raci(rows):
        return []
    sentence = _(
        "Somebody else changed the table meanwhile. What you typed is still here; "
        "theirs stands above. Save it again to replace theirs."
    )
    return [Reason("changed-meanwhile", sentence)]


def reasons_against_lines(lines: Sequence[RaciLine]) -> list[Reason]:
    """An activity stands in the table once: else nobody knows which row counts."""
    counted = Counter(same_activity(line.activity) for line in lines)
    twice = {
        same_activity(line.activity): line.activity
        for line in lines
        if counted[same_activity(line.activity)] > 1
    }
    return [
        Reason("twice", _("“%(activity)s” stands there twice.") % {"activity": words})
        for words in twice.values()
    ]


def reasons_against_agreed_raci(rows: Sequence[RaciRow]) -> list[Reason]:
    """Return what an agreed table lacks: rows, who does it, who answers for it."""
    if not rows:
        return [Reason("no-raci", _("The table has no row."))]
    lacking = [
        row.activity for row in rows if not (row.responsible and row.accountable)
    ]
    if not lacking:
        return []
    sentence = _("Who does it, and who answers for it, is missing for: %(activities)s.")
    words = "; ".join(f"“{one}”" for one in lacking)
    return [Reason("raci-gap", sentence % {"activities": words})]
