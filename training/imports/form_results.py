"""Results of a form as spreadsheets and form services export them, one row a response.

Pure: bytes in, cells out; then cells and the meaning of their columns in, rows out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from psdelivery.people.validators import without_control_characters
from training.imports.cells import address_in
from training.imports.columns import word_of
from training.imports.decoding import text_of
from training.imports.moments import Stamp, moment_of, stamp_of
from training.imports.problems import UnreadableReport
from training.imports.tables import rows_of

MOST_RESPONSES = 5_000
MOST_COLUMNS = 200
# Nothing that is read is longer; answers in words are not kept.
LONGEST_CELL = 500
NAME_LENGTH = 120
KEY_LENGTH = 120
# So many rows tell what a column holds.
SAMPLE = 50

SUBMITTED, EMAIL, NAME = "submitted", "email", "name"
FIRST_NAME, LAST_NAME = "first_name", "last_name"
SCORE, LINK, KEY = "score", "response_url", "response_key"
# Field -> what the usual form services call its column.
WORDS: dict[str, frozenset[str]] = {
    SUBMITTED: frozenset(
        {
            "timestamp",
            "submitted",
            "submitted at",
            "submission time",
            "submitted date/time",
            "completion time",
            "date submitted",
            "submit date (utc)",
            "zeitstempel",
            "fertigstellungszeit",
            "abgegeben am",
        }
    ),
    EMAIL: frozenset(
        {
            "email",
            "e-mail",
            "email address",
            "e-mail address",
            "your email",
            "your email address",
            "username",
            "e-mail-adresse",
            "nutzername",
        }
    ),
    NAME: frozenset({"name", "full name", "your name", "your full name", "attendee"}),
    FIRST_NAME: frozenset({"first name", "given name", "vorname"}),
    LAST_NAME: frozenset({"last name", "surname", "family name", "nachname"}),
    SCORE: frozenset({"score", "total score", "total points", "points", "punktzahl"}),
    LINK: frozenset(
        {
            "response link",
            "response url",
            "link to the response",
            "edit response url",
            "form response edit url",
            "edit url",
        }
    ),
    KEY: frozenset(
        {"response id", "submission id", "respondent id", "response number", "id", "#"}
    ),
}
FIELDS = {word: field for field, words in WORDS.items() for word in words}

_share = re.compile(r"(\d+(?:[.,]\d+)?)\s*/\s*(\d+(?:[.,]\d+)?)")
_percent = re.compile(r"(\d+(?:[.,]\d+)?)\s*%?")


@dataclass(frozen=True)
class Sheet:
    """What a file holds: the head of its columns, and its rows with their lines."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Response:
    """A response as it is read; `problem` says why it cannot be entered."""

    line: int
    name: str
    email: str
    submitted_at: datetime | None
    score: int | None = None
    response_url: str = ""
    response_key: str = ""
    problem: str = ""


def field_of(cell: str) -> str:
    """Return what a column holds, by its head; "" where the head does not tell."""
    return FIELDS.get(word_of(cell), "")


def shows_responses(cells: Sequence[str]) -> bool:
    """Tell whether a row may head a table of responses: two columns that are known."""
    return len({field_of(cell) for cell in cells} - {""}) > 1


def read_sheet(data: bytes) -> Sheet:
    """Return the columns and rows of a file.

    Raises UnreadableReport with a sentence for an empty or binary file, broken
    quotation, one without responses, and one in which nobody has an address.
    """
    filled = [
        row for row in rows_of(text_of(data), shows=shows_responses) if not row.is_empty
    ]
    if len(filled) < 2:
        raise UnreadableReport("nobody", _("There is no response in this file."))
    if len(filled) > MOST_RESPONSES + 1:
        sentence = _("The file has more than %(most)s responses.")
        raise UnreadableReport("long", sentence % {"most": MOST_RESPONSES})
    header = tuple(line_of(cell)[:NAME_LENGTH] for cell in filled[0].cells)
    rows = tuple(
        (row.line, tuple(kept(cell) for cell in row.cells[:MOST_COLUMNS]))
        for row in filled[1:]
    )
    sheet = Sheet(header[:MOST_COLUMNS], rows)
    refuse_others(sheet)
    return sheet


def line_of(cell: str) -> str:
    """Return a cell as one line."""
    return " ".join(without_control_characters(cell).split())


def kept(cell: str) -> str:
    """Return a cell as one line; an answer in many words is not kept."""
    line = line_of(cell)
    return line if len(line) <= LONGEST_CELL else ""


def refuse_others(sheet: Sheet) -> None:
    """Raise UnreadableReport for a file that holds no responses of people."""
    width = range(len(sheet.header))
    if any(share_of(sheet, place, address_in) for place in width):
        return
    sentence = _(
        "There is no column with e-mail addresses in it. Choose the responses of the "
        "certification form, downloaded as CSV; the form must collect addresses."
    )
    raise UnreadableReport("wrong-report", sentence)


def share_of(sheet: Sheet, place: int, is_one: Callable[[str], object]) -> float:
    """Return in which share of the filled cells of a column something holds."""
    cells = [row[place] for _line, row in sheet.rows[:SAMPLE] if place < len(row)]
    filled = [cell for cell in cells if cell]
    return sum(bool(is_one(cell)) for cell in filled) / len(filled) if filled else 0.0


def guessed_columns(sheet: Sheet) -> dict[str, int]:
    """Return which field stands in which column: by its head, else by its cells."""
    found: dict[str, int] = {}
    for place, cell in enumerate(sheet.header):
        field = field_of(cell)
        if field:
            found.setdefault(field, place)
    for field, is_one in ((EMAIL, address_in), (SUBMITTED, is_stamp), (LINK, is_link)):
        if field not in found:
            guess_by_cells(sheet, field, is_one, found)
    return found


def guess_by_cells(
    sheet: Sheet, field: str, is_one: Callable[[str], object], found: dict[str, int]
) -> None:
    """Take the first free column of which nearly all cells are such."""
    for place in range(len(sheet.header)):
        if place not in found.values() and share_of(sheet, place, is_one) > 0.9:
            found[field] = place
            return


def is_stamp(cell: str) -> bool:
    """Tell whether a cell is a time."""
    try:
        return stamp_of(cell) is not None
    except ValueError:
        return False


def is_link(cell: str) -> bool:
    """Tell whether a cell is an address of the web that a browser opens."""
    try:
        parts = urlsplit(cell)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def order_of(sheet: Sheet, columns: Mapping[str, int]) -> str:
    """Return how the file writes its days: "ymd", "dmy", "mdy"; "" if it does not say.

    Any day that can be only one decides for all.
    """
    stamps = [stamp for stamp in stamps_of(sheet, columns) if stamp is not None]
    known = {stamp.order for stamp in stamps}
    if stamps and known == {"ymd"}:
        return "ymd"
    told = known & {"dmy", "mdy"}
    return told.pop() if len(told) == 1 else ""


def stamps_of(sheet: Sheet, columns: Mapping[str, int]) -> list[Stamp | None]:
    """Return the times of the responses; None for what is none."""
    return [stamp_in(cell_of(row, columns, SUBMITTED)) for _line, row in sheet.rows]


def stamp_in(cell: str) -> Stamp | None:
    """Return the time of a cell; None where there is none."""
    try:
        return stamp_of(cell)
    except ValueError:
        return None


def cell_of(row: Sequence[str], columns: Mapping[str, int], field: str) -> str:
    """Return the cell of a field; "" where the column or the cell is not there."""
    place = columns.get(field, len(row))
    return row[place] if 0 <= place < len(row) else ""


def responses_in(
    sheet: Sheet, columns: Mapping[str, int], order: str, zone: tzinfo
) -> list[Response]:
    """Return what each row says, with what is wrong with it."""
    return [response_of(line, row, columns, order, zone) for line, row in sheet.rows]


def response_of(
    line: int,
    row: Sequence[str],
    columns: Mapping[str, int],
    order: str,
    zone: tzinfo,
) -> Response:
    """Return what one row says."""
    told = {field: cell_of(row, columns, field) for field in WORDS}
    email = address_in(told[EMAIL])
    submitted_at = moment_in(told[SUBMITTED], order, zone)
    link = told[LINK] if is_link(told[LINK]) else ""
    return Response(
        line=line,
        name=name_in(told, email),
        email=email,
        submitted_at=submitted_at,
        score=score_in(told[SCORE]),
        response_url=link,
        response_key=key_of(told[KEY] or link),
        problem=problem_of(told, email, submitted_at),
    )


def key_of(words: str) -> str:
    """Return what tells a response from others; a long one by its mark."""
    if len(words) <= KEY_LENGTH and not is_link(words):
        return words
    return sha256(words.encode()).hexdigest()[:40]


def problem_of(
    told: Mapping[str, str], email: str, submitted_at: datetime | None
) -> str:
    """Say what is wrong with the cells of a row; "" where they can be read."""
    if not told[EMAIL]:
        return _("There is no address in this row.")
    if not email:
        return _("“%(words)s” is not an e-mail address.") % {"words": told[EMAIL][:80]}
    if not told[SUBMITTED]:
        return _("There is no time in this row.")
    if submitted_at is None:
        return _("“%(words)s” is not a time.") % {"words": told[SUBMITTED][:80]}
    if told[LINK] and not is_link(told[LINK]):
        words = _("“%(words)s” is not a link.")
        return words % {"words": told[LINK][:80]}
    return ""


def moment_in(cell: str, order: str, zone: tzinfo) -> datetime | None:
    """Return the moment (UTC) of a cell; None where it is none in that order."""
    stamp = stamp_in(cell)
    if stamp is None:
        return None
    try:
        return moment_of(stamp, order, zone)
    except ValueError:
        return None


def name_in(told: Mapping[str, str], email: str) -> str:
    """Return the name of a row; where the form asks for none, what the address says."""
    parts = " ".join(filter(None, [told[FIRST_NAME], told[LAST_NAME]]))
    name = told[NAME] or parts or email.partition("@")[0]
    return name[:NAME_LENGTH]


def score_in(cell: str) -> int | None:
    """Return the score of "18 / 20", "90 %" or "90" in per cent, never rounded up."""
    if match := _share.fullmatch(cell):
        got, most = (float(part.replace(",", ".")) for part in match.groups())
        return int(got * 100 // most) if 0 <= got <= most and most else None
    if match := _percent.fullmatch(cell):
        share = float(match[1].replace(",", "."))
        return int(share) if share <= 100 else None
    return None
