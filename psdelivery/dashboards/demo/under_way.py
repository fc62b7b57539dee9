"""What is under way for the demo's classes: codes, a planning meeting, dates asked."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, QuerySet

from engagements.choices import Kind, Status
from engagements.models import Engagement
from psdelivery.calendars import add_business_days, local_moment
from psdelivery.people.models import User
from psdelivery.registry import RuleRefused
from training.choices import DeliveryState
from training.models import Course, Delivery
from training.rules.proposals import Proposed
from training.rules.times import SessionTimes
from training.services.labs import (
    CodeDraft,
    ask_extension,
    decide_extension,
    enter_code,
)
from training.services.planning_meetings import MeetingDraft, book_meeting
from training.services.proposals import ProposalDraft, propose

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOST = 3
# How long before its first session the code of a class that runs was made.
MADE_BEFORE = 20 * HOUR


@transaction.atomic
def put_classes_under_way(by: User, now: datetime) -> None:
    """Enter codes, invite to one planning meeting and propose dates for one class."""
    enter_codes(by, now)
    plan_one_meeting(by, now)
    propose_dates(by, now)


def classes() -> QuerySet[Any]:
    """Return the classes that stand, with `begins` and `ends`, their first and last."""
    standing = Delivery.objects.exclude(state=DeliveryState.CANCELLED)
    return standing.select_related("engagement__customer", "trainer").annotate(
        begins=Min("sessions__starts_at"), ends=Max("sessions__ends_at")
    )


def enter_codes(by: User, now: datetime) -> None:
    """Enter the codes of classes that begin today or run, and of one whose lab dies.

    Classes with a certification need their labs longer: one extension is granted, for
    the others it is still asked.
    """
    running = classes().filter(with_labs=True, ends__gt=now - 3 * DAY)
    begun = running.filter(begins__lt=now + MADE_BEFORE).order_by("begins", "pk")
    for number, delivery in enumerate(begun[:MOST]):
        made = min(now, delivery.begins) - MADE_BEFORE
        # R-12 says what a code and an extension are good for, here too.
        with suppress(RuleRefused), transaction.atomic():
            ask_for_longer(delivery, number == 0, by, made)
        draft = CodeDraft(f"DEMO-{delivery.pk:04}-{number}", made, delivery.seats)
        with suppress(RuleRefused), transaction.atomic():
            enter_code(delivery, draft, by=by, now=min(made + HOUR, now))


def ask_for_longer(delivery: Any, is_granted: bool, by: User, now: datetime) -> None:
    """Ask that the labs of a class live three more weeks."""
    until = delivery.ends + 22 * DAY
    extension = ask_extension(delivery, until, by=by, now=now)
    if is_granted:
        decide_extension(extension, until, by=by, now=now + HOUR)


def plan_one_meeting(by: User, now: datetime) -> None:
    """Invite trainer and main contact to the planning meeting of a class to come."""
    coming = classes().filter(begins__gt=now + 14 * DAY, trainer__isnull=False)
    for delivery in coming.order_by("begins", "pk")[:MOST]:
        calendar = delivery.engagement.customer.calendar
        day = add_business_days(now.date(), 3, calendar)
        start = local_moment(day, time(15), calendar.zone)
        contact = delivery.engagement.main_contact
        draft = MeetingDraft(
            deliveries=[delivery],
            starts_at=start,
            ends_at=start + HOUR,
            zone=calendar.zone,
            location="https://meet.example/planning",
            people=[delivery.trainer] if delivery.trainer else [],
            contacts=[contact] if contact else [],
        )
        with suppress(RuleRefused):
            book_meeting(delivery.engagement, draft, by=by, now=now - 4 * HOUR)
            return


def propose_dates(by: User, now: datetime) -> None:
    """Propose two sets of dates for a further class of an engagement that runs."""
    waiting = Engagement.objects.filter(
        kind__in=[Kind.TRAINING, Kind.BLENDED],
        status__in=[Status.OKAY_TO_START, Status.ACTIVE],
        offerings__course__isnull=False,
    )
    for engagement in waiting.select_related("customer").order_by("pk")[:MOST]:
        offering = engagement.offerings.exclude(course=None).first()
        course = offering.course if offering else None
        if course is None:
            continue
        calendar = engagement.customer.calendar
        days = (add_business_days(now.date(), n, calendar) for n in (30, 35))
        options = [Proposed(times_from(day, course, calendar.zone)) for day in days]
        title = f"{course.title} · {engagement.customer.name}"
        draft = ProposalDraft(
            engagement=engagement,
            course=course,
            title=title,
            zone=calendar.zone,
            options=options,
        )
        with suppress(RuleRefused):
            propose(draft, by=by, now=now - 2 * DAY)
            return


def times_from(day: date, course: Course, zone: str) -> Sequence[SessionTimes]:
    """Return a session a week from that day on, in the morning of the zone."""
    length = timedelta(hours=float(course.hours_per_session))
    starts = (
        local_moment(day + number * 7 * DAY, time(9), zone)
        for number in range(course.session_count)
    )
    return [SessionTimes(start, start + length, zone) for start in starts]
