import hashlib
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
# Django's own words between braces may hold anything; they are not markup.
TEMPLATE_CODE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.I),
    "an inline style sheet": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "an htmx event attribute": re.compile(r"\shx-on[:-]", re.I),
    "a javascript: address": re.compile(r"=\s*[\"']?\s*javascript:", re.I),
    "something from another host": re.compile(
        r"<(?:script|link|img|iframe|source|use|image)\b[^>]*"
        r"(?:src|href)\s*=\s*[\"'](?:https?:)?//",
        re.I,
    ),
}


def sums():
    rows = re.findall(
        r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$",
        (VENDOR / "README.md").read_text(),
        re.MULTILINE,
    )
    return dict(rows)


def pages():
    # What is mailed or printed stands elsewhere than on the portal's pages.
    found = ROOT.glob("templates/**/*.html")
    return sorted(path for path in found if "email" not in path.parts)


def test_every_vendored_file_is_listed():
    files = {
        str(path.relative_to(VENDOR))
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name not in {"README.md", "LICENSE"}
    }

    assert files == set(sums())


@pytest.mark.parametrize("name", sorted(sums()))
def test_vendored_file_is_the_one_that_was_checked(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == sums()[name]


def test_every_vendored_project_has_its_licence():
    for name in sums():
        assert (VENDOR / name).parent.joinpath("LICENSE").is_file(), name


def test_there_are_pages_to_look_at():
    assert len(pages()) > 10


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_holds(what):
    found = [
        str(path.relative_to(ROOT))
        for path in pages()
        if FORBIDDEN[what].search(TEMPLATE_CODE.sub("x", path.read_text()))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("what", "markup"),
    [
        ("an inline script", "<script>alert(1)</script>"),
        ("a style attribute", '<p class="a" style="color:red">'),
        ("an event attribute", '<a href="#" onclick="go()">'),
        ("something from another host", '<script src="https://cdn.example/x.js">'),
        (
            "something from another host",
            '<link href="//cdn.example/x.css">',
        ),
    ],
)
def test_what_is_forbidden_would_be_found(what, markup):
    assert FORBIDDEN[what].search(markup)


def test_own_styles_and_scripts_call_no_other_host():
    own = [*ROOT.glob("static/css/*.css"), *ROOT.glob("static/js/*.js")]

    assert own
    for path in own:
        assert not re.search(r"https?://|@import|url\(\s*[\"']?//", path.read_text())


def test_icons_named_in_templates_exist():
    sprite = (VENDOR / "bootstrap-icons" / "icons.svg").read_text()
    known = set(re.findall(r'<symbol [^>]*id="([^"]+)"', sprite))
    named = {
        name
        for path in ROOT.glob("templates/**/*.html")
        for name in re.findall(r"{% icon \"([^\"]+)\"", path.read_text())
    }

    assert named
    assert named <= known
