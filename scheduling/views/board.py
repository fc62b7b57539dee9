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
from scheduling.choices import BoardPart, Zoom
from scheduling.forms.board import BoardForm
from scheduling.queries.board import (
    BLOCK,
    board_people,
    board_views,
    changed_people,
    filter_choices,
    people_page,
)
from scheduling.queries.board_bars import Booked, booked_in, unnamed_rows
from scheduling.queries.board_changes import News, newest, news_since, read_seen
from scheduling.queries.board_requests import chosen_request, waiting_requests
from scheduling.queries.board_rows import rows_of
from scheduling.rules.board import STEPS

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
    return BoardForm(request.GET, choices=filter_choices(), today=today)


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


def page_context(
    request: SignedInRequest, form: BoardForm, people: list[User], booked: Booked
) -> dict[str, Any]:
    window = form.window
    return {
        "window": window,
        "zoom": window.zoom,
        "rows": rows_of(people, window, booked),
        "may_book": may_book(request),
    }


@require_GET
def board(request: SignedInRequest) -> HttpResponse:
    form = form_of(request)
    if not form.is_valid():
        context = {"form": form, "here_url": request.path}
        return render(request, "scheduling/board.html", context, status=422)
    window, number = form.window, page_number(request)
    page = people_page(board_people(form.wanted, window), number)
    booked = booked_in(window, form.wanted, page.people, unnamed=number == 1)
    context = page_context(request, form, page.people, booked) | {
        "form": form,
        "unnamed": unnamed_rows(window, booked) if number == 1 else [],
        "total": page.total,
        "blocks": blocks_of(page.total),
        "number": number,
        "query": form.query(),
        "now_place": window.place_of(form.today, form.today),
        "views": board_views(request.user),
        "here_url": request.path,
        "seen": newest(),
    }
    context |= links_of(form) | requests_context(request, form)
    return render(request, "scheduling/board.html", context)


def requests_context(request: SignedInRequest, form: BoardForm) -> dict[str, Any]:
    if not may_book(request):
        return {"requests": None}
    waiting = waiting_requests()
    return {
        "requests": waiting,
        "chosen": chosen_request(request.user, form.cleaned_data["request"], waiting),
        "without_request": form.query(request=""),
    }


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
    window = form.window
    page = people_page(board_people(form.wanted, window), page_number(request))
    booked = booked_in(window, form.wanted, page.people, unnamed=False)
    context = page_context(request, form, page.people, booked)
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
    people = changed_people(news.people)
    window, wanted = form.window, form.wanted
    has_unnamed = BoardPart.UNNAMED in news.parts
    booked = booked_in(window, wanted, people, unnamed=has_unnamed)
    context = page_context(request, form, people, booked) | {
        "form": form,
        "query": form.query(),
        "seen": news.seen,
        "has_news": True,
        "requests": None,
        "has_unnamed": has_unnamed,
        "unnamed": unnamed_rows(window, booked) if has_unnamed else [],
    }
    if BoardPart.REQUESTS in news.parts:
        context |= requests_context(request, form)
    return context
