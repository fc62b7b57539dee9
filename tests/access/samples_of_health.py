"""Reports on health, and the rhythm of a dedicated engineer."""

from engagements.execution.models import HealthReport
from engagements.models import Engagement
from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.execution.health import GREEN
from tests.factories.engagements import NOW


def _engagement(cast):
    return Sample(**near_and_far(cast, lambda engagement: {"pk": engagement.pk}))


def _report(cast):
    def make(engagement):
        report = HealthReport.objects.create(
            engagement=engagement, day=NOW.date(), by=cast.actor, at=NOW, **GREEN
        )
        return {"pk": report.pk}

    return Sample(**near_and_far(cast, make))


def _dedicated(**more):
    def sample(cast):
        def make(engagement):
            Engagement.objects.filter(pk=engagement.pk).update(kind="dedicated")
            return {"pk": engagement.pk} | more

        return Sample(**near_and_far(cast, make))

    return sample


_month = _dedicated(year=2027, month=2)

SAMPLES = {
    "execution:goals-edit": _month,
    "execution:summary-edit": _dedicated(year=2027, month=2, day=5),
    "execution:hours-review": _month,
    "execution:renewal-decide": _dedicated(),
    "execution:health-list": _engagement,
    "execution:health-add": _engagement,
    "execution:health-detail": _report,
    "execution:health-mail": _report,
}
