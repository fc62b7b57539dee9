"""The board with many people, measured through the shipped middleware."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from psdelivery.dashboards.bench.board_figures import BOARD, CHOSEN
from psdelivery.dashboards.bench.pages import Page, measure, signed_in
from psdelivery.dashboards.bench.planning import fill_planning
from psdelivery.people.models import User
from scheduling.choices import Zoom
from scheduling.models import ResourceRequest
from scheduling.queries.board_changes import newest
from scheduling.rules.board import monday_of

LOGIN = "coordinator"


def measure_boards(people: int, runs: int, now: datetime) -> dict[str, Any]:
    """Write the plan of so many people and return the figures of its pages."""
    days = fill_planning(people, now)
    return {
        "people": User.objects.active().count(),
        "days": days,
        "pages": [measure(page, runs=runs) for page in board_pages(now)],
        "cookie": cookie(),
    }


def board_pages(now: datetime) -> list[Page]:
    """Return the faces of the board, and what it fetches while somebody works."""
    board, rows = reverse("scheduling:board"), reverse("scheduling:board-rows")
    first = f"first={monday_of(now.date()).isoformat()}"
    asked = ResourceRequest.objects.order_by("pk")[0]
    by_zoom = [
        Page(f"Board by {zoom}", LOGIN, f"{board}?zoom={zoom}&{first}", BOARD)
        for zoom in Zoom
    ]
    return [
        *by_zoom,
        Page("Rows scrolled to", LOGIN, f"{rows}?{first}&page=3", BOARD),
        Page("Board, free people", LOGIN, f"{board}?{first}&free=40", BOARD),
        Page("Board, conflicts", LOGIN, f"{board}?{first}&conflicts=on", BOARD),
        Page(
            "Board, request chosen",
            LOGIN,
            f"{board}?{first}&request={asked.pk}",
            CHOSEN,
        ),
        Page("News of ten rows", LOGIN, news_path(first), BOARD),
    ]


def news_path(first: str) -> str:
    """Return the address at which the last ten changes are news."""
    seen = newest()
    address = reverse("scheduling:board-changes")
    return f"{address}?{first}&since={seen.last - 10}.{seen.count - 10}"


def cookie() -> str:
    """Return the session of the coordinator, for the browser."""
    return str(signed_in(LOGIN).cookies["sessionid"].value)
