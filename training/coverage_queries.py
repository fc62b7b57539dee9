"""Who can teach what: courses and trainers, where there is one person or nobody."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from psdelivery.access import Action
from psdelivery.people.choices import Role
from psdelivery.people.models import (
    PersonSkill,
    Practice,
    Region,
    User,
    UserQuerySet,
)
from psdelivery.people.moments import day_text
from scheduling.queries.colleagues import language_ids
from training.access import visible_deliveries
from training.models import Course, Delivery, Session, TrainerCertification
from training.queries import sessions_of
from training.rules.classes import day_of
from training.rules.times import SessionTimes
from training.rules.trainers import (
    TONES,
    Standing,
    is_certified,
    standing_of,
    standing_words,
)
from training.trainer_queries import OVER, last_day_in

# How far ahead classes are told of.
AHEAD = timedelta(days=90)


@dataclass(frozen=True)
class CoverageFilter:
    """What coverage is narrowed to; empty means all people and classes."""

    region: Region | None = None
    practice: Practice | None = None
    language: str = ""


@dataclass(frozen=True)
class Teacher:
    """Somebody with an entry for a course, as they stand on a day."""

    certification: TrainerCertification
    day: date

    @property
    def person(self) -> User:
        return self.certification.person

    @property
    def url(self) -> str:
        return self.certification.get_absolute_url()

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.certification, self.day)

    @property
    def words(self) -> str:
        return standing_words(self.certification, self.day)

    @property
    def tone(self) -> str:
        return TONES[self.standing]

    @property
    def until(self) -> str:
        """The last day, where it has one."""
        last = self.certification.expires_on
        return day_text(last) if last else ""


@dataclass(frozen=True)
class ComingClass:
    """A class of the next weeks; the address only for who may open it."""

    delivery: Delivery
    first: Session
    url: str
    # how the trainer stands on the last day, where they are not certified.
    warning: str = ""

    @property
    def day(self) -> date:
        """The day on which it begins, on its own clock."""
        return day_of(self.first)


@dataclass
class CourseRow:
    """A course with who can teach it, who soon can, and what is to be taught."""

    course: Course
    certified: list[Teacher] = field(default_factory=list)
    learning: list[Teacher] = field(default_factory=list)
    ended: list[Teacher] = field(default_factory=list)
    classes: list[ComingClass] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """Say how many can teach it, and where that is too few."""
        count = len(self.certified)
        if count == 0:
            return _("nobody")
        if count == 1:
            return _("one person only")
        return ngettext("%(n)d person", "%(n)d people", count) % {"n": count}

    @property
    def tone(self) -> str:
        """The tone of the verdict: bad, warn or good."""
        return ("bad", "warn")[len(self.certified)] if self.is_thin else "good"

    @property
    def is_thin(self) -> bool:
        return len(self.certified) < 2


@dataclass(frozen=True)
class MatrixRow:
    """A person and how they stand to the courses, in the order of the columns."""

    person: User
    cells: list[Teacher | None]


def covered_courses() -> QuerySet[Course]:
    """Return the courses that are offered."""
    return Course.objects.filter(is_active=True).order_by("title", "pk")


def covering_people(wanted: CoverageFilter) -> UserQuerySet:
    """Return who teaches by role, or has an entry for a course; narrowed as wanted."""
    entered = TrainerCertification.objects.order_by().values("person")
    trains = User.objects.with_role(Role.TRAINER).order_by().values("pk")
    people = User.objects.active().filter(Q(pk__in=entered) | Q(pk__in=trains))
    if wanted.region is not None:
        people = people.filter(region=wanted.region)
    if wanted.practice is not None:
        people = people.filter(practice=wanted.practice)
    if wanted.language:
        speak = PersonSkill.objects.filter(skill__in=language_ids(wanted.language))
        people = people.filter(pk__in=speak.order_by().values("person"))
    return people.select_related("region", "practice")


def course_rows(
    courses: Sequence[Course],
    people: UserQuerySet,
    classes: Mapping[int, list[ComingClass]],
    day: date,
) -> list[CourseRow]:
    """Return the courses with their people and classes; one query of its own."""
    rows = {course.pk: CourseRow(course) for course in courses}
    held = TrainerCertification.objects.filter(
        course__in=rows, person__in=people.order_by().values("pk")
    )
    in_order = held.select_related("person").order_by(
        "person__last_name", "person__first_name", "pk"
    )
    for entry in in_order:
        put(rows[entry.course_id], Teacher(entry, day))
    for pk, row in rows.items():
        row.classes = classes.get(pk, [])
    return list(rows.values())


def put(row: CourseRow, teacher: Teacher) -> None:
    """Put somebody where they belong; who is withdrawn belongs nowhere."""
    lists = {
        Standing.CERTIFIED: row.certified,
        Standing.LEARNING: row.learning,
        Standing.ENDED: row.ended,
    }
    if teacher.standing in lists:
        lists[teacher.standing].append(teacher)


def classes_ahead(
    wanted: CoverageFilter, reader: User, now: datetime
) -> dict[int, list[ComingClass]]:
    """Return by course the classes that begin in the next 90 days (four queries)."""
    rows: dict[int, list[ComingClass]] = defaultdict(list)
    for row in coming_rows(classes_of(wanted, now), reader):
        rows[row.delivery.course_id].append(row)
    return rows


def coming_rows(classes: QuerySet[Delivery], reader: User) -> list[ComingClass]:
    """Return these classes in the order of time, with links for who may open them."""
    found = list(classes)
    sessions = sessions_of(found)
    mine = visible_deliveries(reader, Action.WORK_SEE)
    opened = {one.pk for one in mine.filter(pk__in=[one.pk for one in found])}
    warnings = warnings_of(found, sessions)
    rows = [
        ComingClass(
            delivery=one,
            first=sessions[one.pk][0],
            url=one.get_absolute_url() if one.pk in opened else "",
            warning=warnings.get(one.pk, ""),
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: (row.first.starts_at, row.delivery.pk))


def warnings_of(
    classes: Iterable[Delivery], sessions: Mapping[int, list[Session]]
) -> dict[int, str]:
    """R-14: say how trainers stand who are not certified, by class (one query)."""
    led = [one for one in classes if one.trainer_id is not None]
    entries = TrainerCertification.objects.filter(
        person__in={one.trainer_id for one in led},
        course__in={one.course_id for one in led},
    )
    held = {(entry.person_id, entry.course_id): entry for entry in entries}
    found: dict[int, str] = {}
    for one in led:
        entry = held.get((one.trainer_id or 0, one.course_id))
        times = [
            SessionTimes(session.starts_at, session.ends_at, session.zone)
            for session in sessions[one.pk]
        ]
        day = last_day_in(times)
        if not is_certified(entry, day):
            found[one.pk] = standing_words(entry, day)
    return found


def classes_of(wanted: CoverageFilter, now: datetime) -> QuerySet[Delivery]:
    """Return the classes with a session in the next 90 days, narrowed as wanted."""
    near = Session.objects.between(now, now + AHEAD).order_by().values("delivery")
    found = Delivery.objects.filter(pk__in=near).exclude(state__in=OVER)
    if wanted.region is not None:
        found = found.filter(engagement__region=wanted.region)
    if wanted.practice is not None:
        found = found.filter(engagement__practice=wanted.practice)
    if wanted.language:
        found = found.filter(language__iexact=wanted.language)
    return found.select_related("trainer", "engagement__customer").order_by("pk")


def matrix_rows(
    people: Iterable[User], courses: Sequence[Course], day: date
) -> list[MatrixRow]:
    """Return the rows with their cells; one query for all of them."""
    shown = list(people)
    entries = TrainerCertification.objects.filter(person__in=shown, course__in=courses)
    by_place = {
        (entry.person_id, entry.course_id): Teacher(entry, day) for entry in entries
    }
    return [
        MatrixRow(person, [by_place.get((person.pk, one.pk)) for one in courses])
        for person in shown
    ]


def coverage_lines(
    people: Iterable[User], courses: Sequence[Course], day: date
) -> Iterator[Sequence[object]]:
    """Yield the matrix as cells of a table, its headings first."""
    titles = [course.title for course in courses]
    yield [_("Name"), _("Practice"), _("Region"), *titles]
    for row in matrix_rows(people, courses, day):
        person = row.person
        place = [person.practice or "", person.region or ""]
        cells = ["" if cell is None else cell.words for cell in row.cells]
        yield [person.display_name, *place, *cells]
