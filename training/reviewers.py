"""R-13: read who could review: what waits for them, and when they are free."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Q

from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from scheduling.capacity_facts import Span, capacities
from scheduling.choices import DayOff
from scheduling.models import CapacityDay
from training.certification_queries import waiting_submissions
from training.choices import TrainerState
from training.models import Delivery, Submission, TrainerCertification
from training.queries import trainers
from training.rules.reviewers import (
    ONE_DAY,
    Asked,
    Candidate,
    Choice,
    Diary,
    Forecast,
    choose_reviewer,
    diary_of,
    expected_breaches,
)
from training.services.checklists import INDEPENDENT_SETTING

MINUTES_SETTING = "certification.review_minutes"
# 168 hours.
REVIEW_TIME = timedelta(hours=168)
# So far after a deadline it is said until when somebody is away.
BEYOND = timedelta(days=35)
# Free hours of a day, and why there are none (`DayOff`).
Day = tuple[Decimal, str]


@dataclass(frozen=True)
class ReviewSettings:
    """What managers set about reviews."""

    each: timedelta
    is_independent: bool


def review_settings() -> ReviewSettings:
    """Return how long a review takes, and whether reviews are independent."""
    settings = portal_settings()
    minutes = timedelta(minutes=settings[MINUTES_SETTING])
    return ReviewSettings(minutes, settings[INDEPENDENT_SETTING])


def certified_for(
    courses: Iterable[int | None], day: date
) -> dict[int, frozenset[int]]:
    """R-14: return, by person, for which of the courses they are certified on a day."""
    rows = TrainerCertification.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=day),
        course__in=set(courses),
        state=TrainerState.CERTIFIED,
        person__in=trainers().order_by().values("pk"),
    )
    found: dict[int, set[int]] = defaultdict(set)
    for person_id, course_id in rows.order_by().values_list("person_id", "course_id"):
        found[person_id].add(course_id)
    return {person_id: frozenset(held) for person_id, held in found.items()}


def diaries_of(
    people: Collection[User], now: datetime, until: datetime
) -> dict[int, Diary]:
    """Return when each person is free to review before a moment, and when away.

    One query where the days of all are known, three more where they are not: nobody
    has looked at those days yet, so nothing is booked on them.
    """
    span = Span(now.date() - ONE_DAY, until.date() + BEYOND)
    known = _known_days(people, span)
    unknown = [one for one in people if len(known[one.pk]) < len(span.days)]
    if unknown:
        for person_id, days in capacities(unknown, span).items():
            fresh = {day: (found.hours, found.off) for day, found in days.items()}
            known[person_id] = fresh | known[person_id]
    return {one.pk: _diary(known[one.pk], one.zone) for one in people}


def _known_days(people: Collection[User], span: Span) -> dict[int, dict[date, Day]]:
    rows = CapacityDay.objects.filter(
        person__in=people, day__range=(span.first, span.last)
    )
    known: dict[int, dict[date, Day]] = {person.pk: {} for person in people}
    for person_id, day, capacity, hard, off in rows.order_by().values_list(
        "person_id", "day", "capacity", "hard", "off"
    ):
        known[person_id][day] = max(capacity - hard, Decimal(0)), off
    return known


def _diary(days: Mapping[date, Day], zone: str) -> Diary:
    hours = {day: free for day, (free, _off) in days.items() if free}
    away = [day for day, (_free, off) in days.items() if off == DayOff.AWAY]
    return diary_of(hours, away, zone)


def queues_of(
    people: Iterable[User], now: datetime
) -> dict[int, list[tuple[int, datetime]]]:
    """Return what waits for each person as (submission, until when), the first first.

    One query; what others may not see counts too.
    """
    mine = Submission.objects.filter(reviewer__in=list(people))
    rows = waiting_submissions(mine, now).values_list("reviewer_id", "pk", "first_at")
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for reviewer_id, pk, first_at in rows:
        if first_at is not None:
            found[reviewer_id].append((pk, first_at))
    return found


def forecasts_for(
    reviewers: Collection[User], now: datetime, each: timedelta | None = None
) -> dict[int, Forecast]:
    """R-13: return, by submission, which reviews of these people will not be in time.

    Two queries where the days of all are known, and the settings unless `each`, the
    time of a review, is given.
    """
    queues = queues_of(reviewers, now)
    ends = [until for queue in queues.values() for _pk, until in queue]
    if not ends:
        return {}
    time = each or review_settings().each
    busy = [one for one in reviewers if one.pk in queues]
    diaries = diaries_of(busy, now, max(ends))
    found: dict[int, Forecast] = {}
    for one in busy:
        queue = queues[one.pk]
        found |= expected_breaches(queue, diaries[one.pk], each=time, now=now)
    return found


@dataclass
class Bench:
    """Who could review the submissions of some classes, with what they have to do.

    Each choice is noted, so that sixty at once are given out by load.
    """

    deliveries: Collection[Delivery]
    until: datetime
    now: datetime
    settings: ReviewSettings = field(default_factory=review_settings)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The trainers of the classes, and who is certified for their courses."""
        certified = certified_for(
            [one.course_id for one in self.deliveries], self.until.date()
        )
        teaching = {one.trainer_id for one in self.deliveries} - {None}
        people = list(
            User.objects.active().filter(pk__in={*certified, *teaching}).order_by("pk")
        )
        queues = queues_of(people, self.now)
        ends = [until for queue in queues.values() for _pk, until in queue]
        diaries = diaries_of(people, self.now, max([self.until, *ends]))
        return [
            self._candidate(
                one, diaries[one.pk], queues.get(one.pk, []), certified.get(one.pk)
            )
            for one in people
        ]

    def _candidate(
        self,
        person: User,
        diary: Diary,
        queue: list[tuple[int, datetime]],
        certified: frozenset[int] | None,
    ) -> Candidate:
        found = Candidate(
            person_id=person.pk,
            name=person.display_name,
            diary=diary,
            certified_for=certified or frozenset(),
        )
        found.queue = [found.due(until, self.now) for _pk, until in queue]
        return found

    def choose(self, delivery: Delivery, until: datetime) -> Choice:
        """R-13: return who reviews a submission of a class, and note it."""
        asked = Asked(
            course_id=delivery.course_id,
            until=until,
            trainer_id=delivery.trainer_id,
            is_independent=self.settings.is_independent,
            each=self.settings.each,
        )
        choice = choose_reviewer(self.candidates, asked, now=self.now)
        self.give(choice.person_id, until)
        return choice

    def give(self, person_id: int | None, until: datetime) -> None:
        """Note that somebody has one more review to do."""
        for one in self.candidates:
            if one.person_id == person_id:
                one.take(one.due(until, self.now))

    def withdraw(self, person_id: int | None, until: datetime) -> None:
        """Note that somebody has one review less: it is given out anew."""
        for one in self.candidates:
            if one.person_id == person_id:
                due = next((due for due in one.queue if due.until == until), None)
                if due is not None:
                    one.queue.remove(due)
