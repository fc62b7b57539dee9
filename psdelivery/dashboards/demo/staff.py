"""Hours, skills and time off of the demo's people."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from psdelivery.dashboards.demo.people import Cast
from psdelivery.people.choices import Role, SkillLevel, TimeOffKind, TimeOffState
from psdelivery.people.models import (
    PersonSkill,
    Skill,
    TimeOff,
    User,
    WorkingHours,
)

DELIVERING = (Role.PSE, Role.TRAINER)
SKILLS_EACH = 7
# One in so many works part-time, or is away soon.
PART_TIME = 6
AWAY_SOON = 5
A_YEAR = timedelta(days=365)


def make_staff_facts(cast: Cast, random: Random, now: datetime) -> None:
    """Give those who deliver skills, some shorter hours, and some of them time off."""
    people = [user for role in DELIVERING for user in cast.by_role[role]]
    make_skills(people, random, now.date())
    WorkingHours.objects.bulk_create(
        WorkingHours(person=user, valid_from=now.date() - A_YEAR, friday=Decimal(4))
        for user in people[::PART_TIME]
    )
    rows = [
        time_off(people, number, random, now)
        for number in range(1, len(people), AWAY_SOON)
    ]
    TimeOff.objects.bulk_create(rows)


def make_skills(people: list[User], random: Random, today: date) -> None:
    """Let everybody state some skills; most are confirmed by the manager."""
    skills = list(Skill.objects.filter(is_active=True).order_by("pk"))
    rows = [
        stated(user, skill, random, today)
        for user in people
        for skill in random.sample(skills, min(SKILLS_EACH, len(skills)))
    ]
    PersonSkill.objects.bulk_create(rows, batch_size=500)


def stated(user: User, skill: Skill, random: Random, today: date) -> PersonSkill:
    """Return a skill of a person (not saved)."""
    is_confirmed = user.manager_id is not None and random.random() < 0.7
    confirmed_on = today - timedelta(days=random.randrange(20, 300))
    return PersonSkill(
        person=user,
        skill=skill,
        level=random.choice(SkillLevel.values),
        wants_to_grow=random.random() < 0.2,
        confirmed_by_id=user.manager_id if is_confirmed else None,
        confirmed_on=confirmed_on if is_confirmed else None,
    )


def time_off(people: list[User], number: int, random: Random, now: datetime) -> TimeOff:
    """Return a week or two within the next month; the colleague before stands in."""
    starts_on = now.date() + timedelta(days=random.randrange(5, 30))
    is_asked = number % 2 == 0
    user = people[number]
    return TimeOff(
        person=user,
        deputy=people[number - 1],
        kind=TimeOffKind.HOLIDAY,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=random.choice([4, 11])),
        state=TimeOffState.REQUESTED if is_asked else TimeOffState.APPROVED,
        requested_at=now - timedelta(days=9),
        requested_by=user,
        decided_by_id=None if is_asked else user.manager_id,
        decided_at=None if is_asked else now - timedelta(days=7),
    )
