"""The page on which a coordinator books: the form, its days, what is free."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engagements.models import Engagement
from psdelivery.calendars import Calendar
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.people.views.answers import posted
from psdelivery.registry import Reason
from scheduling.choices import INTERNAL_KINDS, Hold
from scheduling.forms.booking import (
    PARTNER,
    PARTNER_FIELDS,
    PERSON,
    UNNAMED,
    BookForm,
)
from scheduling.forms.requests import ABOUT_DAYS
from scheduling.forms.rows import RangeRows, range_rows
from scheduling.models import Allocation, ResourceRequest
from scheduling.queries.planning import loads_without, others_on
from scheduling.rules.board import DayLoad
from scheduling.rules.planning import (
    Plan,
    WantedHours,
    exceeded_days,
    plan_for_nobody,
    plan_for_person,
    warning_of_exceeding,
)
from scheduling.rules.requests import (
    Range,
    days_of_ranges,
    reasons_against_ranges,
)
from scheduling.services.bookings import Placement
from scheduling.services.requests import Order


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a booking is made from: a request, a booking that changes, or neither."""

    engagement: Engagement | None
    initial: dict[str, Any]
    ranges: Sequence[Range]
    without: tuple[str, ...]
    role: str = ""
    task: str = ""
    stored: Allocation | None = None

    @property
    def calendar(self) -> Calendar:
        """Whose days off count where nobody of ours is named: the customer's."""
        if self.engagement is None:
            return portal_settings().company_calendar
        return self.engagement.customer.calendar


@dataclass(frozen=True)
class PlanDay:
    """A day of a plan with what else stands on it."""

    day: date
    hours: Decimal
    capacity: Decimal | None = None
    others: Sequence[str] = ()
    is_over: bool = False


@dataclass(frozen=True)
class Shown:
    """A plan as the page shows it before, and tells it after booking."""

    plan: Plan
    days: Sequence[PlanDay] = ()
    warnings: Sequence[str] = ()


@dataclass
class BookPage:
    """The form, the days, and what stands against them."""

    source: Source
    form: BookForm
    days: RangeRows
    against: list[Reason] = field(default_factory=list)
    shown: Shown | None = None

    def is_valid(self) -> bool:
        """Ask both, so that everything wrong is told at once."""
        return all((self.form.is_valid(), self.days.is_valid()))

    def look(self) -> Shown:
        """Work out the hours of each day from what was typed."""
        is_hard = self.form.cleaned_data["hold"] == Hold.HARD
        person, ranges = self.form.chosen_person, self.days.ranges
        reasons = reasons_against_ranges(ranges)
        if reasons:
            self.shown = Shown(Plan(reasons=reasons))
        elif self.keeps_days:
            plan = Plan(dict(self.stored_days))
            self.shown = shown_for(self.source, person, plan, sorted(plan.days))
        else:
            self.shown = plan_shown(
                self.source, person, ranges, self.form.wanted_hours, is_hard=is_hard
            )
        return self.shown

    @property
    def keeps_days(self) -> bool:
        """Whether the hours of each day stay as they are booked."""
        stored, wanted = self.source.stored, self.form.wanted_hours
        if stored is None or wanted != WantedHours(total=stored.hours):
            return False
        return self.days.ranges == [(stored.starts_on, stored.ends_on)]

    @property
    def stored_days(self) -> Iterable[tuple[date, Decimal]]:
        """The days of the booking that changes."""
        stored = self.source.stored
        return stored.days.values_list("day", "hours") if stored else ()

    def tell(self, reasons: Iterable[Reason]) -> None:
        """Put reasons above the days or the form, with the way to mend them."""
        for reason in reasons:
            if reason.code in ABOUT_DAYS:
                self.days.tell(reason)
            else:
                self.against.append(reason)

    @property
    def order(self) -> Order:
        """What the service books."""
        return Order(wanted=self.wanted, partner=self.form.partner)

    @property
    def wanted(self) -> Placement:
        """The booking as it was typed; `look` has worked out its days."""
        typed, stored = self.form.cleaned_data, self.source.stored
        partner = self.form.partner
        same_partner = (
            stored.partner if stored and not self.form.chosen_person else None
        )
        return Placement(
            engagement=self.source.engagement,
            role=typed.get("role") or self.source.role,
            hold=typed["hold"],
            days=dict(self.shown.plan.days) if self.shown else {},
            person=self.form.chosen_person,
            unnamed=self.form.unnamed_words,
            partner=None if partner else same_partner,
            request=stored.request if stored else None,
            task=self.source.task,
            note=typed["note"],
        )


def book_page(request: SignedInRequest, source: Source) -> BookPage:
    """Return the page, bound to what was posted."""
    data = posted(request)
    form = BookForm(data, initial=source.initial, without=source.without)
    page = BookPage(source, form, range_rows(data, list(source.ranges)))
    if data is None:
        page.shown = first_look(source)
    return page


def first_look(source: Source) -> Shown | None:
    """Show what is free of the person that the form begins with."""
    person, initial = source.initial.get("person"), source.initial
    wanted = WantedHours(
        per_day=initial.get("hours_per_day"),
        total=initial.get("hours_total"),
        any_days=initial.get("any_days"),
    )
    if person is None or (wanted.per_day is None and wanted.total is None):
        return None
    is_hard = initial.get("hold") == Hold.HARD
    return plan_shown(source, person, source.ranges, wanted, is_hard=is_hard)


def plan_shown(
    source: Source,
    person: User | None,
    ranges: Sequence[Range],
    wanted: WantedHours,
    *,
    is_hard: bool,
) -> Shown:
    """Plan the hours, with what else is booked on each day."""
    days = days_of_ranges(ranges)
    if person is None:
        plan = plan_for_nobody(days, wanted, source.calendar)
        return shown_for(source, person, plan, days)
    loads = loads_without(person, days, source.stored)
    plan = plan_for_person(days, loads, wanted, is_hard=is_hard)
    return shown_for(source, person, plan, days, loads)


def shown_for(
    source: Source,
    person: User | None,
    plan: Plan,
    days: Sequence[date],
    loads: Mapping[date, DayLoad] | None = None,
) -> Shown:
    """Put what else is booked beside the days of a plan."""
    if person is None:
        rows = [PlanDay(day, hours) for day, hours in sorted(plan.days.items())]
        return Shown(plan, rows)
    known = loads or loads_without(person, days, source.stored)
    others = others_on(person, days, source.stored)
    over = exceeded_days(plan.days, known)
    rows = [
        PlanDay(
            day,
            plan.days.get(day, Decimal(0)),
            known[day].capacity,
            others.get(day, ()),
            day in over,
        )
        for day in days
        if day in plan.days or known[day].capacity
    ]
    told = [warning_of_exceeding(d, known[d], others.get(d, ())) for d in over]
    return Shown(plan, rows, told)


def from_request(asked: ResourceRequest, person: User | None) -> Source:
    """Begin with what a request asks for; `person` is a candidate that was chosen."""
    chosen = person or asked.person
    is_internal = asked.kind in INTERNAL_KINDS
    return Source(
        engagement=asked.engagement,
        role=asked.role,
        task=asked.task if is_internal else "",
        ranges=list(asked.ranges.values_list("starts_on", "ends_on")),
        without=("role", "cause", "reason"),
        initial={
            "version": asked.version,
            "person": chosen,
            "hold": asked.booking,
            "hours_per_day": asked.hours_per_day,
            "hours_total": asked.hours_total,
            "any_days": asked.any_days,
            "who": PERSON,
        },
    )


def from_booking(booking: Allocation) -> Source:
    """Begin with a booking as it stands; it is changed with cause and reason."""
    return Source(
        engagement=booking.engagement,
        role=booking.role,
        task=booking.task,
        stored=booking,
        ranges=[(booking.starts_on, booking.ends_on)],
        without=() if booking.partner is None else PARTNER_FIELDS,
        initial={
            "version": booking.version,
            "role": booking.role,
            "person": booking.person,
            "unnamed": booking.unnamed,
            "hold": Hold.HARD if booking.hold == Hold.HARD else Hold.SOFT,
            "hours_total": booking.hours,
            "note": booking.note,
            "who": who_of(booking),
        },
    )


def who_of(booking: Allocation) -> str:
    """Return which of the three somebody is."""
    if booking.person is not None:
        return PERSON
    return PARTNER if booking.partner is not None else UNNAMED


def from_change(asked: ResourceRequest, booking: Allocation) -> Source:
    """Begin with a booking as a request wants it to be."""
    source = from_booking(booking)
    ranges = list(asked.ranges.values_list("starts_on", "ends_on"))
    wanted = {
        "version": asked.version,
        "person": asked.person or booking.person,
        "hold": asked.booking,
        "hours_per_day": asked.hours_per_day,
        "hours_total": asked.hours_total,
        "cause": asked.cause,
        "reason": asked.note,
    }
    return Source(
        engagement=source.engagement,
        role=source.role,
        task=source.task,
        stored=booking,
        ranges=ranges or source.ranges,
        without=source.without,
        initial=source.initial | wanted,
    )


def without_request(engagement: Engagement, initial: dict[str, Any]) -> Source:
    """Begin with nothing but the engagement; the coordinator says why."""
    return Source(
        engagement=engagement,
        ranges=[],
        without=("cause",),
        initial={"who": PERSON, "hold": Hold.SOFT, **initial},
    )
