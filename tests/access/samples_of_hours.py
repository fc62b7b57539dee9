from datetime import date, timedelta

from psdelivery.access import Action
from scheduling.models import HoursWeek
from tests.access.sample import Sample
from tests.factories.people import UserFactory

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


SAMPLES = {
    "scheduling:hours-week": _week,
    "scheduling:hours-confirm": _week,
}
