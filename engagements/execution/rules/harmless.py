"""Markdown in which nothing is HTML, whatever shows it later."""

import re

from markdown_it import MarkdownIt

HTML = frozenset({"html_block", "html_inline"})
# A program that shows the file may let HTML through: so does this one, to look.
_lenient = MarkdownIt("commonmark", {"html": True}).enable("table")
# What follows makes it a tag, a comment or a declaration.
_tag = re.compile(r"<(?=[A-Za-z/!?])")
_code = re.compile(r"(`+)[^`].*?\1(?!`)")


def harmless(text: str) -> str:
    """Return Markdown that shows tags as they were typed, and runs none.

    Code keeps its tags as they are: nothing runs there.
    """
    if not holds_html(text):
        return text
    gentle = "\n".join(without_tags(line) for line in text.split("\n"))
    return gentle if not holds_html(gentle) else text.replace("<", "&lt;")


def holds_html(text: str) -> bool:
    """Tell whether some of the text would be taken for HTML."""
    tokens = _lenient.parse(text)
    inside = (child for token in tokens for child in token.children or ())
    return any(token.type in HTML for token in (*tokens, *inside))


def without_tags(line: str) -> str:
    """Return a line whose tags are text; code between backticks stays."""
    shown, done = "", 0
    for code in _code.finditer(line):
        shown += _tag.sub("&lt;", line[done : code.start()]) + code[0]
        done = code.end()
    return shown + _tag.sub("&lt;", line[done:])
