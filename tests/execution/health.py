"""Engagements with a weekly rhythm, hours and reports, for the tests of health."""

from datetime import UTC, date, datetime
from decimal import Decimal

from engagements.choices import Status
from engagements.execution.models import HealthReport
from engagements.models import Engagement
from engagements.registry import facts
from engagements.rules.hours import WeekOfHours, WorkedHours
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.services.checklists import set_anchor
from tests.factories.engagements import registered
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks

# A Tuesday; the kickoff was the day before.
NOW = datetime(2027, 2, 9, 9, 0, tzinfo=UTC)
KICKOFF = date(2027, 2, 8)
GREEN = dict.fromkeys(("overall", "schedule", "scope", "budget", "client"), "green")
YELLOW = GREEN | {
    "overall": "yellow",
    "schedule": "yellow",
    "reason": "The firewall is late.",
    "path_to_green": "Acme opens it by Friday.",
}


def rolling(*, kind="consulting", hours=Decimal(200), team=(), now=NOW, **fields):
    """An active engagement whose kickoff was on Monday, with its PM as `pm`."""
    ship_playbooks()
    pm = UserFactory(
        username="paula",
        first_name="Paula",
        last_name="Manager",
        roles=[Role.PM],
        zone="Europe/Berlin",
        country="DE",
    )
    engagement = registered(
        title="Rollout",
        kind=kind,
        hours=hours,
        team=[(EngagementRole.PM, pm), *team],
        now=now,
        by=pm,
        **fields,
    )
    day = fields.get("wished_start") or KICKOFF
    anchor = "planned_start" if kind == "dedicated" else "kickoff"
    set_anchor(engagement.checklist, anchor, day, by=pm, now=now)
    Engagement.objects.filter(pk=engagement.pk).update(
        status=Status.ACTIVE, status_since=now
    )
    engagement.refresh_from_db()
    engagement.pm = pm
    return engagement


def weeks(*rows, first=date(2027, 2, 12)):
    """Hours of weeks one after the other: (planned, worked) each."""
    ends = [date.fromordinal(first.toordinal() + 7 * n) for n in range(len(rows))]
    return WorkedHours(
        tuple(
            WeekOfHours(end, planned=Decimal(planned), approved=Decimal(worked))
            for end, (planned, worked) in zip(ends, rows, strict=True)
        )
    )


def tell_hours(monkeypatch, hours):
    """Let the facts tell these hours, as the schedule would."""
    monkeypatch.setitem(facts._by_type, WorkedHours, lambda engagement: hours)


def reported(engagement, day, version=1, **values):
    """A report as it stands in the database."""
    return HealthReport.objects.create(
        engagement=engagement,
        day=day,
        version=version,
        by=values.pop("by", None) or engagement.pm,
        at=NOW,
        **(GREEN | values),
    )
