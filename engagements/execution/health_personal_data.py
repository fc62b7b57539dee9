"""Which reports somebody wrote, for them to have."""

from typing import Any

from engagements.execution.models import (
    HealthReport,
    HoursReview,
    RenewalDecision,
    WeeklySummary,
)
from psdelivery.people.models import User
from psdelivery.people.personal_data import register_personal_data, rows

TITLE = "engagement__title"


def reports_of(person: User) -> dict[str, list[dict[str, Any]]]:
    """Return reports, summaries, reviews and decisions of a person, and of when."""
    reports = HealthReport.objects.filter(by=person)
    summaries = WeeklySummary.objects.filter(by=person)
    reviews = HoursReview.objects.filter(by=person)
    decisions = RenewalDecision.objects.filter(by=person)
    return {
        "health": rows(reports.values(TITLE, "day", "version", "at")),
        "weeks": rows(summaries.values(TITLE, "ends_on", "at")),
        "hours_reviews": rows(reviews.values(TITLE, "month", "at")),
        "renewals": rows(decisions.values(TITLE, "decision", "at")),
    }


def register_health_data() -> None:
    """Tell what reports hold on people."""
    register_personal_data(User, "reports", reports_of)
