"""Rows of the board, written without templates: a screen has thousands of parts."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from psdelivery.people.addresses import address_of
from psdelivery.people.moments import SHORT_DAY, dated, day_text
from scheduling.board_candidates import Fit, Lit
from scheduling.board_words import (
    bar_words,
    booked_text,
    cell_words,
    hours_text,
    place_words,
    request_words,
    short_span,
    state_of,
    state_words,
    stretch_text,
    title_of,
)
from scheduling.choices import DayOff, Hold, Zoom
from scheduling.models import Allocation, ResourceRequest
from scheduling.queries.board_bars import Bar, UnnamedRow
from scheduling.queries.board_rows import Cell, OffMark, Row
from scheduling.queries.taken import Taken
from scheduling.rules.board import Stretch

register = template.Library()


@register.simple_tag
def board_cells(row: Row, zoom: str) -> SafeString:
    """The numbers of capacity of a row, each with its sentence."""
    return SafeString("".join(cell_html(cell, zoom) for cell in row.cells))


def cell_html(cell: Cell, zoom: str) -> str:
    """Return one number; what it means is read out and shown as a word."""
    load = cell.load
    soft = f" <i>+{hours_text(load.soft)}</i>" if load.soft else ""
    return (
        f'<div role="cell" class="b-cell is-{state_of(load)} {cell.stretch.place.css}"'
        f' data-when="{short_when(cell.stretch, zoom)}"'
        f' aria-label="{escape(cell_words(cell, zoom))}">'
        f"{booked_text(load)}{soft} <b>{escape(state_words(load))}</b></div>"
    )


@register.simple_tag
def board_offs(row: Row) -> SafeString:
    """The days of a row on which nobody works."""
    return SafeString("".join(map(off_html, row.offs)))


def off_html(mark: OffMark) -> str:
    """Return one hatched stretch; its words stand in the number of the week too."""
    words = escape(DayOff(mark.off).label)
    css = f"b-off off-{mark.off} {mark.place.css}"
    return f'<i class="{css}" title="{words}"></i>'


@register.simple_tag
def board_bars(
    row: Row | UnnamedRow, may_book: bool, reached: Collection[int] | None
) -> SafeString:
    """The bookings of a row, as links to those pages that the reader may open."""
    return SafeString(
        "".join(
            bar_html(
                bar,
                may_book=may_book,
                is_link=reached is None or bar.allocation.pk in reached,
            )
            for bar in row.bars
        )
    )


def bar_html(bar: Bar, *, may_book: bool, is_link: bool) -> str:
    """Return a bar; of a booking with gaps, the first one is the link to follow."""
    one = bar.allocation
    facts = f' data-bar="{one.pk}"'
    if may_book:
        facts += (
            f' data-version="{one.version}" data-first="{one.starts_on:%Y-%m-%d}"'
            f' data-last="{one.ends_on:%Y-%m-%d}" data-hold="{one.hold}"'
        )
    if not bar.is_first:
        facts += ' tabindex="-1" aria-hidden="true"'
    words = f"<b>{escape(title_of(one))}</b> {escape(bar_words(bar))}"
    if not is_link:
        return f'<span class="{bar_css(bar)}"{facts}>{words}</span>'
    url = address_of("scheduling:allocation-detail", one.pk)
    return (
        f'<a class="{bar_css(bar)}" href="{url}"{facts} draggable="false">{words}</a>'
    )


def bar_css(bar: Bar) -> str:
    """Return the classes of a bar: how firm, what kind, and where it stands."""
    flags = {
        "is-dim": bar.is_dim,
        "goes-before": bar.starts_before,
        "goes-on": bar.ends_after,
    }
    return " ".join(
        [
            f"b-bar hold-{bar.allocation.hold} kind-{kind_of(bar.allocation)}",
            f"{bar.place.css} l-{bar.lane}",
            *[name for name, is_set in flags.items() if is_set],
        ]
    )


def kind_of(allocation: Allocation) -> str:
    """Return the kind whose colour a booking has; a planning inquiry has none."""
    engagement = allocation.engagement
    return engagement.kind if engagement is not None else "none"


@register.simple_tag
def board_name(row: Row, lit: Lit | None) -> SafeString:
    """The name of a row with what the person is and where, and how they fit."""
    person = row.person
    fit = lit.fit_of(person) if lit else None
    return format_html(
        '<a class="b-person" href="{}" data-row-link>{}</a><small>{}</small>{}',
        person.get_absolute_url(),
        person.display_name,
        place_words(person),
        fit_html(fit) if fit else "",
    )


def fit_html(fit: Fit) -> SafeString:
    """Return how much somebody has free of what is asked for, and the way to book."""
    return format_html(
        '<span class="b-fit is-{}"><b>{}</b> <a href="{}">{}</a></span>'
        '<small title="{}">{}</small>',
        "whole" if fit.is_whole else "part",
        fit.words,
        fit.book_url,
        _("Book"),
        "; ".join([*fit.lacks, *fit.reasons]),
        "; ".join([*fit.lacks, *fit.reasons]),
    )


def short_when(stretch: Stretch, zoom: str) -> str:
    """Return a week or month in as little room as there is: 15 Mar, Mar."""
    return dated(stretch.first, "M" if zoom == Zoom.MONTH else SHORT_DAY)


@register.simple_tag
def board_heading(stretch: Stretch, zoom: str) -> SafeString:
    """The heading of a week or a month: short for the eye, in full when read out."""
    short = short_when(stretch, zoom)
    week = stretch.first.isocalendar().week
    number = "" if zoom == Zoom.MONTH else _("W%(n)s") % {"n": week}
    return format_html(
        '<span aria-hidden="true"><i>{}</i> {}</span>'
        '<span class="visually-hidden">{}</span>',
        number,
        short,
        stretch_text(stretch, zoom),
    )


@register.simple_tag
def board_request(asked: ResourceRequest) -> str:
    """What a request asks for, in one line."""
    return request_words(asked)


@register.simple_tag
def board_title(allocation: Allocation) -> str:
    """What a booking is for."""
    return title_of(allocation)


@register.simple_tag
def board_days(days: Mapping[date, Decimal]) -> str:
    """The first and last of some days; nothing where there are none."""
    return short_span(min(days), max(days)) if days else ""


@register.simple_tag
def board_skipped(day: date, off: str) -> str:
    """A day off that a booking leaves out."""
    words = {"day": day_text(day), "off": DayOff(off).label}
    return _("%(day)s: %(off)s, left out") % words


@register.simple_tag
def board_taken(taken: Taken) -> SafeString:
    """Another booking on the same days, as a link to it."""
    one = taken.allocation
    return format_html(
        '<a href="{}">{}</a>, {}, {}',
        one.get_absolute_url(),
        title_of(one),
        Hold(one.hold).label,
        short_span(taken.first, taken.last),
    )
