import pytest

from psdelivery.documents.rules import (
    CONTENT_TYPES,
    FILENAME_LENGTH,
    clean_filename,
    content_type_of,
    file_problem,
    link_problem,
)

pytestmark = pytest.mark.unit

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("SOW.pdf", "SOW.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        (r"C:\Users\ann\SOW.pdf", "SOW.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        # Turned around on screen this would read "invoice-exe.pdf".
        ("invoice-\u202efdp.exe", "invoice-fdp.exe"),
        ("Übersicht 数据.pdf", "Übersicht 数据.pdf"),
        ("U\u0308bersicht.pdf", "Übersicht.pdf"),
        (".pdf", "file.pdf"),
        ("  spaced  .pdf", "spaced.pdf"),
        ("", "file"),
        ("..", "file."),
        ("readme", "readme"),
    ],
)
def test_names_lose_paths_and_what_cannot_be_shown(name, clean):
    assert clean_filename(name) == clean


def test_a_long_name_keeps_its_extension():
    name = clean_filename("é" * 400 + ".docx")

    assert len(name) == FILENAME_LENGTH
    assert name.endswith("é.docx")
    assert len(clean_filename("a" * 400)) == FILENAME_LENGTH
    assert len(clean_filename("a." + "b" * 400)) == FILENAME_LENGTH


@pytest.mark.parametrize("extension", CONTENT_TYPES)
def test_every_accepted_kind_has_a_type_that_no_browser_runs(extension):
    assert file_problem(f"a.{extension.upper()}", 1, max_megabytes=1) == ""
    kind = content_type_of(f"a.{extension}").partition(";")[0]
    assert kind not in {"text/html", "image/svg+xml", "application/javascript"}


def test_an_unknown_kind_is_served_as_bytes():
    assert content_type_of("a.html") == "application/octet-stream"


@pytest.mark.parametrize(
    "name",
    [
        "a.exe",
        "a.html",
        "a.svg",
        "a.pdf.js",
        "a.",
        "pdf",
        "",
        "a.pdf/",
        "a.pdf\x00.exe",
    ],
)
def test_other_kinds_are_refused(name):
    assert "not accepted" in file_problem(name, 1, max_megabytes=1)


def test_the_size_decides():
    assert file_problem("a.pdf", 0, max_megabytes=1) == "The file is empty."
    assert file_problem("a.pdf", MEGABYTE, max_megabytes=1) == ""
    assert file_problem("a.pdf", MEGABYTE + 1, max_megabytes=1) == (
        "The file is too large: 2 MB, at most 1 MB."
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a?b=c#d",
        "http://wiki/page",
        "HTTPS://EXAMPLE.COM/",
        "https://bücher.example/ü",
        "https://example.com:8443/",
        "https://192.0.2.1/",
        "https://[2001:db8::1]:8443/x",
        "https://example.com/" + "a" * 1980,
    ],
)
def test_web_addresses_are_accepted(url):
    assert link_problem(url) == ""


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("javascript:alert(1)", "must begin with https"),
        ("JaVaScRiPt://example.com/%0aalert(1)", "must begin with https"),
        ("data:text/html,hello", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("ftp://example.com/", "must begin with https"),
        ("//example.com/", "must begin with https"),
        ("example.com", "must begin with https"),
        ("", "must begin with https"),
        ("https://ann:secret@example.com/", "user name or password"),
        ("https://ann@example.com/", "user name or password"),
        ("https://@example.com/", "user name or password"),
        ("https:example.com", "names no computer"),
        ("https://", "names no computer"),
        ("https:///path", "names no computer"),
        ("https://.../", "names no computer"),
        ("https://exa<mple.com/", "names no computer"),
        ("https://example.com:port/", "not a link"),
        ("https://example.com:99999/", "not a link"),
        ("https://[::1/", "not a link"),
        ("https://example.com/a b", "such as a space"),
        ("java\tscript:alert(1)", "such as a space"),
        ("https://example.com/\u202ex", "such as a space"),
        ("https://example.com\\@evil.example/", "such as a space"),
        ("https://example.com/" + "a" * 1981, "too long"),
    ],
)
def test_other_links_are_refused_in_words(url, words):
    assert words in link_problem(url)
