"""What people, copied mails, old browsers and robots put into a field.

Each `Nasty` says what one field is sent instead of what stands there, and for which
kinds of control the quick tier tries it; the full tier tries all of them everywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

SCRIPT = "<script>alert('psd')</script>"
BREAKOUT = "\"'><img src=x onerror=alert(1)>"
# What must never stand in a page as it was typed.
LIVE_HTML = ("<script>alert('psd", "<img src=x onerror")
TEXT = frozenset({"text", "textarea", "search", "tel"})
DATES, TIMES, NUMBERS = frozenset({"date"}), frozenset({"time"}), frozenset({"number"})
LINKS, MAILS = frozenset({"url"}), frozenset({"email"})
CHOICES = frozenset({"select", "radio", "choices"})
SCALARS = TEXT | DATES | TIMES | NUMBERS | LINKS | MAILS | CHOICES | {"hidden"}
FILES = frozenset({"file"})
TICKS = frozenset({"checkbox"})
LONGEST = 10_000


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Nasty:
    """`sent(control)` is what goes out under the name: no values, it is missing."""

    name: str
    sent: Callable
    kinds: frozenset[str] = frozenset()
    # Text as good as any other: a field that takes text takes this.
    is_taken: bool = False

    def __str__(self):
        return self.name


def one(name, value, *kinds):
    return Nasty(name, lambda control: [value], frozenset().union(*kinds))


def taken(name, value):
    return Nasty(name, lambda control: [value], TEXT, is_taken=True)


def as_long_as_it_takes(control):
    """The longest text that the field says it takes: it has to fit everywhere."""
    longest = min(control.longest or LONGEST, LONGEST)
    if control.kind == "email":
        return ["a@" + "b" * 60 + ".example"]
    if control.kind == "url":
        return ["https://example.com/" + "x" * (longest - 20)]
    return ["Wide " * (longest // 5) + "x" * (longest % 5)]


def missing(control):
    return []


def doubled(control):
    """Two answers where the form has room for one."""
    first = control.values[:1] or control.offered[:1] or ["one"]
    return [*first, "two"]


TEXTS = [
    one("empty", "", SCALARS),
    Nasty("missing", missing, CHOICES | DATES | MAILS | {"hidden"} | TICKS),
    Nasty("doubled", doubled, TEXT | CHOICES),
    Nasty("as long as it takes", as_long_as_it_takes, TEXT | LINKS | MAILS, True),
    one("10,000 characters", "x" * LONGEST, TEXT | LINKS | MAILS),
    one("NUL", "Ac\x00me", TEXT | LINKS | MAILS | CHOICES | {"hidden"}),
    one("control characters", "Ac\x01\x1bme\u202eme", TEXT),
    one("turned around", "Ac\u202eme"),
    one("no character", "Ac\ufffeme"),
    one("only invisible", "\u200b\u2060", TEXT),
    one("spaces", "   ", MAILS),
    taken("script", SCRIPT),
    taken("attribute", BREAKOUT),
    one("script again", SCRIPT, MAILS | LINKS | CHOICES | {"hidden"}),
    one("second header", "a\r\nBcc: x@example.com", TEXT | MAILS),
    taken("template", "{{ 7|add:7 }} %s %(name)s {0}"),
    one("formula", "=1+1"),
    one("emoji", "\U0001f680\U0001f3f3\ufe0f\u200d\U0001f308"),
    one("half a pair", b"a\xed\xa0\x80b", TEXT),
    one("no UTF-8", b"a\xff\xfeb"),
]
NUMBERS_AND_DAYS = [
    one("very long number", "9" * 400, NUMBERS),
    one("longer than a number may be", "9" * 5_000, NUMBERS | CHOICES | {"hidden"}),
    one("negative", "-1", NUMBERS | CHOICES),
    one("NaN", "NaN", NUMBERS),
    one("Infinity", "Infinity", NUMBERS),
    one("1e400", "1e400", NUMBERS),
    one("1e-400", "1e-400"),
    one("other digits", "٣", NUMBERS),
    one("year 1", "0001-01-01", DATES),
    one("year 1800", "1800-01-01", DATES),
    one("year 9999", "9999-12-31", DATES),
    one("30 February", "2027-02-30", DATES),
    one("a day in words", "next Tuesday", DATES | NUMBERS | TIMES),
    one("25:61", "25:61", TIMES),
    one("midnight", "00:00", TIMES),
    one("zone on Mars", "Mars/Olympus"),
]
REFERENCES = [
    one("row 0", "0", CHOICES),
    one("beyond any row", "9" * 21, CHOICES),
    one("no row at all", "abc", TICKS),
    one("a code in small letters", "na", CHOICES),
]
ADDRESSES = [
    one("javascript link", "javascript:alert('psd')", LINKS),
    one("FTP link", "ftp://example.com/", LINKS),
    one("link with a password", "https://me:secret@example.com/", LINKS),
    one("half a link", "http://[::1", LINKS),
    one("elsewhere", "//evil.example/", {"hidden"}),
]
MEGABYTE = 1024 * 1024
UPLOADS = [
    one("empty file", Upload("empty.pdf", b"", "application/pdf"), FILES),
    one("program", Upload("setup.exe", b"MZ", "application/x-msdownload"), FILES),
    one("page", Upload("page.html", SCRIPT.encode(), "text/html"), FILES),
    one("claims to be a page", Upload("a.pdf", SCRIPT.encode(), "text/html"), FILES),
    one("21 MB", Upload("large.pdf", b"x" * (21 * MEGABYTE)), FILES),
    one("path", Upload("../../../etc/cron.d/psd.txt", b"x", "text/plain"), FILES),
    one("no name", Upload("", b"x"), FILES),
    one("name in unicode", Upload("Übergabe\u202e📎.pdf", b"x"), FILES),
    one("name of 300", Upload("n" * 296 + ".pdf", b"x"), FILES),
    one("script as name", Upload(f"{SCRIPT}.pdf", b"x"), FILES),
    one("text for a file", "no file", FILES),
]
NASTIES = [*TEXTS, *NUMBERS_AND_DAYS, *REFERENCES, *ADDRESSES, *UPLOADS]
