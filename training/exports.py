"""The roster of a class as a file: CSV or a sheet, safe for spreadsheets."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from django.utils.text import slugify
from django.utils.translation import gettext as _

from psdelivery.people.exports import csv_lines, xlsx_file
from psdelivery.people.moments import day_text
from psdelivery.playbooks.words import zone_words
from training.models import Delivery, Session
from training.roster_queries import (
    RosterRow,
    known_sessions,
    least_minutes,
    roster_rows,
)
from training.rules.classes import day_of

# Tells spreadsheets that the file is UTF-8.
SIGN = "\ufeff"
Table = Iterator[list[object]]


def roster_csv(delivery: Delivery, *, zone: str) -> str:
    """Return the roster as CSV; times stand on the clock of the zone."""
    return SIGN + "".join(csv_lines(roster_table(delivery, zone=zone)))


def roster_xlsx(delivery: Delivery, *, zone: str) -> bytes:
    """Return the roster as a sheet for spreadsheet programs."""
    return xlsx_file(roster_table(delivery, zone=zone), title=_("Roster"))


def roster_file_name(delivery: Delivery, extension: str) -> str:
    """Return what the file is called; nobody's name is in it."""
    return f"roster-{delivery.pk}-{slugify(delivery.title)[:60]}.{extension}"


def roster_table(delivery: Delivery, *, zone: str) -> Table:
    """Yield the roster line by line: who, and for how long in which session."""
    sessions = list(delivery.sessions.all())
    yield headings(sessions, zone)
    people = delivery.attendees.order_by("name", "pk")
    known, least = known_sessions(delivery), least_minutes()
    for row in roster_rows(people, sessions, known, least):
        yield cells_of(row, zone)


def headings(sessions: Sequence[Session], zone: str) -> list[object]:
    """Return the columns: one for the minutes of each session."""
    minutes = _("Minutes on %(day)s")
    return [
        _("Name"),
        _("E-mail"),
        _("Registered (%(zone)s)") % {"zone": zone_words(zone)},
        _("State"),
        *[minutes % {"day": day_text(day_of(session))} for session in sessions],
    ]


def cells_of(row: RosterRow, zone: str) -> list[object]:
    """Return the cells of one person; a session that nobody knows of is empty."""
    registered = row.attendee.registered_at
    shown = registered.astimezone(ZoneInfo(zone)) if registered else None
    return [
        row.attendee.name,
        row.attendee.email,
        f"{shown:%Y-%m-%d %H:%M}" if shown else "",
        state_words(row),
        *[(cell.minutes or 0) if cell.is_known else "" for cell in row.cells],
    ]


def state_words(row: RosterRow) -> str:
    """Say whether somebody came, did not, or had called off."""
    if row.came:
        return _("present")
    if row.attendee.cancelled_at is not None:
        return _("called off")
    if row.is_no_show:
        return _("no-show")
    return _("registered") if row.attendee.registered_at else _("on the roster")
