"""The week of a person: made when it opens, asked for by a step of its own."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import one_transaction
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import cancel_steps, revive_steps
from psdelivery.registry import Reason, refuse
from scheduling.choices import Hold
from scheduling.hours_settings import HoursSettings, hours_settings
from scheduling.models import AllocationDay, HoursWeek
from scheduling.rules.hours import IMPORTED, ONE_DAY, WEEK, has_opened, week_end_on
from scheduling.services.hours import checklists
from scheduling.services.hours.checklists import ask_for_hours

# What nobody has booked by then is asked for no more; somebody may still add it.
LATEST = timedelta(days=3)


def reasons_while_imported(settings: HoursSettings) -> list[Reason]:
    """Return the reason against sheets while the PSA system counts the hours."""
    if not settings.is_imported:
        return []
    sentence = _("Hours are imported from the PSA system: nothing is confirmed here.")
    return [Reason(IMPORTED, sentence)]


def current_settings() -> HoursSettings:
    """Return how actual hours come about now; one query."""
    return hours_settings(portal_settings())


def week_of(person: User, day: date, *, now: datetime) -> HoursWeek:
    """Return the week of a person that holds a day; it is made where there is none.

    Raises RuleRefused for one that has not begun, and while hours are imported.
    """
    settings = current_settings()
    refuse(reasons_while_imported(settings))
    ends_on = week_end_on(day, settings.week_ends_on)
    refuse(reasons_before_opening(ends_on, person, now))
    week, _made = HoursWeek.objects.get_or_create(person=person, ends_on=ends_on)
    return week


def reasons_before_opening(ends_on: date, person: User, now: datetime) -> list[Reason]:
    """Return the reason against telling the hours of a week that has not begun."""
    if has_opened(ends_on, local_day(now, person.zone)):
        return []
    return [Reason("not-open", _("This week has not begun."))]


def look_at_weeks(now: datetime, *, limit: int = 200) -> int:
    """Ask everybody who is booked hard in the week for their hours; return how many.

    Some people at a time, whom a constant number of queries finds. Who has no booking
    any more is not asked, and is asked again when one comes back. Nothing happens
    while hours are imported.
    """
    settings = current_settings()
    if settings.is_imported or not checklists.is_loaded(checklists.WEEK):
        return 0
    asked, zones = 0, zones_of_people()
    for ends_on in weeks_near(now, settings):
        there = [one for one in zones if has_opened(ends_on, local_day(now, one))]
        for person in people_to_ask(ends_on, there, limit - asked):
            asked += ask_for_week(person, ends_on, now=now)
        settle_bookings(ends_on, now=now)
    return asked


def weeks_near(now: datetime, settings: HoursSettings) -> list[date]:
    """Return the last days of the weeks that run somewhere, or have just ended."""
    today = now.date()
    days = (today - LATEST, today - ONE_DAY, today, today + ONE_DAY)
    return sorted({week_end_on(day, settings.week_ends_on) for day in days})


def zones_of_people() -> list[str]:
    """Return the zones in which somebody works; one query."""
    zones = User.objects.active().order_by().values_list("zone", flat=True)
    return list(zones.distinct())


def people_to_ask(ends_on: date, zones: Iterable[str], limit: int) -> list[User]:
    """Return who is booked hard in the week and was not asked for it; one query."""
    weeks = HoursWeek.objects.filter(person=OuterRef("pk"), ends_on=ends_on)
    people = User.objects.active().filter(
        Exists(booked_in(ends_on).filter(person=OuterRef("pk"))),
        ~Exists(weeks),
        zone__in=list(zones),
    )
    return list(people.select_related("region", "manager").order_by("pk")[:limit])


def booked_in(ends_on: date) -> QuerySet[AllocationDay, Any]:
    """Return the days booked hard for an engagement in the week that ends so."""
    return AllocationDay.objects.filter(
        day__gt=ends_on - WEEK,
        day__lte=ends_on,
        hold=Hold.HARD,
        allocation__engagement__isnull=False,
    )


def ask_for_week(person: User, ends_on: date, *, now: datetime) -> int:
    """Make the week of somebody with its step; return how many were made (0 or 1)."""
    with one_transaction():
        week, made = HoursWeek.objects.get_or_create(person=person, ends_on=ends_on)
        if made:
            url = week.get_absolute_url()
            week.checklist = ask_for_hours(person, ends_on, url, now)
            week.save(update_fields=["checklist"])
    return int(made)


def settle_bookings(ends_on: date, *, now: datetime) -> None:
    """Let the steps of a week go where no booking is left, and call them back.

    What somebody has told already is confirmed all the same.
    """
    booked = Exists(booked_in(ends_on).filter(person=OuterRef("person")))
    weeks = HoursWeek.objects.filter(ends_on=ends_on, confirmed_at=None)
    idle = weeks.filter(~booked, parts=None).order_by().values("checklist")
    dropped = Step.objects.open().filter(checklist__in=idle)
    if dropped.exists():
        cancel_steps(dropped, now=now)
    busy = weeks.filter(booked, person__is_active=True).order_by().values("checklist")
    wanted = Step.objects.filter(checklist__in=busy, state=StepState.CANCELLED)
    if wanted.exists():
        revive_steps(wanted, now=now)


def set_sheets_aside(*, now: datetime) -> int:
    """Cancel the open steps of all weeks and approvals: the PSA system counts now."""
    sheets = Q(checklist__hours_week_owner__isnull=False)
    approvals = Q(checklist__hours_approval_owner__isnull=False)
    return cancel_steps(Step.objects.filter(sheets | approvals), now=now)
