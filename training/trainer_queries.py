"""Reads about trainers: certifications, accounts, and what a class asks of them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from psdelivery.people.models import User
from psdelivery.registry import Reason
from training.choices import DeliveryState
from training.models import (
    Course,
    Delivery,
    Session,
    TrainerCertification,
    TrainerProfile,
)
from training.rules.times import SessionTimes
from training.rules.trainers import (
    ORDER,
    Standing,
    standing_of,
    standing_words,
    warnings_of_trainer,
)

OVER = (DeliveryState.CANCELLED, DeliveryState.HELD)


def certifications() -> QuerySet[TrainerCertification]:
    """Return the entries with what rules and pages ask of them."""
    return TrainerCertification.objects.select_related(
        "course", "person__manager", "person__region", "person__practice__manager",
        "confirmed_by", "checklist",
    )  # fmt: skip


def certification_of(
    person: User | None, course: Course
) -> TrainerCertification | None:
    """Return somebody's entry for a course, None where there is none."""
    if person is None:
        return None
    return TrainerCertification.objects.filter(person=person, course=course).first()


def has_account(person: User) -> bool:
    """Tell whether somebody confirmed to have an own demo-cloud account."""
    rows = TrainerProfile.objects.filter(person=person, has_demo_account=True)
    return rows.exists()


def last_day_in(times: Iterable[SessionTimes]) -> date:
    """Return the day of the last of these sessions, on its own clock."""
    return max(times, key=lambda item: item.ends_at).day


def last_day_of(delivery: Delivery) -> date:
    """Return the day of a class's last session; of one without, the day it was made."""
    last = Session.objects.filter(delivery=delivery).order_by("-ends_at").first()
    if last is None:
        return delivery.created_at.date()
    return SessionTimes(last.starts_at, last.ends_at, last.zone).day


def trainer_facts(delivery: Delivery, last_day: date | None = None) -> dict[str, bool]:
    """R-14: return what a class lacks in its trainer; of nobody nothing is asked.

    `last_day` is that of the last session, where these are not saved yet.
    """
    trainer = delivery.trainer
    if trainer is None:
        return {"trainer_uncertified": False, "trainer_without_account": False}
    warnings = warnings_for(delivery.course, trainer, last_day or last_day_of(delivery))
    return {
        "trainer_uncertified": bool(warnings),
        "trainer_without_account": not has_account(trainer),
    }


def warnings_for(course: Course, trainer: User | None, last_day: date) -> list[Reason]:
    """R-14: return the warning about this trainer for a class that ends on this day."""
    found = certification_of(trainer, course)
    return warnings_of_trainer(trainer, course, found, last_day)


def classes_to_come(
    person: User, now: datetime, course: Course | None = None
) -> QuerySet[Delivery]:
    """Return the classes that somebody teaches and that are not over yet."""
    coming = Session.objects.filter(ends_at__gte=now).order_by().values("delivery")
    classes = Delivery.objects.filter(trainer=person, pk__in=coming)
    if course is not None:
        classes = classes.filter(course=course)
    return classes.exclude(state__in=OVER).select_related(
        "course", "trainer", "checklist", "engagement__customer",
        "engagement__region", "engagement__practice__manager",
    )  # fmt: skip


class Standings:
    """How many people stand to a course on a day; two queries however many they are."""

    def __init__(self, people: Iterable[User], course: Course, day: date) -> None:
        self.day = day
        self.people = list(people)
        rows = TrainerCertification.objects.filter(course=course)
        self._found = {row.person_id: row for row in rows}

    def of(self, person: User) -> Standing:
        """Return how one of them stands."""
        return standing_of(self._found.get(person.pk), self.day)

    def words(self, person: User) -> str:
        """Say how one of them stands."""
        return standing_words(self._found.get(person.pk), self.day)

    def ordered(self) -> Sequence[User]:
        """Return them, the certified first; among equals the order they had."""
        return sorted(self.people, key=lambda person: ORDER[self.of(person)])


def day_for(person: User, now: datetime) -> date:
    """Return the day that it is for somebody."""
    return now.astimezone(ZoneInfo(person.zone)).date()
