"""Who of the demo may teach what: some courses hang on one person, some on nobody."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from psdelivery.dashboards.demo.people import Cast
from psdelivery.people.away import local_day
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from training.choices import TrainerState
from training.models import Course, TrainerCertification
from training.rules.trainers import Validity
from training.services.certifications import add_certification
from training.services.trainers import note_account

DAY = timedelta(days=1)
# So many trainers have steps of their own; in a large portal the others only teach.
WITH_STEPS = 7
# Courses, and the places of those who may teach them among the trainers.
CERTIFIED = {
    "git-basics": (0, 1, 2, 3, 4, 5),
    "ci-cd": (0, 1, 3, 5),
    "project-managers": (2, 4, 6),
    "security-essentials": (1, 6),
    "system-administration-basic": (3,),
    "innersourcing": (4,),
}
LEARNING = {"security-essentials": (0,), "duo-principles": (2, 5)}
ENDED = {"advanced-ci-cd": (1,)}
# Days until the end, by place: one asks for its renewal, others have time.
ENDS_IN = {0: 45, 1: 300, 4: 120}
OTHERS_TEACH = ("git-basics", "ci-cd")
WITHOUT_ACCOUNT = {5, 6}


def make_trainers(cast: Cast, now: datetime) -> None:
    """Say of the trainers what they teach, and who has an account."""
    trainers = cast.by_role[Role.TRAINER]
    courses = {course.key: course for course in Course.objects.all()}
    first = dict(enumerate(trainers[:WITH_STEPS]))
    for person, course, place in pairs(CERTIFIED, first, courses):
        enter(person, course, now, since=400, ends_in=ENDS_IN.get(place))
    for person, course, _place in pairs(ENDED, first, courses):
        enter(person, course, now, since=760, ends_in=-30)
    for person, course, _place in pairs(LEARNING, first, courses):
        add_certification(person, course, by=person.manager, now=now - 40 * DAY)
    note_accounts(first, now)
    name_materials(courses)
    make_others(trainers[WITH_STEPS:], courses, now)


def pairs(
    spread: Mapping[str, tuple[int, ...]],
    people: Mapping[int, User],
    courses: Mapping[str, Course],
) -> Iterator[tuple[User, Course, int]]:
    """Return person, course and place of those who are there, one by one."""
    for key, places in spread.items():
        for place in places:
            if key in courses and place in people:
                yield people[place], courses[key], place


def name_materials(courses: Mapping[str, Course]) -> None:
    """Let the courses that are taught name their slides and videos."""
    for key in CERTIFIED:
        if key in courses:
            base = f"https://materials.example/{key}"
            Course.objects.filter(key=key).update(
                slides_version="2026.3",
                slides_url=f"{base}/slides",
                video_url=f"{base}/train-the-trainer",
            )


def note_accounts(people: Mapping[int, User], now: datetime) -> None:
    """Let most of them have an account of their own."""
    for place, person in people.items():
        if place not in WITHOUT_ACCOUNT:
            note_account(person, has_account=True, by=person, now=now - 90 * DAY)


def enter(
    person: User, course: Course, now: datetime, *, since: int, ends_in: int | None
) -> None:
    """Enter a certification that was given so many days ago, by the manager."""
    given = now - since * DAY
    today = local_day(person, now)
    validity = Validity(
        certified_on=today - since * DAY,
        expires_on=None if ends_in is None else today + ends_in * DAY,
    )
    by = person.manager
    add_certification(person, course, validity=validity, by=by, now=given + DAY)


def make_others(
    people: list[User], courses: Mapping[str, Course], now: datetime
) -> None:
    """Let the other trainers of a large portal teach for good what is asked most."""
    taught = [courses[key] for key in OTHERS_TEACH if key in courses]
    TrainerCertification.objects.bulk_create(
        TrainerCertification(
            person=person,
            course=course,
            state=TrainerState.CERTIFIED,
            certified_on=now.date() - 400 * DAY,
            confirmed_by_id=person.manager_id,
            confirmed_at=now - 399 * DAY,
        )
        for person in people
        for course in taught
    )
