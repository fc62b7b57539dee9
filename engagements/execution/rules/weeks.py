"""Which weeks need what is written every week, and which have nothing to tell.

Pure: no database, no clock, no request (domain.md, section 4, Health/status).
"""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.choices import Status
from engagements.rules.hours import NOTHING, WorkedHours

SIX_DAYS = timedelta(days=6)


def hours_in_week(hours: WorkedHours | None, day: date) -> Decimal | None:
    """Return what is booked or worked in the week of a day.

    None where nobody tells hours of the engagement at all: then nobody knows.
    """
    if hours is None or not hours.weeks:
        return None
    of_week = [w for w in hours.weeks if w.ends_on - SIX_DAYS <= day <= w.ends_on]
    return sum((max(w.planned, w.worked) for w in of_week), NOTHING)


def why_nothing_to_tell(
    status: str, active_since: date, hours: WorkedHours | None, due_on: date
) -> str:
    """Return why a week needs no report; empty where it needs one.

    Weekly for each Active engagement, not while on hold or before it was taken up
    (again), nor in a week without hours.
    """
    if status != Status.ACTIVE:
        return _("The engagement is %(status)s.") % {"status": Status(status).label}
    if due_on < active_since:
        return _("The engagement was not active that week.")
    if hours_in_week(hours, due_on) == 0:
        return _("Nobody has hours in that week.")
    return ""
