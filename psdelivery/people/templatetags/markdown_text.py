"""The Markdown filter: what people wrote, as cleaned HTML.

It lives in `people` because it is the lowest app, so every page may load it.
"""

from functools import lru_cache

import nh3
from django import template
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

register = template.Library()

# No pictures: they would call other hosts, which the content policy forbids.
ALLOWED_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
# The largest heading of a text comes below the headings of the page and its panel.
FIRST_HEADING = 3

# A single line break is a space: the shipped texts are wrapped by hand.
_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@register.filter
def markdown(text: str | None) -> SafeString:
    """Render Markdown to HTML from which everything active was cleaned."""
    return SafeString(_rendered(text or ""))


@lru_cache(maxsize=1024)
def _rendered(text: str) -> str:
    # Cached: the instructions of one playbook step show on hundreds of rows.
    tokens = _parser.parse(text)
    _lower_headings(tokens)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=ALLOWED_SCHEMES,
        link_rel="noopener noreferrer",
    )


def _lower_headings(tokens: list[Token]) -> None:
    """Shift the headings so that the outline of the page keeps its order."""
    headings = [t for t in tokens if t.type in {"heading_open", "heading_close"}]
    largest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - largest + FIRST_HEADING, 6)}"
