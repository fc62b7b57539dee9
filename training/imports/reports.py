"""Registration and attendee reports: which rows tell of people, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import StrEnum

from django.utils.translation import gettext as _

from psdelivery.people.validators import without_control_characters
from training.choices import ReportKind
from training.imports.cells import address_in, is_yes, minutes_in
from training.imports.columns import (
    ZONE_LABELS,
    header_of,
    other_report,
    section_of,
    summary_of,
    word_of,
)
from training.imports.decoding import text_of
from training.imports.moments import (
    Stamp,
    moment_of,
    second_reading,
    stamp_of,
    zone_in,
    zone_in_brackets,
)
from training.imports.problems import UnreadableReport
from training.imports.tables import Row, rows_of

NAME_LENGTH = 200
TOPIC_LENGTH = 200
CALLED_OFF = ("cancel", "denied", "declined", "storniert", "abgelehnt")
TIMES = ("joined", "left", "registered")


class Section(StrEnum):
    """In which part of the report somebody stands."""

    ATTENDEE = "attendee"
    HOST = "host"
    PANELIST = "panelist"
    OTHER = "other"


@dataclass(frozen=True)
class Reading:
    """What is known before reading: in which zone the times are, and about when.

    `near` is a day that the report is expected to be of; it decides between 4 June
    and 6 April where the file does not.
    """

    zone: tzinfo
    near: date | None = None


@dataclass(frozen=True)
class Join:
    """From when until when (UTC) somebody was in."""

    joined: datetime
    left: datetime


@dataclass(frozen=True)
class Entry:
    """One row: who, and either a join or a registration.

    `minutes` are those that the report counts itself. `is_off`: the registration was
    cancelled or refused.
    """

    line: int
    name: str
    email: str
    section: Section
    join: Join | None = None
    minutes: int | None = None
    registered_at: datetime | None = None
    is_off: bool = False
    is_there: bool = True


@dataclass(frozen=True)
class Report:
    """What a file tells. `zone` is the one that it names itself, else None."""

    kind: ReportKind
    entries: tuple[Entry, ...]
    topic: str = ""
    zone: tzinfo | None = None

    @property
    def joins(self) -> list[Join]:
        return [entry.join for entry in self.entries if entry.join is not None]


@dataclass
class Found:
    """The rows of people with what their columns mean, and what stands around them."""

    rows: list[tuple[Row, dict[str, int], Section]]
    topic: str = ""
    zone: tzinfo | None = None
    # Of the account that held the meeting, as the line about it tells.
    host: str = ""


def read_report(data: bytes, reading: Reading) -> Report:
    """Return what the bytes of a file tell.

    Raises UnreadableReport with a sentence for an empty or binary file, broken
    quotation, another report, and times that cannot be.
    """
    found = people_in(rows_of(text_of(data)))
    if not found.rows:
        raise UnreadableReport("nobody", _("There is nobody in this report."))
    stamps = [stamps_of(row, header) for row, header, _section in found.rows]
    order = order_of(stamps, reading.near)
    zone = found.zone or reading.zone
    entries = [
        hosted(entry_of(row, header, section, Times(told, order, zone)), found.host)
        for (row, header, section), told in zip(found.rows, stamps, strict=True)
        if not is_waiting(row, header)
    ]
    named = tuple(entry for entry in entries if entry.name or entry.email)
    if not named:
        raise UnreadableReport("nobody", _("There is nobody in this report."))
    return Report(kind_of(found), named, found.topic, found.zone)


def hosted(entry: Entry, host: str) -> Entry:
    """Return the entry as the host's where the line about the meeting names it so."""
    is_host = bool(host) and entry.email == host
    return replace(entry, section=Section.HOST) if is_host else entry


def people_in(rows: Sequence[Row]) -> Found:
    """Find the tables of people; raises UnreadableReport where there is none."""
    refuse_others(rows)
    found, header, section = Found([]), dict[str, int](), Section.ATTENDEE
    has_table = False
    for place, row in enumerate(rows):
        if row.is_empty:
            continue
        if opened := section_of(row.cells):
            section, header = Section(opened), {}
        elif heads := header_of(row.cells):
            header, has_table = heads, True
            found.zone = found.zone or zone_of(row.cells)
        elif header and not summary_of(row.cells):
            found.rows.append((row, header, section))
        else:
            header = {}
            note_around(found, rows, place)
    if not has_table:
        sentence = _(
            "There is no table of registrations or attendees in it. Choose the "
            "registration report or the attendee (participants) report, as CSV."
        )
        raise UnreadableReport("wrong-report", sentence)
    return found


def refuse_others(rows: Sequence[Row]) -> None:
    """Raise UnreadableReport for a poll, a survey or a list of questions."""
    for row in rows[:5]:
        if title := other_report(row.cells):
            sentence = _(
                "This is another report (“%(title)s”). Choose the registration report "
                "or the attendee report."
            )
            raise UnreadableReport("wrong-report", sentence % {"title": title[:80]})


def note_around(found: Found, rows: Sequence[Row], place: int) -> None:
    """Note the topic and the zone that the lines above the table tell."""
    cells = rows[place].cells
    if (heads := summary_of(cells)) and place + 1 < len(rows):
        below = rows[place + 1].cells
        told = {word: below[at] for word, at in heads.items() if at < len(below)}
        found.topic = line_of(told.get("topic") or told.get("thema", ""))[:TOPIC_LENGTH]
        found.host = address_in(told.get("user email") or told.get("host email", ""))
    found.zone = found.zone or zone_of(cells)


def zone_of(cells: Sequence[str]) -> tzinfo | None:
    """Return the zone that a line names: "Time zone", or in brackets behind a word."""
    for place, cell in enumerate(cells):
        if word_of(cell).startswith(ZONE_LABELS):
            return zone_in(" ".join(cells[place : place + 2]))
        if zone := zone_in_brackets(cell):
            return zone
    return None


def kind_of(found: Found) -> ReportKind:
    """Return whether the report tells who came, or who has registered."""
    tells = {"joined", "minutes", "attended"}
    came = any(header.keys() & tells for _row, header, _section in found.rows)
    return ReportKind.ATTENDEE if came else ReportKind.REGISTRATION


def cell_of(row: Row, header: dict[str, int], field: str) -> str:
    """Return a cell of the row, empty where the row or the column is not there."""
    place = header.get(field, len(row.cells))
    return row.cells[place] if place < len(row.cells) else ""


def is_waiting(row: Row, header: dict[str, int]) -> bool:
    """Tell whether the row is of the waiting room: nobody is in class there."""
    return is_yes(cell_of(row, header, "waiting"))


def stamps_of(row: Row, header: dict[str, int]) -> dict[str, Stamp | None]:
    """Return the times of a row; raises UnreadableReport for words that are none."""
    told: dict[str, Stamp | None] = {}
    for field in TIMES:
        words = cell_of(row, header, field)
        try:
            told[field] = stamp_of(words)
        except ValueError as error:
            sentence = _("Line %(line)s: “%(words)s” is not a time.")
            shown = {"line": row.line, "words": line_of(words)[:60]}
            raise UnreadableReport("time", sentence % shown) from error
    return told


def order_of(stamps: Sequence[dict[str, Stamp | None]], near: date | None) -> str:
    """Return whether 4/6 is a day in April ("mdy") or in June ("dmy").

    Any time of the file that can be only one decides for all, else the day that the
    report is expected to be of, else the custom of the platform.
    """
    told = [stamp for row in stamps for stamp in row.values() if stamp]
    known = {stamp.order for stamp in told} & {"dmy", "mdy"}
    if len(known) == 1:
        return known.pop()
    open_ones = [stamp for stamp in told if not stamp.order]
    if near is None or not open_ones:
        return "mdy"
    return min(("mdy", "dmy"), key=lambda order: misses_by(open_ones, order, near))


def misses_by(stamps: Sequence[Stamp], order: str, near: date) -> int:
    """Return by how many days the nearest of these times misses that day."""
    return min(abs((stamp.day(order) - near).days) for stamp in stamps)


@dataclass(frozen=True)
class Times:
    """The times of a row, and how they are to be read."""

    told: dict[str, Stamp | None]
    order: str
    zone: tzinfo

    def moment(self, field: str) -> datetime | None:
        """Return the moment (UTC) that stands in a column."""
        stamp = self.told[field]
        return moment_of(stamp, self.order, self.zone) if stamp else None

    def join(self, line: int) -> Join | None:
        """Return from when until when; raises UnreadableReport for the wrong way."""
        joined, left = self.moment("joined"), self.moment("left")
        if joined is None or left is None:
            return None
        stamp = self.told["left"]
        if left < joined and stamp is not None:
            # The hour that clocks show twice: left in the second one.
            left = second_reading(stamp, self.order, self.zone)
        if left < joined:
            sentence = _("Line %(line)s: somebody left before they joined.")
            raise UnreadableReport("order", sentence % {"line": line})
        return Join(joined, left)


def entry_of(row: Row, header: dict[str, int], section: Section, times: Times) -> Entry:
    """Return what a row tells of somebody."""
    try:
        minutes = minutes_in(cell_of(row, header, "minutes"))
    except ValueError as error:
        sentence = _("Line %(line)s: “%(words)s” is not a number of minutes.")
        words = line_of(cell_of(row, header, "minutes"))[:60]
        shown = {"line": row.line, "words": words}
        raise UnreadableReport("minutes", sentence % shown) from error
    attended = cell_of(row, header, "attended").strip()
    status = word_of(cell_of(row, header, "status"))
    return Entry(
        line=row.line,
        name=name_in(row, header),
        email=address_in(cell_of(row, header, "email")),
        section=section,
        join=times.join(row.line),
        minutes=minutes,
        registered_at=times.moment("registered"),
        is_off=status.startswith(CALLED_OFF),
        is_there=is_yes(attended) if attended else True,
    )


def name_in(row: Row, header: dict[str, int]) -> str:
    """Return the name that somebody joined under, else first and last name."""
    shown = line_of(cell_of(row, header, "name"))
    parts = [line_of(cell_of(row, header, one)) for one in ("first_name", "last_name")]
    return (shown or " ".join(part for part in parts if part))[:NAME_LENGTH]


def line_of(words: str) -> str:
    """Return words in one line, without what cannot be shown."""
    return " ".join(without_control_characters(words).split())
