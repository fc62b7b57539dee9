"""Texts with placeholders: what may be saved, what is missing, how they are filled.

Pure: no database, no clock, no request. There is no template language: `{{ name }}`
stands for a text that the kind of mail declares, and that is all there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from psdelivery.outbox.rules.messages import one_line
from psdelivery.registry import Reason

_placeholder = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")
_braces = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_paragraph_end = re.compile(r"\n[ \t]*\n+")
_is_link = re.compile(r"https?://\S+\Z")
# What Markdown would take for its own: emphasis, code, links, tags, entities.
_live = re.compile(r"[\\`*\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
# And those that do so at the beginning of a line.
_leading = re.compile(r"\A(\s*)([#>+=-]|\d+[.)])")
_closing = str.maketrans({"(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"})

Facts = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """What a placeholder stands for.

    `mended_at` leads, for the record that a mail is about, to where a missing one is
    entered. An optional one may be empty: the paragraph that it stands in is then
    left out. A secret one (link or code that lets people in) never stands in a
    subject, which is listed and searched. One of Markdown is a text that colleagues
    wrote: alone on its line it keeps its lists and paragraphs.
    """

    title: str | Promise
    help: str | Promise = ""
    mended_at: Callable[[Any], str] | None = None
    is_optional: bool = False
    is_secret: bool = False
    is_markdown: bool = False


def placeholders_in(text: str) -> list[str]:
    """Return the names of the placeholders in a text, each once, as they come."""
    return list(dict.fromkeys(_placeholder.findall(text)))


def reasons_against_template(
    subject: str, body: str, declared: Mapping[str, Placeholder]
) -> list[Reason]:
    """R-15: refuse to save a text that could not be filled: unknown names, odd braces.

    A secret in the subject is refused too.
    """
    secrets = {name for name, one in declared.items() if one.is_secret}
    return [
        *_reasons_against_names(subject, "subject", declared),
        *_reasons_against_names(body, "body", declared),
        *[
            _reason_of_secret(name)
            for name in placeholders_in(subject)
            if name in secrets
        ],
    ]


def _reason_of_secret(name: str) -> Reason:
    sentence = _("“%(name)s” gives access, so it does not belong into the subject.")
    return Reason("subject", sentence % {"name": name})


def _reasons_against_names(
    text: str, field: str, declared: Mapping[str, Placeholder]
) -> list[Reason]:
    unknown = [name for name in placeholders_in(text) if name not in declared]
    reasons = [
        Reason(field, _("There is no placeholder “%(name)s” here.") % {"name": name})
        for name in unknown
    ]
    if _braces.search(_placeholder.sub("", text)):
        sentence = _(
            "Double braces stand around the name of a placeholder only: {{ name }}."
        )
        reasons.append(Reason(field, sentence))
    return reasons


def missing_placeholders(
    text: str, facts: Facts, declared: Mapping[str, Placeholder]
) -> list[str]:
    """R-15: return the placeholders of a text that have no value, each by its name.

    No mail leaves while there is one. What may be empty by its nature (the sentence
    about a late link) is optional and takes its paragraph along.
    """
    return [
        name
        for name in placeholders_in(text)
        if not facts.get(name, "").strip()
        and not (name in declared and declared[name].is_optional)
    ]


def fill_line(text: str, facts: Facts) -> str:
    """Return a subject with its facts; what is missing stays as it is written."""
    return one_line(_placeholder.sub(lambda m: facts.get(m[1], "") or m[0], text))


def fill_text(
    text: str,
    facts: Facts,
    optional: Iterable[str] = frozenset(),
    markdown: Collection[str] = frozenset(),
) -> str:
    """Return a Markdown text with its facts, which say only what they say.

    A fact cannot make a heading, a link or HTML, unless it is one of `markdown`. One
    of several lines becomes a list where it stands alone on its line. What is missing
    stays as it is written, so that it is seen; a paragraph with an empty optional one
    is left out.
    """
    left_out = {name for name in optional if not facts.get(name, "").strip()}
    paragraphs = _paragraph_end.split(text.replace("\r\n", "\n").strip())
    return "\n\n".join(
        "\n".join(_fill(line, facts, markdown) for line in paragraph.split("\n"))
        for paragraph in paragraphs
        if not left_out & set(placeholders_in(paragraph))
    )


def _fill(line: str, facts: Facts, markdown: Collection[str]) -> str:
    alone = _placeholder.fullmatch(line.strip())
    if alone and alone[1] in markdown and (fact := facts.get(alone[1], "").strip()):
        return _as_written(fact)
    if alone and len(lines := _lines(facts.get(alone[1], ""))) > 1:
        return "\n".join(f"- {plain_in_markdown(one)}" for one in lines)
    return _placeholder.sub(lambda match: _value(match, facts), line)


def _as_written(fact: str) -> str:
    """Return Markdown as somebody wrote it; braces in it are no placeholder (R-15)."""
    return fact.replace("\r\n", "\n").replace("{{", "{\\{").replace("}}", "}\\}")


def _value(match: re.Match[str], facts: Facts) -> str:
    """Return what stands in the place of a placeholder: the fact, or itself."""
    fact = facts.get(match[1], "").strip()
    before = match.string[: match.start()]
    if _is_link.match(fact) and not before.endswith(("](", "<")):
        return f"<{plain_in_markdown(fact)}>"
    return _inline(fact) or match[0]


def _lines(fact: str) -> list[str]:
    return [line.strip() for line in fact.splitlines() if line.strip()]


def _inline(fact: str) -> str:
    return "; ".join(plain_in_markdown(line) for line in _lines(fact))


def plain_in_markdown(text: str) -> str:
    """Return Markdown that shows exactly this text.

    A web address is not escaped but encoded, so that it can stand in `[…](…)` too.
    """
    if _is_link.match(text):
        return text.translate(_closing)
    escaped = _live.sub(r"\\\g<0>", text)
    return _leading.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", escaped)
