"""What speaks against dates for a class: the trainer is elsewhere or full, a day off.

Nothing of it refuses a proposal: it is held softly, and who chooses shall know.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from psdelivery.calendars import Calendar, is_working_day
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from scheduling.models import OccupiedTime
from scheduling.rules.times import Slot, reasons_against_taking
from scheduling.services.capacity import free_hours
from scheduling.services.times import Takers, near, with_room
from training.labs_queries import warnings_of_plan
from training.models import Course
from training.rules.times import SessionTimes
from training.rules.trainer_days import hours_by_day
from training.trainer_queries import last_day_in, warnings_for

NOTHING = Decimal(0)


def warnings_about(
    trainer: User | None,
    sessions: Sequence[SessionTimes],
    calendar: Calendar,
    *,
    course: Course,
    now: datetime,
) -> list[str]:
    """Return what speaks against sessions of a course with this trainer.

    Certification (R-14), other sessions and meetings (R-22), full days (R-6), days
    off at the customer, whose `calendar` it is, and labs that no single code covers
    (R-12).
    """
    found = [*days_off(sessions, calendar), *too_long_for_a_code(sessions, course)]
    if trainer is None or not sessions:
        return found
    coming = [one for one in sessions if one.ends_at > now]
    return [
        *found,
        *uncertified(trainer, course, sessions),
        *taken_times(trainer, coming),
        *full_days(trainer, hours_by_day(coming, trainer.zone), {}),
    ]


def too_long_for_a_code(sessions: Sequence[SessionTimes], course: Course) -> list[str]:
    """R-12: say that no single code covers the labs of these sessions."""
    found = warnings_of_plan(
        sessions,
        with_labs=course.has_labs,
        with_certification=course.has_certification,
    )
    return [reason.sentence for reason in found]


def days_off(sessions: Iterable[SessionTimes], calendar: Calendar) -> list[str]:
    """Name the days on which people at the customer do not work."""
    days = sorted({one.day for one in sessions})
    return [
        _("%(day)s is a day off at the customer.") % {"day": day_text(day)}
        for day in days
        if not is_working_day(day, calendar)
    ]


def uncertified(
    trainer: User, course: Course, sessions: Sequence[SessionTimes]
) -> list[str]:
    """R-14: say that the trainer is not certified on the last day (one query)."""
    warnings = warnings_for(course, trainer, last_day_in(sessions))
    return [warning.sentence for warning in warnings]


def taken_times(trainer: User, sessions: Sequence[SessionTimes]) -> list[str]:
    """R-22: say what the trainer does at these times (one query)."""
    if not sessions:
        return []
    takers = Takers(people=[trainer])
    wanted = with_room([Slot(one.starts_at, one.ends_at) for one in sessions], takers)
    taken = near(OccupiedTime.objects.filter(person=trainer), wanted)
    reasons = reasons_against_taking(wanted, taken, zone=sessions[0].zone)
    return [reason.sentence for reason in reasons]


def full_days(
    trainer: User, needed: Mapping[date, Decimal], held: Mapping[date, Decimal]
) -> list[str]:
    """R-6: name the days on which the trainer has fewer hours than are needed.

    What is `held` softly for them takes none of the free hours.
    """
    if not needed:
        return []
    free = free_hours(trainer, min(needed), max(needed))
    return [
        _("%(trainer)s has %(free)s of %(hours)s hours free on %(day)s.")
        % {
            "trainer": trainer,
            "free": f"{free.get(day, NOTHING).normalize():f}",
            "hours": f"{hours.normalize():f}",
            "day": day_text(day),
        }
        for day, hours in needed.items()
        if free.get(day, NOTHING) + held.get(day, NOTHING) < hours
    ]
