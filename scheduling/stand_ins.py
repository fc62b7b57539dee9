"""Who could take the days of somebody who cannot work: free, able and awake."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.models import NeededSkill
from engagements.rules.team import FITTING
from psdelivery.people.choices import SkillLevel
from psdelivery.people.models import User
from scheduling.fits import Fit, FitQuestion, fits
from scheduling.models import ConflictCase, RequestSkill
from scheduling.queries.colleagues import skills_by_person, who_was_there
from scheduling.queries.openings import Standing, hours_on
from scheduling.rules.demand import quarters
from scheduling.rules.matching import Known
from scheduling.services.resolving import Taken
from scheduling.services.standing_in import is_awake

SHOWN = 8
SKILL = ("skill", "skill__name")
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
    fits: tuple[Fit, ...] = ()

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
            *(fit.words for fit in self.fits),
            *self.skills,
            _("knows the customer") if self.knows_customer else "",
            _("it is daytime there") if self.is_awake else _("it is night there"),
        ]
        return " · ".join(filter(None, said))

    @property
    def order(self) -> tuple[int, int, bool, int, bool, str, int]:
        return (
            sum(fit.rank for fit in self.fits),
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

    domain.md, section 5: certified (as the places below say) or skilled, free and
    awake. Who has none of the days is not proposed.
    """
    need = hours_needed(taken)
    people = people_like(case, taken, more=fits.more(case, need))
    free = free_days(people, need)
    names = skills_needed(case, taken)
    skills = skills_by_person(free.keys(), names)
    known = who_was_there(case.engagement.customer_id)
    said = fits.of(FitQuestion(case, list(need), people))
    found = [
        StandInCandidate(
            person=person,
            free_days=free[person.pk],
            days=len(need),
            is_awake=is_awake(person, now),
            skills=skill_words(names, held),
            skill_levels=sum(one.level for one in held.values()),
            knows_customer=person.pk in known,
            fits=tuple(said.get(person.pk, ())),
        )
        for person in people
        for held in [skills.get(person.pk, {})]
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


def people_like(
    case: ConflictCase, taken: Sequence[Taken], *, more: Collection[int] = ()
) -> list[User]:
    """Return who works here in the trade of the booked roles, and who else can it."""
    roles = {FITTING[one.allocation.role] for one in taken}
    able = Q(pk__in=User.objects.with_role(*roles).values("pk")) | Q(pk__in=more)
    people = User.objects.active().filter(able).exclude(pk=case.person_id)
    return list(people.order_by("pk"))


def free_days(people: Sequence[User], need: Need) -> dict[int, int]:
    """Return on how many of the days each person has the hours free of hard work.

    Counted as matching does it; each day has hours of its own here.
    """
    days = sorted(need)
    wanted = [quarters(need[day]) for day in days]
    known = hours_on(days, [person.pk for person in people], Standing())
    return {
        pk: sum(free >= hours for free, hours in zip(one.free, wanted, strict=True))
        for pk, one in known.items()
    }


def skills_needed(case: ConflictCase, taken: Sequence[Taken]) -> dict[int, str]:
    """Return the names of the skills asked for, else of those of the assessment."""
    requests = {one.allocation.request_id for one in taken}
    asked = RequestSkill.objects.filter(request__in=requests - {None})
    found = dict(asked.order_by("skill__name").values_list(*SKILL))
    if found:
        return found
    needed = NeededSkill.objects.filter(assessment__engagement=case.engagement_id)
    return dict(needed.order_by("skill__name").values_list(*SKILL))


def skill_words(names: Mapping[int, str], held: Mapping[int, Known]) -> tuple[str, ...]:
    """Return how well somebody does what is needed, by the names of the skills."""
    return tuple(
        f"{name}: {SkillLevel(held[skill].level).label}"
        for skill, name in names.items()
        if skill in held
    )
