"""The first booked day and the planned start that steps are counted from.

Pure: no database, no clock, no request.
"""

from datetime import date

from engagements.choices import KINDS_WITH_KICKOFF, Kind, Status
from engagements.models import Engagement
from psdelivery.people.choices import EngagementRole
from scheduling.choices import Hold
from scheduling.events import BookedDays

# Kickoff and first day hang on the planned start; classes have dates of their own.
KINDS = KINDS_WITH_KICKOFF | {Kind.DEDICATED}
# The dedicated engineer is booked as one too; PM and trainer start nothing.
ROLE = EngagementRole.PSE
# Later the kickoff is held, or the first day is over: nothing is planned any more.
BEFORE_START = frozenset(
    {
        Status.ESTIMATE,
        Status.PROSPECT,
        Status.IN_SETUP,
        Status.OKAY_TO_START,
        Status.BACKLOG,
    }
)


def starts_by_booking(engagement: Engagement) -> bool:
    """Whether the first booked day and the planned start belong together.

    Scheduling, "steps follow": booking anchors the kickoff and first-day steps.
    Training is left alone, and so is work that has started (domain.md, section 0).
    """
    return engagement.kind in KINDS and engagement.status in BEFORE_START


def is_committed(before: BookedDays, after: BookedDays) -> bool:
    """Whether a booking became hard with this change.

    domain.md, section 3: soft is tentative and expires by itself (R-8), so no date
    is promised by it, and none of the customer's homework. Whatever has steps has a
    gate too, so there is no soft booking that is as good as a hard one.
    """
    was_hard = bool(before.days) and before.hold == Hold.HARD
    return bool(after.days) and after.hold == Hold.HARD and not was_hard


def day_to_plan(engagement: Engagement, first: date | None) -> date | None:
    """Return the day that the first hard booking gives the planned start.

    "Booking anchors the kickoff/first-day steps" (domain.md, sections 3 and 8). A
    day that somebody planned is never overwritten: it moves by hand, with what hangs
    on it shown first (R-20). None, too, where the first booked day (`first`) lies
    after the latest start or the planned end: that is a matter to talk about.
    """
    if first is None or engagement.wished_start is not None:
        return None
    if not starts_by_booking(engagement):
        return None
    limits = (engagement.wished_start_latest, engagement.planned_end)
    return None if any(limit and limit < first for limit in limits) else first


def is_off_plan(
    engagement: Engagement, planned: date | None, first: date | None
) -> bool:
    """Whether a move of the planned start to the first booked day is offered.

    R-20: only a date that is there moves; None stands for no date, no booking.
    """
    if planned is None or first is None or planned == first:
        return False
    return starts_by_booking(engagement)
