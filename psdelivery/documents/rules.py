"""What may be kept as a document."""

import re
import unicodedata
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

LINK_LENGTH = 2000
FILENAME_LENGTH = 150
MEGABYTE = 1024 * 1024
UNKNOWN_TYPE = "application/octet-stream"
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

# Nothing a browser would run: no HTML, no SVG. The type served is ours, never
# the one the uploader's browser claimed.
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "docx": f"{OFFICE}wordprocessingml.document",
    "pptx": f"{OFFICE}presentationml.presentation",
    "odt": f"{OPEN_DOCUMENT}text",
    "ods": f"{OPEN_DOCUMENT}spreadsheet",
    "eml": "message/rfc822",
    "ics": "text/calendar; charset=utf-8",
    "zip": "application/zip",
}

# A name, or an address of version 6 (its brackets are gone by then).
_HOST = re.compile(r"\w[\w.-]*|[0-9a-f.]*:[0-9a-f:.]+")


def extension_of(name: str) -> str:
    """Return the extension in lower case without its dot, or nothing."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def content_type_of(name: str) -> str:
    """Return the type to serve a file of this name as."""
    return CONTENT_TYPES.get(extension_of(name), UNKNOWN_TYPE)


def clean_filename(name: str) -> str:
    """Return a name fit to be offered on download: no path, nothing unprintable."""
    last = re.split(r"[/\\]", name)[-1]
    text = unicodedata.normalize("NFC", last)
    text = "".join(char for char in text if char.isprintable()).strip()
    stem, dot, extension = text.rpartition(".")
    if not dot:
        return text[:FILENAME_LENGTH] or "file"
    room = max(FILENAME_LENGTH - len(extension) - 1, 1)
    return f"{stem.strip(' .')[:room] or 'file'}.{extension}"[:FILENAME_LENGTH]


def file_problem(name: str, size: int, *, max_megabytes: int) -> str:
    """Say what is wrong with a file, or nothing."""
    if extension_of(clean_filename(name)) not in CONTENT_TYPES:
        allowed = ", ".join(CONTENT_TYPES)
        return _("This kind of file is not accepted. Accepted: %s.") % allowed
    if size == 0:
        return _("The file is empty.")
    if size > max_megabytes * MEGABYTE:
        return _("The file is too large: %(size)s MB, at most %(limit)s MB.") % {
            # Rounded up, so that it never reads "20 MB, at most 20 MB".
            "size": -(-size // MEGABYTE),
            "limit": max_megabytes,
        }
    return ""


def link_problem(url: str) -> str:
    """Say what is wrong with a link, or nothing.

    Single names such as http://wiki/ are fine: company networks have them.
    """
    if len(url) > LINK_LENGTH:
        return _("The link is too long: at most %s characters.") % LINK_LENGTH
    if "\\" in url or not url.isprintable() or any(char.isspace() for char in url):
        return _("The link contains characters that no link has, such as a space.")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return _("This is not a link.")
    if parts.scheme not in ("http", "https"):
        return _("The link must begin with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        return _("The link contains a user name or password. Leave it out.")
    if not host or not _HOST.fullmatch(host):
        return _("The link names no computer, such as https://example.com/.")
    return ""
