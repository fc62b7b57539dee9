"""Lists whose filter, order and page stand in the address."""

from collections.abc import Mapping
from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest

PAGE_SIZE = 50
M = TypeVar("M", bound=Model)
# The word in the address -> the fields that it sorts by.
Sorts = Mapping[str, tuple[str, ...]]


def sorted_by(
    rows: QuerySet[M], request: HttpRequest, sorts: Sorts, *, default: str
) -> QuerySet[M]:
    """Order rows by `?sort=`, downwards with a minus; unknown words sort as usual.

    Empty values come last either way, and equal ones keep a fixed order, so that
    no row is shown on two pages.
    """
    wanted = request.GET.get("sort", "")
    if wanted.removeprefix("-") not in sorts:
        wanted = default
    names = sorts[wanted.removeprefix("-")]
    if wanted.startswith("-"):
        order = [F(name).desc(nulls_last=True) for name in names]
    else:
        order = [F(name).asc(nulls_last=True) for name in names]
    return rows.order_by(*order, "pk")


def page_of(
    rows: QuerySet[M], request: HttpRequest, *, size: int = PAGE_SIZE
) -> Page[M]:
    """Return the page of `?page=`; one out of range is the nearest."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
