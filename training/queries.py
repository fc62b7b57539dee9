"""Reads of classes and submissions that need more than a queryset method."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol, TypeVar

from django.db.models import (
    BooleanField,
    DateTimeField,
    ExpressionWrapper,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from engagements.choices import Status
from engagements.models import Engagement
from psdelivery.calendars import end_of_day
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Checklist, Step, StepQuerySet
from training.choices import DeliveryState, StepKey
from training.models import Course, Delivery, Session, Submission
from training.rules.classes import LinkState, link_state
from training.rules.countdown import COUNTDOWN_KEYS, Mark, countdown
from training.rules.meetings import has_registration

ONE_DAY = timedelta(days=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
UPCOMING = "upcoming"
PAST = "past"
EVERY = "all"


class OfClass(Protocol):
    """A record that belongs to a class."""

    delivery_id: int


T = TypeVar("T", bound=OfClass)


@dataclass(frozen=True)
class DeliveryFilter:
    """What the list of classes is narrowed to; empty means every coming one."""

    text: str = ""
    when: str = UPCOMING
    state: str = ""
    course_id: int | None = None
    trainer_id: int | None = None
    since: date | None = None
    until: date | None = None


def with_dates(deliveries: QuerySet[Delivery]) -> QuerySet[Any]:
    """Annotate `first_start` and `last_end` from the sessions of each class."""
    sessions = Session.objects.filter(delivery=OuterRef("pk")).order_by()
    grouped = sessions.values("delivery")
    first = grouped.annotate(at=Min("starts_at")).values("at")
    last = grouped.annotate(at=Max("ends_at")).values("at")
    return deliveries.annotate(
        first_start=Subquery(first, output_field=DateTimeField()),
        last_end=Subquery(last, output_field=DateTimeField()),
    )


def deliveries_matching(
    deliveries: QuerySet[Delivery],
    wanted: DeliveryFilter,
    *,
    zone: str,
    now: datetime,
) -> QuerySet[Delivery]:
    """Narrow classes to what the list was asked for; days are those of the zone.

    Coming means: not over, not called off, and the engagement is not cancelled.
    """
    found = with_dates(deliveries)
    for word in wanted.text.split():
        found = found.filter(
            Q(title__icontains=word) | Q(engagement__customer__name__icontains=word)
        )
    exact = {
        "state": wanted.state,
        "course": wanted.course_id,
        "trainer": wanted.trainer_id,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    return between(when(found, wanted, now), wanted, zone)


def when(
    deliveries: QuerySet[Any], wanted: DeliveryFilter, now: datetime
) -> QuerySet[Any]:
    """Keep the classes that are to come, or those that are over, or all."""
    if wanted.when == EVERY:
        return deliveries
    if wanted.when == PAST:
        return deliveries.filter(last_end__lt=now)
    # Looked for among the sessions, so that the past is not read with it.
    to_come = Session.objects.filter(ends_at__gte=now).order_by()
    coming = deliveries.filter(pk__in=to_come.values("delivery"))
    if wanted.state != DeliveryState.CANCELLED:
        coming = coming.exclude(state=DeliveryState.CANCELLED)
    return coming.exclude(engagement__status=Status.CANCELLED)


def between(
    deliveries: QuerySet[Any], wanted: DeliveryFilter, zone: str
) -> QuerySet[Any]:
    """Keep the classes that begin in the span of days, both ends included."""
    if wanted.since is not None:
        begin = end_of_day(wanted.since - ONE_DAY, zone)
        deliveries = deliveries.filter(first_start__gte=begin)
    if wanted.until is not None:
        deliveries = deliveries.filter(first_start__lt=end_of_day(wanted.until, zone))
    return deliveries


def steps_of_classes(deliveries: Iterable[Delivery]) -> StepQuerySet:
    """Return the steps of these classes, those of their sessions included.

    The checklists are found first, by their own indexes: a condition over both
    tables would read every step there is.
    """
    own = [delivery.checklist_id for delivery in deliveries]
    lists = Checklist.objects.filter(Q(pk__in=own) | Q(parent__in=own)).order_by()
    return Step.objects.filter(checklist__in=lists.values("pk"))


def next_step_of(deliveries: Sequence[Delivery]) -> dict[int, Step]:
    """Return, by class, the open step that is due first (two queries for all)."""
    classes = {delivery.checklist_id: delivery.pk for delivery in deliveries}
    dated = steps_of_classes(deliveries).open().filter(due_at__isnull=False)
    first: dict[int, int] = {}
    for pk, checklist, parent in dated.order_by("due_at", "pk").values_list(
        "pk", "checklist", "checklist__parent"
    ):
        first.setdefault(classes.get(checklist) or classes[parent], pk)
    steps = Step.objects.in_bulk(first.values())
    return {delivery: steps[pk] for delivery, pk in first.items()}


def steps_by_key(
    deliveries: Iterable[Delivery], keys: Iterable[str]
) -> dict[int | None, dict[str, Step]]:
    """Return, by checklist, the named steps of the classes themselves (one query)."""
    lists = [delivery.checklist_id for delivery in deliveries]
    found: dict[int | None, list[Step]] = {}
    named = Step.objects.filter(checklist__in=lists, key__in=list(keys))
    for step in named.defer("instructions"):
        found.setdefault(step.checklist_id, []).append(step)
    return {checklist: newest_by_key(steps) for checklist, steps in found.items()}


def newest_by_key(steps: Iterable[Step]) -> dict[str, Step]:
    """Return of each key the step that counts: the last re-send that stands (R-20)."""
    in_order = sorted(
        steps, key=lambda one: (one.state != StepState.CANCELLED, one.again, one.pk)
    )
    return {step.key: step for step in in_order}


@dataclass(frozen=True)
class ClassRow:
    """A class as lists show it: dates, link, what is next, and its countdown."""

    delivery: Delivery
    sessions: list[Session]
    next_step: Step | None
    link: LinkState
    marks: list[Mark]


def class_rows(deliveries: Sequence[Delivery], *, now: datetime) -> list[ClassRow]:
    """Return rows for these classes; the same queries however many there are."""
    next_steps = next_step_of(deliveries)
    steps = steps_by_key(deliveries, COUNTDOWN_KEYS)
    sessions = sessions_of(deliveries)
    return [
        class_row(
            delivery,
            sessions.get(delivery.pk, []),
            next_steps.get(delivery.pk),
            steps.get(delivery.checklist_id, {}),
            now,
        )
        for delivery in deliveries
    ]


def class_row(
    delivery: Delivery,
    sessions: list[Session],
    next_step: Step | None,
    steps: Mapping[str, Step],
    now: datetime,
) -> ClassRow:
    """Put together what is known of one class."""
    now = lateness_from(delivery, now)
    return ClassRow(
        delivery=delivery,
        sessions=sessions,
        next_step=next_step,
        link=link_state(
            steps.get(StepKey.REGISTRATION_LINK),
            has_link=has_registration(delivery, sessions),
            now=now,
        ),
        marks=countdown(steps, sessions, now=now),
    )


def lateness_from(delivery: Delivery, now: datetime) -> datetime:
    """Return the moment by which lateness counts: nothing is late while on hold."""
    return LONG_AGO if delivery.engagement.is_paused else now


def sessions_of(deliveries: Iterable[Delivery]) -> dict[int, list[Session]]:
    """Return the sessions by class, in the order of time (one query)."""
    return by_class(Session.objects.filter(delivery__in=list(deliveries)))


def by_class(records: Iterable[T]) -> dict[int, list[T]]:
    """Return records by the class that they belong to, in their order."""
    found: dict[int, list[T]] = {}
    for record in records:
        found.setdefault(record.delivery_id, []).append(record)
    return found


def open_steps_of(delivery: Delivery) -> dict[int, Step]:
    """Return the open steps of a class and its parts by id."""
    steps = steps_of_classes([delivery]).open().order_by("due_at", "pk")
    return {step.pk: step for step in steps.defer("instructions")}


def trainers() -> QuerySet[User]:
    """Return the people who may teach and review: trainers and engineers."""
    return User.objects.active().with_role(Role.TRAINER, Role.PSE)


def trainers_of(deliveries: QuerySet[Delivery]) -> QuerySet[User]:
    """Return who teaches these classes, for the filter of the list."""
    teaching = deliveries.order_by().values("trainer")
    return User.objects.filter(pk__in=teaching)


def courses_of(deliveries: QuerySet[Delivery]) -> QuerySet[Course]:
    """Return the courses of these classes, for the filter of the list."""
    return Course.objects.filter(pk__in=deliveries.order_by().values("course"))


def active_courses(engagement: Engagement) -> tuple[list[Course], list[Course]]:
    """Return the courses on offer: those sold with the engagement, and the others."""
    offered = engagement.offerings.filter(course__isnull=False)
    sold = set(offered.values_list("course", flat=True))
    courses = list(Course.objects.filter(is_active=True))
    return (
        [course for course in courses if course.pk in sold],
        [course for course in courses if course.pk not in sold],
    )


def courses_in_order() -> QuerySet[Any]:
    """Return all courses; `is_off` lets those no longer offered stand last."""
    is_off = ExpressionWrapper(Q(is_active=False), output_field=BooleanField())
    return Course.objects.annotate(is_off=is_off)


def with_review(submissions: QuerySet[Submission]) -> QuerySet[Any]:
    """Annotate the deadline of the review: `due_at` and `due_zone` of its step."""
    review = Step.objects.filter(
        checklist=OuterRef("checklist"), key=StepKey.CERTIFICATION_REVIEW
    )
    return submissions.select_related(
        "delivery__course", "delivery__engagement__customer", "reviewer"
    ).annotate(
        due_at=Subquery(review.values("due_at")[:1]),
        due_zone=Subquery(review.values("due_zone")[:1]),
    )
