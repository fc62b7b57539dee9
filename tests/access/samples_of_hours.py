from datetime import date, timedelta

from psdelivery.access import Action
from scheduling.models import HoursImport, HoursPart, HoursWeek
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW

FRIDAY = date(2027, 3, 19)


def _week(cast):
    # One a week and person: the same people walk here again and again.
    later = timedelta(weeks=cast.actor.hours_weeks.count())
    own = HoursWeek.objects.create(person=cast.actor, ends_on=FRIDAY + later)
    other = HoursWeek.objects.create(person=UserFactory(), ends_on=FRIDAY)
    # However far somebody sees: a week is told by its person alone.
    return Sample(
        own={"pk": own.pk}, foreign={"pk": other.pk}, beyond=Action.ACTUALS_CONFIRM
    )


def _part(cast, engagement, person=None):
    person = person or UserFactory()
    later = timedelta(weeks=person.hours_weeks.count())
    week = HoursWeek.objects.create(person=person, ends_on=FRIDAY + later)
    return HoursPart.objects.create(week=week, engagement=engagement, state="submitted")


def _read(cast):
    """The own hours, and those of people on a foreign engagement."""
    own = _part(cast, EngagementFactory(), cast.actor)
    foreign = _part(cast, EngagementFactory())
    return Sample(
        own={"pk": own.pk}, foreign={"pk": foreign.pk}, beyond=Action.ACTUALS_SEE
    )


def _corrected(cast):
    own = _part(cast, EngagementFactory(), cast.actor)
    foreign = _part(cast, EngagementFactory())
    return Sample(
        own={"pk": own.pk}, foreign={"pk": foreign.pk}, beyond=Action.ACTUALS_APPROVE
    )


def _decided(cast):
    """Hours of others, on an own engagement and on a foreign one."""
    near = near_and_far(cast, lambda engagement: _part(cast, engagement))
    found = {name: {"pk": part.pk} for name, part in near.items()}
    return Sample(**found, needs=Action.ACTUALS_APPROVE)


def _engagement(cast):
    return Sample(**near_and_far(cast, lambda engagement: {"pk": engagement.pk}))


def _file(cast):
    found = HoursImport.objects.create(
        file_name="psa.csv", covered_until=FRIDAY, uploaded_at=NOW,
        uploaded_by=UserFactory(),
    )  # fmt: skip
    return Sample.same(pk=found.pk)


SAMPLES = {
    "scheduling:engagement-hours": _engagement,
    "scheduling:hours-import-detail": _file,
    "scheduling:hours-import-run": _file,
    "scheduling:hours-import-discard": _file,
    "scheduling:hours-part": _read,
    "scheduling:hours-approve": _decided,
    "scheduling:hours-return": _decided,
    "scheduling:hours-correct": _corrected,
    "scheduling:hours-week": _week,
    "scheduling:hours-confirm": _week,
}
