"""The skills matrix: person × skill × level, and who confirmed it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from psdelivery.people.choices import Role, SkillLevel
from psdelivery.people.models import PersonSkill, Skill, User, UserQuerySet

# Who delivers stands in the matrix before stating anything; others once they do.
DELIVERING = (Role.PSE, Role.TRAINER, Role.TECHNICAL_ARCHITECT, Role.PARTNER)


@dataclass(frozen=True)
class MatrixFilter:
    """What the matrix is narrowed to; empty means everybody and every skill."""

    text: str = ""
    practice_id: int | None = None
    region_id: int | None = None
    skill_id: int | None = None
    group: str = ""
    level: int = 0
    wants_to_grow: bool = False


@dataclass(frozen=True)
class MatrixRow:
    """A person and their skills, in the order of the columns; None where none."""

    person: User
    cells: list[PersonSkill | None]


def skill_groups() -> list[str]:
    """Return the groups of the skills in use, in order."""
    groups = Skill.objects.filter(is_active=True).order_by("group")
    return list(groups.values_list("group", flat=True).distinct())


def matrix_skills(wanted: MatrixFilter) -> QuerySet[Skill]:
    """Return the columns: a skill, a group, or all in use."""
    skills = Skill.objects.filter(is_active=True)
    if wanted.skill_id:
        return skills.filter(pk=wanted.skill_id)
    return skills.filter(group=wanted.group) if wanted.group else skills


def matrix_people(wanted: MatrixFilter) -> UserQuerySet:
    """Return the rows: who delivers or has a skill, narrowed to what is wanted."""
    delivers = Q(role_grants__role__in=DELIVERING)
    people = User.objects.active().filter(delivers | Q(skills__isnull=False)).distinct()
    for word in wanted.text.split():
        people = people.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(username__icontains=word)
        )
    if wanted.practice_id:
        people = people.filter(practice_id=wanted.practice_id)
    if wanted.region_id:
        people = people.filter(region_id=wanted.region_id)
    return _with_skill(people, wanted).select_related("practice", "region")


def _with_skill(people: UserQuerySet, wanted: MatrixFilter) -> UserQuerySet:
    """Narrow to people who have one of the columns as wanted."""
    if not (wanted.skill_id or wanted.level or wanted.wants_to_grow):
        return people
    rows = PersonSkill.objects.filter(skill__in=matrix_skills(wanted))
    rows = rows.filter(level__gte=wanted.level)
    if wanted.wants_to_grow:
        rows = rows.filter(wants_to_grow=True)
    return people.filter(pk__in=rows.order_by().values("person"))


def matrix_rows(people: Iterable[User], skills: Sequence[Skill]) -> list[MatrixRow]:
    """Return the rows with their cells; one query for all of them."""
    people = list(people)
    stored = PersonSkill.objects.filter(person__in=people, skill__in=skills)
    by_place = {
        (row.person_id, row.skill_id): row
        for row in stored.select_related("confirmed_by").order_by()
    }
    return [
        MatrixRow(person, [by_place.get((person.pk, skill.pk)) for skill in skills])
        for person in people
    ]


def matrix_lines(
    people: Iterable[User], skills: Sequence[Skill]
) -> Iterator[Sequence[object]]:
    """Yield the matrix as cells of a table, its headings first."""
    yield [_("Name"), _("Practice"), _("Region"), *[skill.name for skill in skills]]
    for row in matrix_rows(people, skills):
        person = row.person
        place = [person.practice or "", person.region or ""]
        yield [person.display_name, *place, *[cell_words(cell) for cell in row.cells]]


def cell_words(cell: PersonSkill | None) -> str:
    """Return a skill of a person in words; nothing where there is none."""
    if cell is None:
        return ""
    words = [f"{cell.level} {SkillLevel(cell.level).label}"]
    if cell.confirmed_by is not None and cell.confirmed_on is not None:
        told = _("confirmed by %(person)s on %(day)s")
        day = cell.confirmed_on.isoformat()
        words.append(told % {"person": cell.confirmed_by.display_name, "day": day})
    if cell.wants_to_grow:
        words.append(_("wants to grow"))
    return ", ".join(words)


def skills_of(person: User) -> QuerySet[PersonSkill]:
    """Return what a person stated, group by group, with who confirmed it."""
    rows = person.skills.select_related("skill", "confirmed_by")
    return rows.order_by("skill__group", "skill__name")


def skill_register() -> QuerySet[Skill]:
    """Return all skills with how many people have each, and how many confirmed."""
    here = Q(people__person__is_active=True)
    confirmed = here & Q(people__confirmed_on__isnull=False)
    skills = Skill.objects.annotate(
        holders=Count("people", filter=here),
        confirmed=Count("people", filter=confirmed),
    )
    return skills.order_by("-is_active", "group", "name")
