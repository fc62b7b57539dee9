"""Every page of health and of the dedicated rhythm, with who may open it."""

from datetime import timedelta

from engagements.execution.models import HealthReport, MonthlyGoal
from engagements.models import Engagement
from psdelivery.people.choices import Role
from tests.execution.health import GREEN, YELLOW
from tests.factories.engagements import NOW, EngagementFactory

OPENED_BY_COORDINATOR = [
    "execution:health-list",
    "execution:health-add",
    "execution:health-detail",
    "execution:goals-edit",
    "execution:summary-edit",
    "execution:hours-review",
    "execution:renewal-decide",
]
NO_PAGES = ["execution:health-mail"]


def health_arguments(office):
    """What the addresses with an object need; made where the office has none."""
    active, pm = office.active, office[Role.PM]
    report = active.health_reports.first() or reports_of(active, pm)
    month = {"pk": dedicated_of(active, pm).pk, "year": 2027, "month": 3}
    return {
        "execution:goals-edit": month,
        "execution:summary-edit": month | {"day": 5},
        "execution:hours-review": month,
        "execution:renewal-decide": {"pk": month["pk"]},
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


def dedicated_of(engagement, pm):
    """The time of a dedicated engineer for the same customer, with goals."""
    found = Engagement.objects.filter(kind="dedicated").first()
    if found is not None:
        return found
    made = EngagementFactory(
        kind="dedicated", active=True, customer=engagement.customer
    )
    for n in range(3):
        MonthlyGoal.objects.create(
            engagement=made, month="2027-02-01", text=f"Goal {n}", measure="Seen"
        )
    return made
