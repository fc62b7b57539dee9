"""Mail text written in Markdown, as the two bodies of a mail."""

import re

import nh3
from markdown_it import MarkdownIt

TAGS = {
    "p", "br", "hr", "h1", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a",
    "blockquote", "code", "pre", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}}
SCHEMES = {"http", "https", "mailto"}

# Raw HTML is shown as typed: whoever writes a mail writes Markdown.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_link = re.compile(r"(?<!\\)\[((?:\\.|[^\]\\\n])+)\]\((\S+?)\)")
_strong = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")
_bare_link = re.compile(r"(?<!\\)<(https?://[^\s<>]+|[^\s<>@]+@[^\s<>@]+)>")
# A backslash makes the mark behind it an ordinary letter.
_escaped = re.compile(r"\\([!-/:-@\[-`{-~])")


def _plain(text: str) -> str:
    without_links = _link.sub(
        lambda m: m[1] if m[1] == m[2] else f"{m[1]}: {m[2]}", text
    )
    words = _strong.sub(r"\1", _bare_link.sub(r"\1", without_links))
    return _escaped.sub(r"\1", words)


def render_mail_markdown(text: str) -> tuple[str, str]:
    """Return the plain text and the cleaned HTML of a mail written in Markdown."""
    source = text.replace("\r\n", "\n").strip() + "\n"
    html = nh3.clean(
        _markdown.render(source),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel=None,
    )
    return _plain(source), html
