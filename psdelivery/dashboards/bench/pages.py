"""Pages, measured through the shipped middleware as people with log-ins see them."""

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.db.models import Count
from django.test import Client, override_settings
from django.urls import reverse

from engagements.models import Engagement
from psdelivery import access
from psdelivery.dashboards.bench import urls
from psdelivery.dashboards.bench.figures import (
    DASHBOARD,
    LIST,
    NONE,
    RECORD,
    Bars,
    PageFigure,
)
from psdelivery.people.models import User

WARM_UP = 5
RUNS = 30
STATIC = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js))"')


@dataclass(frozen=True)
class Page:
    """A page to be measured: its name, who looks at it, and where it is."""

    title: str
    login: str
    path: str
    bars: Bars = LIST


class BrokenPageError(RuntimeError):
    """A page did not answer with 200, so its figures would mean nothing."""


def pages() -> list[Page]:
    """Return the pages of the walking portal, as those who use them most."""
    listed = reverse("engagements:engagement-list")
    steps = reverse("dashboards:step-list")
    big = biggest_engagement()
    detail = reverse("engagements:engagement-detail", args=[big.pk])
    day = reverse("dashboards:my-day")
    portfolio = reverse("dashboards:portfolio")
    tab = reverse("engagements:engagement-tab", args=[big.pk, "checklist"])
    own = engagement_of("pse")
    own_detail = reverse("engagements:engagement-detail", args=[own.pk])
    return [
        Page("Engagements", "coordinator", listed),
        Page("Engagements", "pse", listed),
        Page("Engagements", "manager", listed),
        Page("Engagements, late ones", "manager", f"{listed}?late=true"),
        Page("Engagement", "coordinator", detail, RECORD),
        Page("Engagement", "manager", detail, RECORD),
        Page("Engagement", "pse", own_detail, RECORD),
        Page("Engagement, checklist", "coordinator", tab, RECORD),
        Page("My day", "coordinator", day),
        Page("My day", "pse", day),
        Page("My day", "manager", day),
        Page("Portfolio", "manager", portfolio, DASHBOARD),
        Page("Portfolio", "coordinator", portfolio, DASHBOARD),
        Page("Steps", "coordinator", steps),
        Page("Steps", "pse", steps),
        Page("Steps, late ones", "manager", f"{steps}?when=late"),
        Page("Outbox", "coordinator", reverse("outbox:message-list")),
    ]


def biggest_engagement() -> Engagement:
    """Return the engagement with most steps."""
    counted = Engagement.objects.annotate(size=Count("steps"))
    return counted.order_by("-size", "pk")[0]


def engagement_of(login: str) -> Engagement:
    """Return an engagement whose team the log-in is on."""
    return Engagement.objects.filter(team__person__username=login).order_by("pk")[0]


@contextmanager
def open_floor() -> Iterator[str]:
    """Serve the floor beside the pages; yields its address."""
    access.URLS[urls.FLOOR] = access.SIGNED_IN
    try:
        with override_settings(ROOT_URLCONF="psdelivery.dashboards.bench.urls"):
            yield reverse(urls.FLOOR)
    finally:
        del access.URLS[urls.FLOOR]


def measure_all(
    wanted: list[Page], *, runs: int = RUNS
) -> tuple[PageFigure, list[PageFigure]]:
    """Return the floor and the figures of the pages."""
    with open_floor() as path:
        floor = Page("Floor", "coordinator", path, NONE)
        before = measure(floor, runs=runs)
        figures = [measure(page, runs=runs) for page in wanted]
        after = measure(floor, runs=runs)
    # The machine may have had more to do at one end than at the other.
    middle = (before.milliseconds + after.milliseconds) / 2
    cpu = (before.cpu + after.cpu) / 2
    return replace(before, milliseconds=middle, cpu=cpu), figures


def measure(page: Page, *, runs: int = RUNS) -> PageFigure:
    """Return the figures of a page: medians of some runs after a warm-up."""
    client = signed_in(page.login)
    for _turn in range(WARM_UP):
        answer = ask(client, page)
    queries = count_queries(lambda: ask(client, page))
    times = [timed(client, page) for _turn in range(runs)]
    return PageFigure(
        title=page.title,
        login=page.login,
        queries=queries,
        size=len(answer),
        milliseconds=median(wall for wall, _cpu in times),
        cpu=median(cpu for _wall, cpu in times),
        bars=page.bars,
    )


def signed_in(login: str) -> Client:
    """Return a browser in which the person has logged in."""
    client = Client()
    client.force_login(User.objects.get(username=login))
    return client


def ask(client: Client, page: Page) -> bytes:
    """Fetch the page; raise where it does not answer."""
    response = client.get(page.path, HTTP_HOST="localhost")
    if response.status_code != 200:
        raise BrokenPageError(f"{page.title} as {page.login}: {response.status_code}")
    return response.content


def timed(client: Client, page: Page) -> tuple[float, float]:
    """Return the milliseconds of one request, by the clock and of this processor.

    The collector of garbage is held off. The two differ by what the database server
    takes, and by what else the machine is doing.
    """
    gc.collect()
    gc.disable()
    start, busy = perf_counter(), process_time()
    ask(client, page)
    taken = perf_counter() - start, process_time() - busy
    gc.enable()
    return taken[0] * 1000, taken[1] * 1000


def count_queries(action: Callable[[], object]) -> int:
    """Return how many queries an action takes."""
    count = 0

    def counting(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counting):
        action()
    return count


def static_weight(page: Page) -> tuple[int, int]:
    """Return how many CSS and JS files the page links, and their bytes compressed."""
    text = ask(signed_in(page.login), page).decode()
    found = set(STATIC.findall(text))
    return len(found), sum(compressed_bytes(name) for name in found)


def compressed_bytes(name: str) -> int:
    """Return the size of a static file as browsers get it."""
    path = Path(staticfiles_storage.path(name))
    packed = path.with_name(f"{path.name}.gz")
    return (packed if packed.exists() else path).stat().st_size
