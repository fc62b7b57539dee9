"""With whom the ball is as the steps say, and how long it was with whom."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from engagements.choices import BallWith, Kind
from engagements.models import BallPeriod, Engagement
from engagements.rules.ball import (
    SAID_BY_STATUS,
    BallDays,
    Said,
    ball_days,
    day_number,
    who_must_move,
)
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step, StepQuerySet

# Whose turns are counted: all but nobody's.
PARTIES = tuple(party for party in BallWith if party is not BallWith.NOBODY)
# What says whose side must move on a step.
SIDE_FIELDS = ("contact", "owner_role", "ball_with", "ball_since", "open_since")


def first_steps() -> StepQuerySet:
    """Return the running steps that can be done now, as they fall due.

    With what says whose side must move; steps without a date wait for something else.
    """
    dated = Step.objects.running().filter(due_at__isnull=False)
    ready = dated.exclude(blockers__state=StepState.OPEN)
    return ready.only(*SIDE_FIELDS).order_by("due_at", "order", "pk")


def said_by_steps(engagement: Engagement) -> Said:
    """Return with whom the ball of running work is, as its steps say."""
    first = first_steps().filter(engagement=engagement.pk).first()
    return who_must_move(engagement.status, first)


def balls_behind(among: Collection[int] | None = None) -> list[int]:
    """Return the running engagements whose steps say something new (two queries)."""
    first = first_steps().filter(engagement=OuterRef("pk")).values("pk")[:1]
    running = Engagement.objects.exclude(status__in=SAID_BY_STATUS)
    if among is not None:
        running = running.filter(pk__in=among)
    rows = list(
        running.exclude(kind=Kind.INTERNAL)
        .annotate(first=Subquery(first))
        .order_by("pk")
        .values_list("pk", "status", "first", "ball_derived", "ball_step")
    )
    steps = Step.objects.only(*SIDE_FIELDS).in_bulk({row[2] for row in rows if row[2]})
    return [
        pk
        for pk, status, first_pk, party, step in rows
        if who_must_move(status, steps.get(first_pk)) != Said(party, step)
    ]


def ball_days_of(engagement: Engagement, now: datetime) -> BallDays:
    """Return the days by party of one engagement; no query where turns are fetched."""
    periods = engagement.ball_periods.all()
    return ball_days(periods, now=now, zone=engagement.customer.zone)


def ball_days_of_all(engagements: QuerySet[Engagement], now: datetime) -> BallDays:
    """Return the days by party of all these engagements together, in one query.

    Each day is counted on the calendar of the engagement's customer, where it may be
    tomorrow already: so the rows come by zone.
    """
    rows = (
        BallPeriod.objects.filter(engagement__in=engagements.order_by().values("pk"))
        .order_by()
        .values_list("party", "engagement__customer__zone")
        .annotate(
            began=Sum("first_day"),
            ended=Sum(Coalesce("end_day", 0)),
            running=Count("pk", filter=Q(until=None)),
        )
    )
    total: Counter[str] = Counter()
    found = list(rows)
    today = {zone: day_number(now, zone) for zone in {row[1] for row in found}}
    for party, zone, began, ended, running in found:
        total[party] += ended + running * today[zone] - began
    return BallDays(dict(total))


def had_ball(party: str) -> Exists:
    """Return the condition: the party had the ball of the engagement, or has it."""
    turns = BallPeriod.objects.filter(engagement=OuterRef("pk"), party=party)
    return Exists(turns.filter(Q(until=None) | Q(end_day__gt=F("first_day"))))


def with_ball_days(
    engagements: QuerySet[Engagement], party: str, now: datetime
) -> QuerySet[Engagement]:
    """Annotate `days_with`, the days of a party until now, on the world's calendar.

    For the order of a list; `days_shown` counts them on each customer's own.
    """
    today = day_number(now, "UTC")
    days = Coalesce("end_day", today) - F("first_day")
    turns = BallPeriod.objects.filter(engagement=OuterRef("pk"), party=party)
    summed = turns.order_by().values("engagement").annotate(n=Sum(days)).values("n")
    return engagements.annotate(
        days_with=Subquery(summed, output_field=IntegerField()),
        days_of=Value(party),
    )


def days_shown(engagement: Any, now: datetime) -> int | None:
    """Return the days of a row of `with_ball_days`, as its customer counts them.

    None for a row that was not asked for them.
    """
    days: int | None = getattr(engagement, "days_with", None)
    if days is None or engagement.ball_with != engagement.days_of:
        return days
    zone = engagement.customer.zone
    return days + day_number(now, zone) - day_number(now, "UTC")
