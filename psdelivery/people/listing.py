"""Lists whose filter, order and page stand in the address."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import F, Model, OrderBy, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

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
    order = [ordered(name, wanted) for name in sorts[wanted.removeprefix("-")]]
    return rows.order_by(*order, "pk")


def ordered(name: str, wanted: str) -> OrderBy:
    """Return the order by one field, downwards where the word in the address has "-".

    A key is never empty: with words about it, no index would give that order.
    """
    nulls_last = None if name == "pk" else True
    if wanted.startswith("-"):
        return F(name).desc(nulls_last=nulls_last)
    return F(name).asc(nulls_last=nulls_last)


class FirstRows(Paginator):  # type: ignore[type-arg]  # at run time plain
    """Pages of the first `most` rows of a list that may be a very long one.

    Counting all of a million rows takes longer than showing a page of them; whoever
    looks for one of those left out narrows the list down.
    """

    def __init__(self, rows: QuerySet[Any], size: int, *, most: int) -> None:
        super().__init__(rows, size)
        self.rows, self.most = rows, most

    @cached_property
    def counted(self) -> int:
        # In no order: sorting would make the database read all there is.
        return self.rows.order_by()[: self.most + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.counted, self.most)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than its pages show."""
        return self.counted > self.most


def page_of(
    rows: QuerySet[M],
    request: HttpRequest,
    *,
    size: int = PAGE_SIZE,
    most: int | None = None,
) -> Page[M]:
    """Return the page of `?page=`; one out of range is the nearest.

    With `most` only so many rows are counted and within reach.
    """
    pages = FirstRows(rows, size, most=most) if most else Paginator(rows, size)
    return pages.get_page(request.GET.get("page"))
