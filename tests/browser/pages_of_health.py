"""Every page of health and of the dedicated rhythm, with who may open it."""

from datetime import timedelta

from engagements.execution.models import HealthReport
from psdelivery.people.choices import Role
from tests.execution.health import GREEN, YELLOW
from tests.factories.engagements import NOW

OPENED_BY_COORDINATOR = [
    "execution:health-list",
    "execution:health-add",
    "execution:health-detail",
]
NO_PAGES = ["execution:health-mail"]


def health_arguments(office):
    """What the addresses with an object need; made where the office has none."""
    active, pm = office.active, office[Role.PM]
    report = active.health_reports.first() or reports_of(active, pm)
    return {
        "execution:health-list": {"pk": active.pk},
        "execution:health-add": {"pk": active.pk},
        "execution:health-detail": {"pk": report.pk},
    }


def reports_of(engagement, pm):
    """Two weeks: green, then yellow with its reason."""
    made = {"engagement": engagement, "by": pm, "at": NOW}
    before = NOW.date() - timedelta(weeks=2)
    HealthReport.objects.create(**made, day=before, **GREEN)
    texts = {"done": "The plan\nThe access", "internal_note": "They are nervous"}
    return HealthReport.objects.create(**made, day=NOW.date(), **YELLOW, **texts)
