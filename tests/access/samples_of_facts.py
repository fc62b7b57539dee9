"""Conflicts that facts opened, and extra days."""

from datetime import date, timedelta

from psdelivery.access import Action
from scheduling.models import ConflictCase, ExtraDay
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW

DAY = date(2027, 3, 20)


def _conflict(cast):
    def make(engagement):
        return ConflictCase.objects.create(
            person=UserFactory(),
            engagement=engagement,
            cause="hours",
            starts_on=DAY,
            ends_on=DAY,
            opened_at=NOW,
        )

    near = near_and_far(cast, make)
    return Sample(**{name: {"pk": found.pk} for name, found in near.items()})


def _extra_day(cast, person):
    # One a day and person: the same people walk here again and again.
    day = DAY + timedelta(days=person.extra_days.count())
    return ExtraDay.objects.create(
        person=person,
        engagement=EngagementFactory(),
        day=day,
        hours=4,
        kind="weekend",
        reason="Go-live",
        asked_by=UserFactory(),
        asked_at=NOW,
    )


def _seen(cast):
    return _beyond(cast, Action.ENGAGEMENT_SEE)


def _consented(cast):
    # Whoever I am, I cannot agree for somebody else.
    return _beyond(cast, Action.MY_DAY)


def _declined(cast):
    return _beyond(cast, Action.TIME_OFF_APPROVE)


def _beyond(cast, action):
    own, foreign = _extra_day(cast, cast.actor), _extra_day(cast, UserFactory())
    return Sample(own={"pk": own.pk}, foreign={"pk": foreign.pk}, beyond=action)


def _granted(cast):
    """Those of my reports and of others: nobody grants an extra day to themselves."""
    report = _extra_day(cast, UserFactory(manager=cast.actor))
    foreign = _extra_day(cast, UserFactory())
    return Sample(
        own={"pk": report.pk},
        foreign={"pk": foreign.pk},
        needs=Action.TIME_OFF_APPROVE,
    )


SAMPLES = {
    "scheduling:conflict-detail": _conflict,
    "scheduling:conflict-stand-in": _conflict,
    "scheduling:conflict-shift": _conflict,
    "scheduling:conflict-release": _conflict,
    "scheduling:extra-day-detail": _seen,
    "scheduling:extra-day-grant": _granted,
    "scheduling:extra-day-consent": _consented,
    "scheduling:extra-day-decline": _declined,
}
