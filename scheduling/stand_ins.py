"""Who could take the days of somebody who cannot work: free, able and awake."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.models import NeededSkill, TeamMember
from engagements.rules.team import FITTING
from psdelivery.people.models import PersonSkill, User
from scheduling.capacity_facts import Span, capacities
from scheduling.models import ConflictCase, RequestSkill
from scheduling.services.capacity import booked_hours
from scheduling.services.resolving import Taken
from scheduling.services.standing_in import is_awake

SHOWN = 8
Need = Mapping[date, Decimal]


@dataclass(frozen=True, kw_only=True)
class StandInCandidate:
    """Somebody with what speaks for them, in the order of proposing."""

    person: User
    free_days: int
    days: int
    is_awake: bool
    skills: tuple[str, ...]
    skill_levels: int
    knows_customer: bool

    @property
    def pk(self) -> int:
        return self.person.pk

    @property
    def name(self) -> str:
        return self.person.display_name

    @property
    def fit(self) -> str:
        words = {"free": self.free_days, "days": self.days}
        return _("%(free)s of %(days)s days free") % words

    @property
    def why(self) -> str:
        """Say what speaks for them, and that they sleep where they do."""
        said = [
            *self.skills,
            _("knows the customer") if self.knows_customer else "",
            _("it is daytime there") if self.is_awake else _("it is night there"),
        ]
        return " · ".join(filter(None, said))

    @property
    def order(self) -> tuple[int, bool, int, bool, str, int]:
        return (
            self.days - self.free_days,
            not self.is_awake,
            -self.skill_levels,
            not self.knows_customer,
            self.name.casefold(),
            self.pk,
        )


def stand_ins_for(
    case: ConflictCase, taken: Sequence[Taken], now: datetime
) -> list[StandInCandidate]:
    """Return who could take the days, the best first; a constant number of queries.

    domain.md, section 5: certified or skilled, free and awake. Who has none of the
    days is not proposed.
    """
    need = hours_needed(taken)
    people = list(people_like(case, taken))
    free = free_days(people, need)
    skills = skills_of(people, skills_needed(case, taken))
    known = people_who_know(case, people)
    found = [
        StandInCandidate(
            person=person,
            free_days=free[person.pk],
            days=len(need),
            is_awake=is_awake(person, now),
            skills=tuple(f"{one.skill}: {one.get_level_display()}" for one in held),
            skill_levels=sum(one.level for one in held),
            knows_customer=person.pk in known,
        )
        for person in people
        for held in [skills[person.pk]]
        if free[person.pk]
    ]
    return sorted(found, key=lambda one: one.order)[:SHOWN]


def hours_needed(taken: Sequence[Taken]) -> dict[date, Decimal]:
    """Return the hours of each day that somebody has to take."""
    need: dict[date, Decimal] = defaultdict(Decimal)
    for one in taken:
        for day, hours in one.days.items():
            need[day] += hours
    return dict(need)


def people_like(case: ConflictCase, taken: Sequence[Taken]) -> Sequence[User]:
    """Return who works here in the trade of the booked roles."""
    roles = {FITTING[one.allocation.role] for one in taken}
    people = User.objects.active().with_role(*roles).exclude(pk=case.person_id)
    return list(people.order_by("pk"))


def free_days(people: Sequence[User], need: Need) -> dict[int, int]:
    """Return on how many of the days each person has the hours free of hard work."""
    span = Span(min(need), max(need))
    known = capacities(people, span)
    booked = booked_hours({(person.pk, day) for person in people for day in need})
    nothing = (Decimal(0), Decimal(0))
    return {
        person.pk: sum(
            known[person.pk][day].hours - booked.get((person.pk, day), nothing)[0]
            >= hours
            for day, hours in need.items()
        )
        for person in people
    }


def skills_needed(case: ConflictCase, taken: Sequence[Taken]) -> set[int]:
    """Return the skills that were asked for, else those of the assessment."""
    requests = {one.allocation.request_id for one in taken}
    asked = RequestSkill.objects.filter(request__in=requests - {None})
    found = set(asked.values_list("skill_id", flat=True))
    if found:
        return found
    needed = NeededSkill.objects.filter(assessment__engagement=case.engagement_id)
    return set(needed.values_list("skill_id", flat=True))


def skills_of(people: Sequence[User], wanted: set[int]) -> dict[int, list[PersonSkill]]:
    """Return the wanted skills that each person has."""
    found: dict[int, list[PersonSkill]] = defaultdict(list)
    rows = PersonSkill.objects.filter(person__in=people, skill__in=wanted)
    for row in rows.select_related("skill").order_by("skill__name"):
        found[row.person_id].append(row)
    return found


def people_who_know(case: ConflictCase, people: Sequence[User]) -> set[int]:
    """Return who is, or was, on a team of the same customer."""
    members = TeamMember.objects.filter(
        person__in=people, engagement__customer=case.engagement.customer_id
    )
    return set(members.order_by().values_list("person_id", flat=True))
