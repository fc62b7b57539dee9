"""The bookings of somebody, told before they go away or leave (R-23)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, Q, Sum
from django.utils.translation import gettext as _

from engagements.access import visible_engagements
from psdelivery.people.models import User
from psdelivery.people.moments import span_text
from psdelivery.registry import Absentee, Held, HeldItem
from scheduling.choices import Hold
from scheduling.models import Allocation

SHOWN = 20


def held_bookings(absentee: Absentee, viewer: User, now: datetime) -> Sequence[Held]:
    """Return the bookings that touch the days; of who leaves all that are coming."""
    touched = Q(days__day__gte=absentee.first)
    if absentee.last is not None:
        touched &= Q(days__day__lte=absentee.last)
    bookings = Allocation.objects.active().filter(touched, person=absentee.person)
    rows = bookings.exclude(hold=Hold.OFFER).annotate(
        first=Min("days__day"), last=Max("days__day"), lost=Sum("days__hours")
    )
    seen = set(visible_engagements(viewer).order_by().values_list("pk", flat=True))
    found = rows.select_related("engagement__customer").order_by("first", "pk")
    goes_to = _(
        "Hard ones become a conflict: the coordinator finds somebody, or other days."
    )
    items = [_item(row, seen) for row in found[:SHOWN]]
    return [Held(_("Bookings"), rows.count(), items, goes_to)]


def _item(row: Any, seen: set[int]) -> HeldItem:
    is_open = row.engagement_id in seen
    words = {
        "days": span_text(row.first, row.last),
        "hours": f"{row.lost.normalize():f}",
        "hold": row.get_hold_display(),
    }
    return HeldItem(
        str(row.engagement or row.note or _("Booking")) if is_open else _("Booking"),
        row.get_absolute_url() if is_open else "",
        _("%(days)s, %(hours)s hours, %(hold)s") % words,
    )
