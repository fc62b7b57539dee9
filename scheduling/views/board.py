"""Master planning: people × days, with the requests that wait beside it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from scheduling.access import reached_bookings
from scheduling.board_candidates import Lit, lit_by, page_by_fit
from scheduling.choices import BoardPart, Zoom
from scheduling.forms.board import BoardForm
from scheduling.models import ResourceRequest
from scheduling.queries.board import (
    BLOCK,
    board_people,
    filter_choices,
    people_with_places,
)
from scheduling.queries.board_bars import (
    Booked,
    UnnamedRow,
    booked_in,
    unnamed_rows,
)
from scheduling.queries.board_changes import News, newest, news_since, read_seen
from scheduling.queries.board_requests import chosen_request, waiting_requests
from scheduling.queries.board_rows import rows_of
from scheduling.rules.board import STEPS, Window, window_at

MOST_PAGES = 10_000
# Where more rows changed than this, the page is loaded again instead.
MOST_NEWS = 60


@dataclass(frozen=True)
class Block:
    """Some rows that are fetched when they are scrolled to."""

    number: int
    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


def form_of(request: SignedInRequest) -> BoardForm:
    today = clock.today(request.user.zone)
    choices = filter_choices(request.user)
    return BoardForm(request.GET, choices=choices, today=today)


def page_number(request: SignedInRequest) -> int:
    # Whoever asks with nonsense sees the first rows.
    typed = request.GET.get("page", "")
    number = int(typed) if typed.isdecimal() and len(typed) < 6 else 1
    return min(max(number, 1), MOST_PAGES)


def blocks_of(total: int) -> list[Block]:
    return [
        Block(number, start + 1, min(start + BLOCK, total))
        for number, start in enumerate(range(0, total, BLOCK), start=1)
    ]


def may_book(request: SignedInRequest) -> bool:
    return scope_for(request.user.role_set, Action.BOOK) is Scope.ALL


@dataclass(frozen=True)
class Screen:
    """What somebody looks at: the days, the filters, and the request that they chose.

    `requests` stand beside it; None for who does not book.
    """

    form: BoardForm
    requests: list[ResourceRequest] | None
    lit: Lit | None

    @property
    def window(self) -> Window:
        return self.form.window


def screen_of(request: SignedInRequest, form: BoardForm, *, beside: bool) -> Screen:
    requests = waiting_requests() if beside and may_book(request) else None
    chosen = None
    if may_book(request):
        key = form.cleaned_data["request"]
        chosen = chosen_request(request.user, key, requests or [])
    return Screen(form, requests, lit_by(chosen))


def rows_context(
    request: SignedInRequest, screen: Screen, people: list[User], booked: Booked
) -> dict[str, Any]:
    window = screen.window
    return {
        "window": window,
        "zoom": window.zoom,
        "rows": rows_of(people, window, booked),
        "lit": screen.lit,
        "reached": reached_bookings(request.user, booked.allocations),
        "may_book": may_book(request),
    }


def side_context(screen: Screen) -> dict[str, Any]:
    return {
        "requests": listed_requests(screen),
        "chosen": screen.lit.asked if screen.lit else None,
        "without_request": screen.form.query(request=""),
    }


def unnamed_context(form: BoardForm, booked: Booked) -> list[tuple[UnnamedRow, str]]:
    """Return the rows of demand, each with the address of all that stands in it."""
    rows = unnamed_rows(form.window, booked)
    return [(row, form.query(role=row.role)) for row in rows]


def listed_requests(screen: Screen) -> list[tuple[ResourceRequest, str]] | None:
    if screen.requests is None:
        return None
    return [(one, query_to(screen, one)) for one in screen.requests]


def query_to(screen: Screen, asked: ResourceRequest) -> str:
    # Its days are on the screen, where they can be.
    first = getattr(asked, "first_day", None)
    window, query = screen.window, screen.form.query
    if first is None or window.place_of(first, first):
        return query(request=asked.pk)
    return query(request=asked.pk, first=window_at(window.zoom, first).first)


@require_GET
def board(request: SignedInRequest) -> HttpResponse:
    form = form_of(request)
    if not form.is_valid():
        context = {"form": form, "here_url": request.path}
        return render(request, "scheduling/board.html", context, status=422)
    # First: what changes while the rows are read is news afterwards.
    seen = newest()
    screen, number = screen_of(request, form, beside=True), page_number(request)
    window = screen.window
    page = page_by_fit(board_people(form.wanted, window), number, screen.lit)
    has_unnamed = number == 1 and screen.lit is None
    booked = booked_in(window, form.wanted, page.people, unnamed=has_unnamed)
    context = rows_context(request, screen, page.people, booked) | {
        "form": form,
        "unnamed": unnamed_context(form, booked) if has_unnamed else [],
        "total": page.total,
        "blocks": blocks_of(page.total),
        "number": number,
        "query": form.query(),
        "now_place": window.place_of(form.today, form.today),
        "wanted_places": screen.lit.places(window) if screen.lit else [],
        "views": form.views,
        "here_url": request.path,
        "seen": seen,
    }
    context |= links_of(form) | side_context(screen)
    return render(request, "scheduling/board.html", context)


def links_of(form: BoardForm) -> dict[str, Any]:
    window = form.window
    step = STEPS[Zoom(window.zoom)]
    return {
        "earlier": form.query(first=window.moved(-step).first),
        "later": form.query(first=window.moved(step).first),
        "today": form.query(first=""),
        "zooms": [
            (zoom, key, form.query(zoom=zoom.value, first=first_shown(form)))
            for key, zoom in enumerate(Zoom, start=1)
        ],
    }


def first_shown(form: BoardForm) -> date | str:
    # Without a day in the address it stays that way, and begins today.
    return form.window.first if form.cleaned_data["first"] else ""


@require_GET
def board_rows(request: SignedInRequest) -> HttpResponse:
    form = form_of(request)
    if not form.is_valid():
        return HttpResponse(status=422)
    screen = screen_of(request, form, beside=False)
    people = board_people(form.wanted, screen.window)
    page = page_by_fit(people, page_number(request), screen.lit)
    booked = booked_in(screen.window, form.wanted, page.people, unnamed=False)
    context = rows_context(request, screen, page.people, booked)
    return render(request, "scheduling/partials/_board_rows.html", context)


@require_GET
def board_changes(request: SignedInRequest) -> HttpResponse:
    news = news_since(read_seen(request.GET.get("since", "")))
    if news.is_empty:
        return HttpResponse(status=204)
    form = form_of(request)
    if not form.is_valid():
        return HttpResponse(status=422)
    if len(news.people) > MOST_NEWS:
        return HttpResponseClientRefresh()
    context = news_context(request, form, news)
    return render(request, "scheduling/partials/_board_poll.html", context)


def news_context(
    request: SignedInRequest, form: BoardForm, news: News
) -> dict[str, Any]:
    people, window = people_with_places(news.people), form.window
    screen = screen_of(request, form, beside=BoardPart.REQUESTS in news.parts)
    has_unnamed = BoardPart.UNNAMED in news.parts and screen.lit is None
    booked = booked_in(window, form.wanted, people, unnamed=has_unnamed)
    return (
        rows_context(request, screen, people, booked)
        | side_context(screen)
        | {
            "form": form,
            "query": form.query(),
            "seen": news.seen,
            "has_news": True,
            "has_unnamed": has_unnamed,
            "unnamed": unnamed_context(form, booked) if has_unnamed else [],
        }
    )
