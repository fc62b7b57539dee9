"""Reports on health, and the rhythm of a dedicated engineer."""

from engagements.choices import Status
from engagements.models import Engagement
from tests.execution.health import YELLOW
from tests.fuzz.bodies import Body, always, at


def active(name):
    """The address of a view of the engagement, which is at work."""
    address = at(name, "consulting")

    def make(world, client=None):
        work = Engagement.objects.filter(pk=world.consulting.pk)
        work.update(status=Status.ACTIVE)
        return address(world)

    return make


REPORT = YELLOW | {
    "summary": "On its way",
    "done": "One\nTwo",
    "coming": "Three",
    "actions": "Ada: access",
    "risks": "High: vendor",
    "absences": "Nobody",
    "internal_note": "They are nervous",
    "seen": "0",
}

HEALTH = {
    "execution:health-add": Body(active("execution:health-add"), always(**REPORT)),
}
