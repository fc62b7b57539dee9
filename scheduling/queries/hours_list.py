"""Worked hours entry by entry, as who asks may see them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from engagements.access import engagement_condition
from engagements.models import Engagement
from psdelivery.access import Action, scope_for
from psdelivery.people.models import User
from scheduling.choices import Hold
from scheduling.models import AllocationDay, HoursEntry, HoursPart
from scheduling.queries.hours import COUNTED


@dataclass(frozen=True)
class WorkedFilter:
    """What the list is narrowed to; days are both included."""

    who: str = ""
    work: str = ""
    first: date | None = None
    last: date | None = None
    state: str = ""


def worked_entries(
    user: User, wanted: WorkedFilter, *, everybody: bool
) -> QuerySet[HoursEntry]:
    """Return entries of engagements in reach; without `everybody` the own alone."""
    scope = scope_for(user.role_set, Action.ACTUALS_SEE)
    rows = HoursEntry.objects.filter(
        engagement_condition(user, scope, "part__engagement")
    )
    if not everybody:
        rows = rows.filter(part__week__person=user)
    for word in wanted.who.split():
        rows = rows.filter(
            Q(part__week__person__first_name__icontains=word)
            | Q(part__week__person__last_name__icontains=word)
            | Q(part__week__person__email__icontains=word)
        )
    for word in wanted.work.split():
        rows = rows.filter(
            Q(part__engagement__title__icontains=word)
            | Q(part__engagement__customer__name__icontains=word)
        )
    days = Q()
    if wanted.first:
        days &= Q(day__gte=wanted.first)
    if wanted.last:
        days &= Q(day__lte=wanted.last)
    found = rows.filter(days)
    return found.filter(part__state=wanted.state) if wanted.state else found


def worked_rows(entries: QuerySet[HoursEntry]) -> QuerySet[HoursEntry]:
    """Fetch what a row shows, the newest day first."""
    return entries.select_related(
        "part__week__person", "part__engagement__customer"
    ).order_by("-day", "part__week__person__last_name", "pk")


def headings() -> list[object]:
    """Return the columns of the file; an import reads them again."""
    return [
        _("Person"),
        _("Name"),
        _("Engagement"),
        _("Title"),
        _("Date"),
        _("Hours"),
        _("External id"),
        _("Note"),
        _("State"),
        _("Correction"),
    ]


def table_of(entries: Iterable[HoursEntry]) -> Iterator[list[object]]:
    """Yield the cells of each row."""
    for entry in entries:
        part = entry.part
        yield [
            part.week.person.email,
            part.week.person.display_name,
            part.engagement_id,
            part.engagement,
            entry.day.isoformat(),
            entry.hours,
            entry.external_key,
            entry.note,
            part.get_state_display(),
            _("yes") if entry.is_counter else "",
        ]


@dataclass(frozen=True)
class PersonHours:
    """Planned and worked hours of one person on an engagement."""

    person: User
    planned: Decimal
    waiting: Decimal
    approved: Decimal

    @property
    def worked(self) -> Decimal:
        return self.waiting + self.approved


def person_weeks(engagement: Engagement) -> list[PersonHours]:
    """Return who is booked or worked on an engagement, with sums; three queries."""
    booked = AllocationDay.objects.filter(
        allocation__engagement=engagement, hold=Hold.HARD, person__isnull=False
    )
    planned: dict[Any, Decimal] = dict(
        booked.order_by().values_list("person").annotate(total=Sum("hours"))
    )
    parts = HoursPart.objects.filter(engagement=engagement, state__in=COUNTED)
    told = {
        person: (hours or Decimal(), approved or Decimal())
        for person, hours, approved in parts.order_by()
        .values_list("week__person")
        .annotate(all=Sum("hours"), fine=Sum("approved_hours"))
    }
    people = User.objects.filter(pk__in={*planned, *told})
    return [
        PersonHours(
            person,
            planned.get(person.pk, Decimal()),
            told.get(person.pk, (Decimal(), Decimal()))[0]
            - told.get(person.pk, (Decimal(), Decimal()))[1],
            told.get(person.pk, (Decimal(), Decimal()))[1],
        )
        for person in people.order_by("last_name", "first_name", "pk")
    ]
