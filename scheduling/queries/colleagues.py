"""Who could be proposed for a request: people with what matching asks of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Q, Sum

from engagements.models import TeamMember
from engagements.rules.team import FITTING
from psdelivery.people.models import PersonSkill, Skill, User, UserQuerySet
from scheduling.models import CapacityDay, ResourceRequest
from scheduling.rules.demand import quarters
from scheduling.rules.matching import Colleague, Filters, Known, percent_of

LANGUAGES = "Languages"
# Utilisation is that of the four weeks from the first day on.
UTILISATION_DAYS = 28
# More ids than this are asked for by the query that finds them.
MANY = 400


class Person(NamedTuple):
    """A person who works here and whose role fits."""

    pk: int
    first_name: str
    last_name: str
    username: str
    zone: str
    region_id: int | None

    @property
    def name(self) -> str:
        """Return the name as `User.display_name` has it."""
        return f"{self.first_name} {self.last_name}".strip() or self.username


def people_for(asked: ResourceRequest, filters: Filters) -> UserQuerySet:
    """Return who works here in the role; with the skills, where those are wanted.

    Whom the request names is among them unless they have left or have another role.
    """
    role = FITTING.get(asked.role)
    people = User.objects.active()
    named = Q(pk__in=[pk for pk in [asked.person_id] if pk])
    people = people.with_role(role) if role else people.filter(named)
    for skill, level in filters.levels.items():
        rows = PersonSkill.objects.filter(skill_id=skill, level__gte=level)
        if filters.only_confirmed:
            rows = rows.filter(confirmed_on__isnull=False)
        has_it = Q(pk__in=rows.order_by().values("person_id"))
        people = people.filter(has_it | named)
    return people


def colleagues_for(
    asked: ResourceRequest, people: UserQuerySet, first: date, filters: Filters
) -> list[Colleague]:
    """Return these people with skills, history with the customer and utilisation.

    Four queries, however many people there are.
    """
    found = [Person(*row) for row in people.order_by().values_list(*Person._fields)]
    ids = {one.pk for one in found}
    skills = skills_by_person(ids, {*skill_ids(asked), *filters.languages})
    known = who_knows(asked)
    used = utilisation_by_person(ids, people, first)
    return [
        Colleague(
            pk=one.pk,
            name=one.name,
            zone=one.zone,
            region_id=one.region_id,
            skills=skills.get(one.pk, {}),
            knows_customer=one.pk in known,
            utilisation=used.get(one.pk, 0),
        )
        for one in found
    ]


def skill_ids(asked: ResourceRequest) -> list[int]:
    """Return the skills that a request names."""
    return [row.skill_id for row in asked.skills.all()]


def language_ids(name: str) -> frozenset[int]:
    """Return the skills that are this language."""
    if not name.strip():
        return frozenset()
    rows = Skill.objects.filter(group=LANGUAGES, name__iexact=name.strip())
    return frozenset(rows.order_by().values_list("pk", flat=True))


def skills_by_person(
    people: Collection[int], skills: Iterable[int]
) -> dict[int, dict[int, Known]]:
    """Return how well these people do these things."""
    wanted = set(skills)
    if not (wanted and people):
        return {}
    rows = PersonSkill.objects.filter(skill_id__in=wanted).order_by()
    found: dict[int, dict[int, Known]] = defaultdict(dict)
    for person, skill, level, confirmed, grows in rows.values_list(
        "person_id", "skill_id", "level", "confirmed_on", "wants_to_grow"
    ):
        if person in people:
            found[person][skill] = Known(level, confirmed is not None, grows)
    return found


def who_knows(asked: ResourceRequest) -> set[int]:
    """Return who is or was on a team of the request's customer."""
    if asked.engagement is None or not asked.engagement.has_gate:
        return set()
    return who_was_there(asked.engagement.customer_id)


def who_was_there(customer_id: int) -> set[int]:
    """Return who is or was on a team of the customer."""
    teams = TeamMember.objects.filter(
        engagement__customer=customer_id, person__isnull=False
    )
    return {pk for pk in teams.order_by().values_list("person_id", flat=True) if pk}


def utilisation_by_person(
    ids: Collection[int], people: UserQuerySet, first: date
) -> Mapping[int, int]:
    """Return the share of hours booked hard in the weeks from a day on, in percent."""
    last = first + timedelta(days=UTILISATION_DAYS - 1)
    rows = CapacityDay.objects.filter(day__range=(first, last)).filter(
        among(ids, people)
    )
    sums = (
        rows.order_by()
        .values("person_id")
        .annotate(booked=Sum("hard"), whole=Sum("capacity"))
    )
    return {
        row["person_id"]: percent_of(quarters(row["booked"]), quarters(row["whole"]))
        for row in sums
    }


def among(ids: Collection[int], people: UserQuerySet | None) -> Q:
    """Return the condition for days of these people; many are asked for by a query."""
    if people is None or len(ids) <= MANY:
        return Q(person_id__in=sorted(ids))
    return Q(person_id__in=people.order_by().values("pk"))
