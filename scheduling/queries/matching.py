"""Who fits a request and what ways out there are, from the tables (R-7).

The number of queries does not grow with people, days or bookings.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from django.db.models import Count, Prefetch, Q, Sum, prefetch_related_objects

from psdelivery.calendars import Calendar, is_working_day
from psdelivery.people.moments import local_day
from psdelivery.people.register import portal_settings
from scheduling.choices import INTERNAL_KINDS, Hold, OfferState
from scheduling.models import (
    AllocationDay,
    CapacityDay,
    Offer,
    RequestSkill,
    ResourceRequest,
)
from scheduling.queries.colleagues import (
    MANY,
    colleagues_for,
    language_ids,
    people_for,
)
from scheduling.queries.openings import CLEAR, Standing, hours_on, on_days
from scheduling.rules.alternatives import (
    Declined,
    Experience,
    Line,
    Proposal,
    Question,
    SoftHold,
    alternatives,
)
from scheduling.rules.demand import Asked, Demand, demand_of, is_enough, quarters
from scheduling.rules.matching import Candidate, Filters, candidates
from scheduling.rules.requests import days_of_ranges

ONE_DAY = timedelta(days=1)
# How far other dates are looked for behind the last day asked for: half a year.
AHEAD = timedelta(weeks=26)
# Whose dates may move: whom the request names, else the first of the candidates.
MOVABLE = 3
# Where nothing is found among those: so many more, in batches.
BATCH, BATCHES = 10, 5


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the coordinator narrows the candidates to; None: as the request says.

    Without `by_skills` people are shown whatever they can; `only_confirmed` counts
    levels that somebody else confirmed.
    """

    by_skills: bool = True
    only_confirmed: bool = True
    language: str | None = None
    overlap: int | None = None
    region_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Matching:
    """Candidates and ways out of one request, the best first."""

    asked: ResourceRequest
    demand: Demand
    filters: Filters
    candidates: Sequence[Candidate]
    # In words, as the filters have it.
    language: str = ""
    proposals: Sequence[Proposal] = ()
    line: Line = field(default_factory=lambda: Line((), ()))
    standing: Standing = field(default_factory=Standing)

    @property
    def focus(self) -> Candidate | None:
        """Return whom the conflict is shown of: the person named, else the best."""
        named = (one for one in self.candidates if one.is_asked_for)
        return next(named, None) or next(iter(self.candidates), None)

    @property
    def is_conflict(self) -> bool:
        """Whether the one to be proposed first has not all that is asked for."""
        focus = self.focus
        return focus is not None and not is_enough(self.demand, focus.hours.clear)

    def candidate(self, pk: int) -> Candidate | None:
        """Return somebody among the candidates."""
        return next((one for one in self.candidates if one.pk == pk), None)


def work_calendar(asked: ResourceRequest) -> Calendar:
    """Return on whose working days the work is: the customer's, else the company's.

    Internal time is on those of the person, where one is named.
    """
    if asked.kind in INTERNAL_KINDS and asked.person is not None:
        return asked.person.calendar
    if asked.engagement is not None and asked.engagement.has_gate:
        return asked.engagement.customer.calendar
    return portal_settings().company_calendar


def read_wish(asked: ResourceRequest) -> None:
    """Read the days and skills of a request once, for all that asks for them."""
    skills = Prefetch("skills", RequestSkill.objects.select_related("skill"))
    prefetch_related_objects([asked], "ranges", skills)


def demand_for(asked: ResourceRequest) -> Demand:
    """Return what a request asks for, in countable form."""
    ranges = [(one.starts_on, one.ends_on) for one in asked.ranges.all()]
    person = asked.person_id
    if person is None and asked.allocation is not None:
        person = asked.allocation.person_id
    wanted = Asked(
        days=days_of_ranges(ranges),
        any_days=asked.any_days,
        per_day=asked.hours_per_day,
        total=asked.hours_total,
        is_hard=asked.is_hard,
        person_id=person,
    )
    return demand_of(wanted, work_calendar(asked))


def filters_for(asked: ResourceRequest, wishes: Wishes) -> Filters:
    """Return what candidates must have, as the request and the coordinator say."""
    overlap = asked.zone_overlap if wishes.overlap is None else wishes.overlap
    rows = asked.skills.all()
    return Filters(
        levels={row.skill_id: row.level for row in rows} if wishes.by_skills else {},
        only_confirmed=wishes.only_confirmed,
        languages=language_ids(language_of(asked, wishes)),
        region_id=wishes.region_id,
        zone=asked.zone or work_calendar(asked).zone,
        overlap=overlap or 0,
    )


def language_of(asked: ResourceRequest, wishes: Wishes) -> str:
    """Return the language that candidates must speak, "" for any."""
    return asked.language if wishes.language is None else wishes.language


def candidates_for(asked: ResourceRequest, wishes: Wishes) -> Matching:
    """Return who fits, in the order of matching; without the ways out."""
    read_wish(asked)
    demand = demand_for(asked)
    filters = filters_for(asked, wishes)
    if not demand.days:
        return Matching(asked=asked, demand=demand, filters=filters, candidates=[])
    people = people_for(asked, filters)
    colleagues = colleagues_for(asked, people, demand.days[0], filters)
    standing = Standing.of(asked.allocation)
    ids = [one.pk for one in colleagues]
    hours = hours_on(demand.days, ids, standing, people)
    return Matching(
        asked=asked,
        demand=demand,
        filters=filters,
        candidates=candidates(demand, colleagues, hours, filters),
        language=language_of(asked, wishes),
        standing=standing,
    )


def matching_for(asked: ResourceRequest, wishes: Wishes, *, now: datetime) -> Matching:
    """Return candidates and, on a conflict, the ways out of it (R-7)."""
    found = candidates_for(asked, wishes)
    if not found.is_conflict:
        return found
    question = question_of(found, now)
    return replace(found, proposals=ways_out(found, question), line=question.line)


def ways_out(found: Matching, question: Question) -> list[Proposal]:
    """R-7: return the ways out; further people are asked where there is none."""
    proposals = alternatives(question)
    further = roomy(found, question.line) if not proposals else iter(())
    for _turn in range(BATCHES):
        more = list(islice(further, BATCH))
        if proposals or not more:
            break
        rooms = rooms_of(found, question.line, more)
        proposals = alternatives(replace(question, rooms=rooms))
    return proposals


def question_of(found: Matching, now: datetime) -> Question:
    """Return everything that the ways out are found from."""
    line = line_of(found, now)
    focus = found.focus
    named = [focus.pk] if focus and focus.is_asked_for else []
    movable = named or [one.pk for one in found.candidates[:MOVABLE]]
    return Question(
        demand=found.demand,
        order=found.candidates,
        line=line,
        rooms=rooms_of(found, line, movable),
        soft=soft_holds(found),
        experience=experience_of(found.asked),
    )


def line_of(found: Matching, now: datetime) -> Line:
    """Return the working days from today until half a year after the last one."""
    calendar, asked = work_calendar(found.asked), found.demand.days
    today = local_day(now, calendar.zone)
    count = (asked[-1] + AHEAD - today).days + 1
    coming = [today + ONE_DAY * number for number in range(max(count, 0))]
    working = {day for day in coming if is_working_day(day, calendar)}
    days = tuple(sorted(working | set(asked)))
    positions = {day: number for number, day in enumerate(days)}
    return Line(
        days=days,
        asked=tuple(positions[day] for day in asked),
        first_open=sum(day < today for day in days),
    )


def rooms_of(
    found: Matching, line: Line, people: Collection[int]
) -> dict[int, Sequence[int]]:
    """Return what these people have clear on each day of the line."""
    hours = hours_on(line.days, people, found.standing)
    return {pk: one.clear for pk, one in hours.items()}


def roomy(found: Matching, line: Line) -> Iterator[int]:
    """Return who may have as many clear days or hours on the line, in their order.

    Of whom no day is known yet, nothing is booked.
    """
    demand = found.demand
    rows = CapacityDay.objects.filter(day__range=(line.days[0], line.days[-1]))
    counted = rows.annotate(clear=CLEAR).order_by().values("person_id")
    enough = Q(clear__gte=max(demand.per_day, 1))
    sums = counted.annotate(
        days=Count("pk", filter=enough), hours=Sum("clear", filter=enough)
    )
    short = {
        row["person_id"]
        for row in sums
        if (row["hours"] or 0) < demand.total
        or (not demand.is_spread and row["days"] < demand.needed)
    }
    return (one.pk for one in found.candidates if one.pk not in short)


def soft_holds(found: Matching) -> dict[int, list[SoftHold]]:
    """Return the soft holds of those who would have the days but for them."""
    demand = found.demand
    people = {
        one.pk
        for one in found.candidates
        if one.held_days and not is_enough(demand, one.hours.clear)
    }
    if not (demand.is_hard and people):
        return {}
    numbers = {day: number for number, day in enumerate(demand.days)}
    rows = AllocationDay.objects.filter(on_days(demand.days), hold=Hold.SOFT)
    if found.asked.allocation_id is not None:
        rows = rows.exclude(allocation=found.asked.allocation_id)
    if len(people) <= MANY:
        rows = rows.filter(person_id__in=people)
    hours: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    values = rows.order_by().values_list("person_id", "allocation_id", "day", "hours")
    for person, allocation, day, share in values:
        if person in people and day in numbers:
            hours[person][allocation][numbers[day]] = quarters(share)
    return {
        person: [SoftHold(pk, days) for pk, days in sorted(holds.items())]
        for person, holds in hours.items()
    }


def experience_of(asked: ResourceRequest) -> Experience:
    """Return what was declined on this request, by whoever was to decide."""
    rows = Offer.objects.filter(request=asked, state=OfferState.DECLINED)
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    values = rows.order_by().values_list(
        "kind", "fingerprint", "allocations__person_id"
    )
    for kind, fingerprint, person in values:
        people[kind, fingerprint] |= {person} - {None}
    return Experience([Declined(*told, frozenset(ids)) for told, ids in people.items()])
