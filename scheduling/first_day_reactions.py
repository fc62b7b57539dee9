"""The first hard booking dates the planned start, and with it the first steps."""

from django.utils.translation import gettext as _

from engagements.services.planned_dates import date_planned_start
from psdelivery.people.moments import day_text
from psdelivery.registry import reactions
from scheduling.events import AllocationChanged
from scheduling.first_day import first_booked_day
from scheduling.rules.first_day import ROLE, day_to_plan, is_committed


@reactions.on(AllocationChanged)
def plan_by_booking(event: AllocationChanged) -> None:
    """Give the planned start the first booked day where the intake plans none."""
    booking = event.allocation
    if booking.engagement is None or booking.role != ROLE:
        return
    if not is_committed(event.before, event.after):
        return
    booking.engagement.refresh_from_db(
        fields=["status", "wished_start", "wished_start_latest", "planned_end"]
    )
    day = day_to_plan(booking.engagement, first_booked_day(booking.engagement))
    if day is None:
        return
    sentence = _("The first booking begins on %(day)s: %(who)s.")
    reason = sentence % {"day": day_text(day), "who": booking.who}
    date_planned_start(
        booking.engagement, day, by=event.by, reason=reason, now=event.now
    )
