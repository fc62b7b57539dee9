"""What becomes of each row of the PSA system's file (domain.md, section 4).

Pure: no database, no clock, no request.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from io import StringIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.calendars import is_plannable
from psdelivery.people.moments import day_text
from psdelivery.people.rules.hours import LONGEST_DAY
from psdelivery.people.validators import without_control_characters
from psdelivery.registry import Reason
from scheduling.rules.hours import (
    NOTHING,
    plain,
    reasons_against_quarters,
    week_end_on,
)

MOST_ROWS = 20_000
KEY_LENGTH, NOTE_LENGTH = 80, 200
DELIMITERS = (",", ";", "\t")
# Field -> what its column may be called.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "person": ("person", "e-mail", "email", "user email", "resource"),
    "engagement": (
        "engagement",
        "engagement number",
        "number",
        "project",
        "project id",
    ),
    "date": ("date", "day", "work date"),
    "hours": ("hours", "time", "quantity"),
    "key": ("external id", "id", "entry id", "external key"),
    "note": ("note", "notes", "description", "comment"),
}
NEEDED = ("person", "engagement", "date", "hours", "key")


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        return str(FATE_WORDS[self][0])

    @property
    def tone(self) -> str:
        return FATE_WORDS[self][1]


FATE_WORDS = {
    Fate.NEW: (gettext_lazy("new"), "good"),
    Fate.CHANGED: (gettext_lazy("replaces"), "info"),
    Fate.SAME: (gettext_lazy("already there"), "neutral"),
    Fate.WRONG: (gettext_lazy("wrong"), "bad"),
}


@dataclass(frozen=True)
class Line:
    """A row of the file: where it stands, and its texts by field."""

    number: int
    texts: Mapping[str, str]


class Unreadable(Exception):
    """The file is no table of hours; the sentence is for whoever chose it."""


def lines_of(text: str) -> list[Line]:
    """Return the rows of a file; raises Unreadable for one without the columns."""
    first = text.lstrip("\ufeff\r\n").partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(StringIO(text.lstrip("\ufeff")), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable(_("The file cannot be read: it is no CSV.")) from error
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS:
        raise Unreadable(_("The file has more than %(n)s rows.") % {"n": MOST_ROWS})
    places = columns_of(rows[0] if rows else [])
    return [
        Line(number, {name: cell_of(row, place) for name, place in places.items()})
        for number, row in enumerate(rows[1:], 2)
    ]


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Return where each field stands; raises Unreadable where one is missing."""
    words = [" ".join(cell.split()).casefold() for cell in header]
    found = {
        name: words.index(word)
        for name, names in COLUMNS.items()
        for word in reversed(names)
        if word in words
    }
    missing = [COLUMNS[name][0] for name in NEEDED if name not in found]
    if missing:
        sentence = _("The file lacks the columns: %(names)s.")
        raise Unreadable(sentence % {"names": ", ".join(missing)})
    return found


def cell_of(row: Sequence[str], place: int) -> str:
    """Return a cell without what no column holds."""
    text = row[place] if place < len(row) else ""
    return " ".join(without_control_characters(text).split())


@dataclass(frozen=True)
class Stored:
    """What was imported before under a key."""

    person: int
    engagement: int
    day: date
    hours: Decimal
    note: str


@dataclass(frozen=True)
class Known:
    """What the portal knows: people by address, engagements by number, keys.

    `ended` says of engagements and `left` of people after which day there are no hours;
    `confirmed` names person, engagement and week of what was told in the portal.
    """

    people: Mapping[str, int]
    engagements: Mapping[str, int]
    keys: Mapping[str, Stored]
    left: Mapping[int, date] = field(default_factory=dict)
    ended: Mapping[int, date] = field(default_factory=dict)
    confirmed: frozenset[tuple[int, int, date]] = frozenset()
    week_ends_on: int = 4


@dataclass(frozen=True)
class Judged:
    """A row with its fate; `stored` is what it comes to, None where it is wrong."""

    line: Line
    fate: Fate
    why: str = ""
    stored: Stored | None = None

    @property
    def key(self) -> str:
        return self.line.texts["key"]


def judge_all(lines: Sequence[Line], known: Known) -> list[Judged]:
    """Return what becomes of each row: new, replaced by its key, the same, or wrong.

    A key counts once in a file, and a day of somebody has 24 hours.
    """
    seen: set[str] = set()
    sums: dict[tuple[int, date], Decimal] = {}
    found = []
    for line in lines:
        judged = judge(line, known, seen, sums)
        if judged.stored is not None:
            seen.add(judged.key)
            place = (judged.stored.person, judged.stored.day)
            sums[place] = sums.get(place, NOTHING) + judged.stored.hours
        found.append(judged)
    return found


def judge(
    line: Line,
    known: Known,
    seen: set[str],
    sums: Mapping[tuple[int, date], Decimal],
) -> Judged:
    """Return what becomes of one row."""
    stored, why = reading_of(line, known)
    if stored is None:
        return Judged(line, Fate.WRONG, why)
    if line.texts["key"] in seen:
        return Judged(line, Fate.WRONG, _("The external id stands twice in the file."))
    total = sums.get((stored.person, stored.day), NOTHING) + stored.hours
    if total > LONGEST_DAY:
        words = {"day": day_text(stored.day), "hours": plain(total)}
        sentence = _("%(day)s would have %(hours)s hours. A day has 24.")
        return Judged(line, Fate.WRONG, sentence % words)
    before = known.keys.get(line.texts["key"])
    if before is None:
        return Judged(line, Fate.NEW, stored=stored)
    fate = Fate.SAME if before == stored else Fate.CHANGED
    return Judged(line, fate, stored=stored)


def reading_of(line: Line, known: Known) -> tuple[Stored | None, str]:
    """Return what a row says, or None and why it cannot be taken over."""
    texts = line.texts
    person = known.people.get(texts["person"].casefold())
    engagement = known.engagements.get(texts["engagement"].lstrip("#").casefold())
    day, hours = day_in(texts["date"]), hours_in(texts["hours"])
    problems = [
        (person is None, _("Nobody here has this e-mail address.")),
        (engagement is None, _("There is no engagement of this number or title.")),
        (day is None, _("The date is not read: write it as 2027-03-15.")),
        (hours is None, _("The hours are no number.")),
        (not texts["key"], _("The external id is missing.")),
        (len(texts["key"]) > KEY_LENGTH, _("The external id is too long.")),
    ]
    why = next((words for is_wrong, words in problems if is_wrong), "")
    if why or person is None or engagement is None or day is None or hours is None:
        return None, why
    stored = Stored(person, engagement, day, hours, texts.get("note", "")[:NOTE_LENGTH])
    reasons = reasons_against(stored, known)
    return (None, reasons[0].sentence) if reasons else (stored, "")


def reasons_against(stored: Stored, known: Known) -> list[Reason]:
    """Return what stands against hours: no quarter, too many, or after an end."""
    reasons = reasons_against_quarters(stored.hours)
    if stored.hours > LONGEST_DAY:
        reasons.append(Reason("day", _("A day has 24 hours.")))
    left = known.left.get(stored.person)
    if left is not None and stored.day > left:
        sentence = _("This person left on %(day)s.") % {"day": day_text(left)}
        reasons.append(Reason("left", sentence))
    ended = known.ended.get(stored.engagement)
    if ended is not None and stored.day > ended:
        sentence = _("The engagement ended on %(day)s.") % {"day": day_text(ended)}
        reasons.append(Reason("ended", sentence))
    week = week_end_on(stored.day, known.week_ends_on)
    if (stored.person, stored.engagement, week) in known.confirmed:
        sentence = _("The hours of this week were confirmed in the portal.")
        reasons.append(Reason("confirmed", sentence))
    return reasons


def day_in(text: str) -> date | None:
    """Return a day written as 2027-03-15, None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if is_plannable(day) else None


def hours_in(text: str) -> Decimal | None:
    """Return hours written with a point or a comma, None for anything else."""
    try:
        hours = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return hours if hours.is_finite() and abs(hours) < LONGEST_DAY * 100 else None
