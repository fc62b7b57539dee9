"""The first booked day of an engagement beside the planned start, read for pages."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Min
from django.utils.translation import gettext as _

from engagements.access import rights_of
from engagements.dates import row_of
from engagements.models import Engagement
from engagements.rules.dates import START
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Anchor
from psdelivery.playbooks.services.anchors import day_of
from scheduling.choices import Hold
from scheduling.models import Allocation
from scheduling.rules.first_day import ROLE, is_off_plan, starts_by_booking


@dataclass(frozen=True)
class OffPlan:
    """The first booked day is not the planned one; `url` is for who may move it."""

    first: date
    planned: date
    url: str

    @property
    def sentence(self) -> str:
        """Return what is said of it."""
        sentence = _(
            "The first booked day is now %(first)s, the plan says %(planned)s."
        )
        return sentence % {
            "first": day_text(self.first),
            "planned": day_text(self.planned),
        }


def first_booked_day(engagement: Engagement) -> date | None:
    """Return the first day that an engineer is booked hard on, unnamed ones too."""
    booked = Allocation.objects.active().filter(
        engagement=engagement, role=ROLE, hold=Hold.HARD
    )
    first: date | None = booked.aggregate(first=Min("starts_on"))["first"]
    return first


def off_plan(user: User, engagement: Engagement, *, back: str) -> OffPlan | None:
    """Return where booking and plan differ, with the page that moves the dates (R-20).

    `back` is the page to come back to. At most two queries beside the rights.
    """
    if not starts_by_booking(engagement):
        return None
    anchors = Anchor.objects.filter(checklist=engagement.checklist_id, key=START)
    anchor = anchors.select_related("checklist").first()
    planned = None if anchor is None else day_of(anchor)
    first = None if planned is None else first_booked_day(engagement)
    if anchor is None or planned is None or first is None:
        return None
    if not is_off_plan(engagement, planned, first):
        return None
    page = row_of(engagement, anchor, rights_of(user, engagement)).url
    wanted = urlencode({"day": first.isoformat(), "next": back})
    return OffPlan(first, planned, f"{page}?{wanted}" if page else "")


def off_plan_of(user: User, booking: Allocation, *, back: str = "") -> OffPlan | None:
    """Return the same of the booking that the first booked day is of."""
    is_hard = booking.is_active and booking.hold == Hold.HARD
    if booking.engagement is None or booking.role != ROLE or not is_hard:
        return None
    back = back or booking.get_absolute_url()
    found = off_plan(user, booking.engagement, back=back)
    return found if found is not None and found.first == booking.starts_on else None
