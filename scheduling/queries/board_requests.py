"""The requests that stand beside the board, the most urgent first."""

from django.db.models import F, Max, Min, QuerySet

from psdelivery.people.models import User
from scheduling.access import visible_requests
from scheduling.choices import BOOKING_KINDS
from scheduling.models import ResourceRequest

# Further ones stand in the list of requests, to which the column leads.
SHOWN = 30
NEEDS = (
    "engagement__customer",
    "person",
    "requested_by",
    "allocation__person",
    "step",
)


def with_days(requests: QuerySet[ResourceRequest]) -> QuerySet[ResourceRequest]:
    """Annotate the first and last day that is asked for; no further queries."""
    return requests.select_related(*NEEDS).annotate(
        first_day=Min("ranges__starts_on"), last_day=Max("ranges__ends_on")
    )


def waiting_requests() -> list[ResourceRequest]:
    """Return open requests, those first whose answer is due next."""
    rows = with_days(ResourceRequest.objects.open())
    return list(rows.order_by(F("answer_due_at").asc(nulls_last=True), "pk")[:SHOWN])


def chosen_request(
    user: User, pk: int | None, listed: list[ResourceRequest]
) -> ResourceRequest | None:
    """Return the request whose candidates are looked for, None where there is none.

    A query of its own only where it does not stand beside the board.
    """
    if pk is None:
        return None
    known = {one.pk: one for one in listed}
    found = known.get(pk) or with_days(visible_requests(user)).filter(pk=pk).first()
    if found is None or found.kind in BOOKING_KINDS:
        return None
    return found
