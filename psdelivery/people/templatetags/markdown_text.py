"""The Markdown filter: what people wrote, as cleaned HTML.

It lives in `people` because it is the lowest app, so every page may load it.
"""

from functools import lru_cache

import nh3
from django import template
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

register = template.Library()

# No pictures: they would call other hosts, which the content policy forbids.
ALLOWED_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
ALLOWED_SCHEMES = {"http", "https", "mailto", "tel"}
# Headings of a text begin below those of the page that shows it.
HEADING_SHIFT = 2

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
)


@register.filter
def markdown(text: str | None) -> SafeString:
    """Render Markdown to HTML from which everything active was cleaned."""
    return SafeString(_rendered(text or ""))


@lru_cache(maxsize=1024)
def _rendered(text: str) -> str:
    # Cached: the instructions of one playbook step show on hundreds of rows.
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + HEADING_SHIFT, 6)}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=ALLOWED_SCHEMES,
        link_rel="noopener noreferrer",
    )
