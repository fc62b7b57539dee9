"""What a request about a booking would change: before, after, and what goes with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from psdelivery.people.moments import span_text
from psdelivery.playbooks.models import Step
from scheduling.choices import RequestKind
from scheduling.models import Allocation, ResourceRequest
from scheduling.words import hours_text, plain_hours, ranges_text

MOST_STEPS = 20


@dataclass(frozen=True)
class Line:
    """One thing about a booking, as it is and as it is asked for."""

    title: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class ChangeShown:
    lines: Sequence[Line]
    steps: Sequence[Step]


def change_of(asked: ResourceRequest) -> ChangeShown | None:
    """Return what the request would change; None where it is about no booking."""
    booking = asked.allocation
    if booking is None:
        return None
    return ChangeShown(lines_of(asked, booking), steps_with(booking))


def lines_of(asked: ResourceRequest, booking: Allocation) -> list[Line]:
    """Return before and after, line by line."""
    days = span_text(booking.starts_on, booking.ends_on)
    wanted = ranges_text(list(asked.ranges.all()))
    hours = _("%(hours)s hours") % {"hours": plain_hours(booking.hours)}
    if asked.kind == RequestKind.RELEASE:
        released = wanted or _("all of them")
        return [
            Line(_("Days"), days, _("free: %(days)s") % {"days": released}),
            Line(_("Hours"), hours, "–"),
        ]
    return [
        Line(_("Person"), booking.who, str(asked.person or booking.who)),
        Line(_("Days"), days, wanted or days),
        Line(_("Hours"), hours, hours_text(asked) or hours),
        Line(
            _("Soft or hard"),
            booking.get_hold_display(),
            asked.get_booking_display(),
        ),
    ]


def steps_with(booking: Allocation) -> list[Step]:
    """Return the open steps that somebody has to do on the days of their booking."""
    if booking.person is None or booking.engagement is None:
        return []
    due = Step.objects.open().filter(
        engagement=booking.engagement,
        assignee=booking.person,
        due_day__range=(booking.starts_on, booking.ends_on),
    )
    return list(due.order_by("due_at", "pk")[:MOST_STEPS])
