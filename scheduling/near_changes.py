"""Changes of bookings that are near go out by mail at once, not only in feeds."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.services.approvals import News, tell
from psdelivery.outbox.renderers import register_kind
from psdelivery.people.choices import NotificationDelivery
from psdelivery.people.models import User
from psdelivery.people.moments import local_day, span_text
from psdelivery.people.notifications import register_reason
from psdelivery.people.register import portal_settings
from psdelivery.registry import reactions
from scheduling.choices import Hold
from scheduling.events import AllocationChanged, BookedDays
from scheduling.settings import NEAR_HOURS

KIND = REASON = "booking-near"


def register_near_changes() -> None:
    """Name the kind of mail and the reason, and listen to bookings."""
    register_kind(KIND, gettext_lazy("Booking changed"))
    register_reason(
        REASON,
        gettext_lazy("My bookings of the next two days change"),
        NotificationDelivery.IMMEDIATE,
    )
    reactions.register(AllocationChanged, tell_of_near_change)


def tell_of_near_change(event: AllocationChanged) -> None:
    """Mail whoever is booked, or was, when days within *48* hours changed.

    domain.md, section 3. An offer is no booking yet; whoever made the change knows.
    """
    if event.allocation.engagement is None:
        return
    for person in people_of(event):
        before, after = part_of(event.before, person), part_of(event.after, person)
        if is_near(before, after, person, event.now):
            tell(news_of(event, after), [person], by=event.by, now=event.now)


def people_of(event: AllocationChanged) -> list[User]:
    """Return who is in the booking before or after, each once."""
    both = [event.before.person, event.after.person]
    return list(dict.fromkeys(one for one in both if one is not None))


def part_of(booked: BookedDays, person: User) -> BookedDays:
    """Return the booking as this person sees it; offers are none."""
    is_theirs = booked.person == person and booked.hold != Hold.OFFER
    return booked if is_theirs else BookedDays()


def is_near(before: BookedDays, after: BookedDays, person: User, now: datetime) -> bool:
    """Whether a day from today to the end of the setting's hours changed."""
    hours = timedelta(hours=portal_settings()[NEAR_HOURS])
    first, last = local_day(now, person.zone), local_day(now + hours, person.zone)
    days = {*before.days, *after.days}
    return any(
        first <= day <= last
        and (before.days.get(day), before.hold) != (after.days.get(day), after.hold)
        for day in days
    )


def news_of(event: AllocationChanged, after: BookedDays) -> News:
    """Return the mail: what became of the booking, and why."""
    allocation = event.allocation
    engagement = allocation.engagement
    if engagement is None:
        raise ValueError("without an engagement nobody is told")
    said = _("You are not booked any more.")
    if after.days:
        words = {
            "days": span_text(min(after.days), max(after.days)),
            "hours": f"{after.hours.normalize():f}",
        }
        said = _("You are booked %(days)s, %(hours)s hours.") % words
    return News(
        subject=allocation,
        event=f"near-{allocation.version}",
        engagement=engagement,
        title=_("Changed at short notice: %(engagement)s") % {"engagement": engagement},
        lines=(said, event.reason),
        url=f"{engagement.get_absolute_url()}?tab=schedule"
        if not after.days
        else reverse("scheduling:allocation-detail", args=[allocation.pk]),
        why=_("It is your booking, and it is near."),
        kind=KIND,
        reason=REASON,
    )
