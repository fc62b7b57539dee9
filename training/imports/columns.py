"""What the columns and parts of a report are called, by the words in its file."""

import re
from collections.abc import Sequence

# Field -> what the platform calls its column (English and German, old and new).
NAMES: dict[str, tuple[str, ...]] = {
    "name": (
        "user name (original name)",
        "name (original name)",
        "user name",
        "name",
        "full name",
        "participant",
        "attendee name",
        "display name",
        "name (originalname)",
        "benutzername (originalname)",
        "benutzername",
        "teilnehmer",
    ),
    "first_name": ("first name", "vorname"),
    "last_name": ("last name", "surname", "nachname"),
    "email": (
        "email",
        "e-mail",
        "user email",
        "email address",
        "e-mail address",
        "benutzer-e-mail",
        "e-mail-adresse",
    ),
    "joined": ("join time", "joined at", "beitrittszeit", "beigetreten um"),
    "left": ("leave time", "left at", "verlassenszeit", "austrittszeit"),
    "minutes": (
        "time in session (minutes)",
        "time in meeting (minutes)",
        "duration (minutes)",
        "duration(minutes)",
        "total duration (minutes)",
        "duration",
        "dauer (minuten)",
        "gesamtdauer (minuten)",
    ),
    "registered": (
        "registration time",
        "registered at",
        "registrierungszeit",
        "anmeldezeit",
    ),
    "status": ("approval status", "registration status", "genehmigungsstatus"),
    "attended": ("attended", "teilgenommen"),
    "waiting": ("in waiting room", "im warteraum"),
}
FIELDS = {word: field for field, words in NAMES.items() for word in words}

# A line of its own above a table of people.
SECTIONS = {
    "host details": "host",
    "panelist details": "panelist",
    "attendee details": "attendee",
    "registration details": "attendee",
    "registrant details": "attendee",
    "registrants": "attendee",
    "other attended": "other",
    "gastgeberdetails": "host",
    "podiumsteilnehmerdetails": "panelist",
    "teilnehmerdetails": "attendee",
}

# What else the platform exports, by its first words or by a column that only it has.
OTHER_REPORTS = (
    "poll report",
    "survey report",
    "q&a report",
    "performance report",
    "chat transcript",
)
OTHER_COLUMNS = frozenset(
    {"submitted date/time", "submitted date and time", "question", "asker name"}
)
# The line about the meeting has columns of the same words; these only it has.
SUMMARY_COLUMNS = frozenset({"topic", "thema", "webinar id", "meeting id"})
# A line that names the zone of all times.
ZONE_LABELS = ("time zone", "timezone", "zeitzone")
TELLING = frozenset({"joined", "left", "minutes", "registered", "attended"})
PEOPLE = frozenset({"name", "first_name", "last_name", "email"})

_brackets = re.compile(r"\(([^()]*)\)\s*$")


def word_of(cell: str) -> str:
    """Return a cell as the tables above are written: small, single spaces, no colon."""
    return " ".join(cell.split()).strip(" :").casefold()


def field_of(cell: str) -> str:
    """Return what a column holds; "Join Time (UTC)" is the join time."""
    word = word_of(cell)
    return FIELDS.get(word) or FIELDS.get(_brackets.sub("", word).strip(), "")


def header_of(cells: Sequence[str]) -> dict[str, int]:
    """Return field -> position of a row that heads a table of people, else nothing."""
    words = {word_of(cell) for cell in cells}
    if words & SUMMARY_COLUMNS or words & OTHER_COLUMNS:
        return {}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        field = field_of(cell)
        if field and field not in found:
            found[field] = place
    is_list = "email" in found and found.keys() & {"name", "first_name", "last_name"}
    tells = found.keys() & TELLING and found.keys() & PEOPLE
    return found if is_list or tells else {}


def section_of(cells: Sequence[str]) -> str:
    """Return which part of the report a row of one cell opens, else nothing."""
    filled = [cell for cell in cells if cell.strip()]
    return SECTIONS.get(word_of(filled[0]), "") if len(filled) == 1 else ""


def summary_of(cells: Sequence[str]) -> dict[str, int]:
    """Return word -> position of the row that heads the line about the meeting."""
    words = {word_of(cell): place for place, cell in enumerate(cells)}
    return words if words.keys() & SUMMARY_COLUMNS else {}


def other_report(cells: Sequence[str]) -> str:
    """Return the title of another report where a row is one, else nothing."""
    first = " ".join(cells[0].split()).strip(" :") if cells else ""
    is_other = first.casefold().startswith(OTHER_REPORTS)
    return first if is_other else ""
