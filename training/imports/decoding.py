"""From the bytes of a file to its text, whatever wrote it."""

import codecs
import unicodedata

from django.utils.translation import gettext as _

from training.imports.problems import UnreadableReport

# Four bytes before two: the mark of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where a byte of nothing is no part of a letter.
NARROW = frozenset({"utf-8", "utf-8-sig", "cp1252"})
ZIP, PDF, OLD_EXCEL = b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0"
SAMPLE = 4096
# Of all characters: a text has hardly any control character, a picture is full of them.
MOST_CONTROL = 0.01
KEPT_CONTROL = frozenset("\t\r\n")


def text_of(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or the Western code page of Windows.

    Raises UnreadableReport for a file without text and for one that is none.
    """
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        raise UnreadableReport("empty", _("The file is empty."))
    refuse_other_kinds(data)
    encoding = encoding_of(data)
    if encoding in NARROW and b"\x00" in data:
        raise UnreadableReport("binary", binary_words())
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableReport("broken", broken_words()) from error
    refuse_binary(text)
    return text.lstrip("\ufeff")


def refuse_other_kinds(data: bytes) -> None:
    """Raise UnreadableReport for what is chosen by mistake: a spreadsheet, a PDF."""
    if data.startswith((ZIP, OLD_EXCEL)):
        sentence = _(
            "This is a spreadsheet or an archive, not a CSV file. Download the report "
            "as CSV, or save the sheet as CSV."
        )
        raise UnreadableReport("spreadsheet", sentence)
    if data.startswith(PDF):
        sentence = _("This is a PDF, not a CSV file. Download the report as CSV.")
        raise UnreadableReport("pdf", sentence)


def encoding_of(data: bytes) -> str:
    """Return in what the file is written: its mark says so, else its bytes do."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return name
    if wide := wide_encoding(data[:SAMPLE]):
        return wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def wide_encoding(sample: bytes) -> str:
    """Return the UTF-16 that a sample without a mark is in, nothing if it is not."""
    pairs = len(sample) // 2
    if not pairs:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > pairs / 2 > even * 2:
        return "utf-16-le"
    return "utf-16-be" if even > pairs / 2 > odd * 2 else ""


def refuse_binary(text: str) -> None:
    """Raise UnreadableReport for what is a picture or a program rather than a text."""
    sample = text[: SAMPLE * 4]
    control = sum(
        unicodedata.category(one) in {"Cc", "Cs", "Cn"}
        for one in sample
        if one not in KEPT_CONTROL
    )
    if "\x00" in text or control > len(sample) * MOST_CONTROL:
        raise UnreadableReport("binary", binary_words())


def binary_words() -> str:
    return _("This is not a text file. Download the report as CSV.")


def broken_words() -> str:
    return _("The file breaks off or is damaged. Download it again.")
