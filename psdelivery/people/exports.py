"""Tables as CSV or as a sheet, safe for spreadsheets."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from psdelivery.people.validators import without_control_characters

# A cell that begins with one of these is a formula to a spreadsheet; some read the
# wide forms of East Asian keyboards so, and some leave out the space before.
FORMULA_STARTS = frozenset("=+-@＝＋－＠\t\r\n")


class Line:
    """A file for the csv module that hands back each line instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def safe_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    seen = (text[:1], text.lstrip()[:1])
    return f"'{text}" if FORMULA_STARTS.intersection(seen) else text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a file, one at a time."""
    writer = csv.writer(Line())
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


# The least that a spreadsheet program wants of a workbook with one sheet.
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    f'ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}
SHEET_NAME_LENGTH = 31


def xlsx_file(rows: Iterable[Iterable[object]], *, title: str) -> bytes:
    """Return a workbook with one sheet; texts stay texts, whatever they begin with."""
    name = "".join(one for one in title if one not in "[]:*?/\\")[:SHEET_NAME_LENGTH]
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{_text(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        parts = {"xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet}
        for path, part in {**_PARTS, **parts}.items():
            archive.writestr(path, _HEAD + part)
    return file.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    text = _text("" if value is None else str(value))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _text(value: str) -> str:
    """Return a text as XML takes it: without what no document may hold."""
    plain = without_control_characters(value)
    return escape(plain.replace("\ufffe", "").replace("\uffff", ""), {'"': "&quot;"})
