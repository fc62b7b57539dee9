"""Save the report on health and status (R-9), and tick the step of its week."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.execution.burn_down import burn_down_for
from engagements.execution.models import HealthReport
from engagements.execution.rules.health import (
    COLOURS,
    last_day_of_week,
    missing_for_report,
    reasons_against_reporting,
    version_after,
)
from engagements.execution.rules.health_draft import told_hours
from engagements.execution.services.periods import is_due_by, tick_periods
from engagements.models import Engagement
from psdelivery.history.services import record
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import DRAFT_STATES
from psdelivery.outbox.services.drafting import prepare_draft
from psdelivery.people.models import User
from psdelivery.people.moments import day_text, local_day
from psdelivery.registry import Reason, refuse

STATUS_STEP = "weekly-status"
# Mail that never left: another one may be written.
AGAIN = frozenset({State.CANCELLED, State.FAILED})


@transaction.atomic
def save_report(
    engagement: Engagement,
    values: Mapping[str, Any],
    *,
    seen: int = 0,
    by: User,
    now: datetime,
) -> HealthReport:
    """Save a report of today, on the calendar of who writes it; the step is ticked.

    R-9: the second of a day is a new version of the first. `seen` is the version of
    today that the writer began from. Raises RuleRefused where reason or path to green
    is missing, where there is nothing to report, and where somebody else has written
    meanwhile.
    """
    # Two who write on one day wait for each other here.
    locked = Engagement.objects.select_for_update(of=("self",))
    engagement = locked.select_related("paper", "customer").get(pk=engagement.pk)
    refuse(reasons_against_reporting(engagement.kind, engagement.status))
    refuse(missing_in(values))
    day = local_day(now, by.zone)
    ours = HealthReport.objects.filter(engagement=engagement, day=day)
    latest = ours.filter(is_latest=True).select_related("by").first()
    refuse(reasons_of_newer(latest, seen))
    ours.update(is_latest=False)
    report = HealthReport.objects.create(
        engagement=engagement,
        day=day,
        version=version_after(ours.values_list("version", flat=True)),
        hours=told_hours(burn_down_for(engagement, day)),
        by=by,
        at=now,
        **values,
    )
    tell(report, by=by, now=now)
    tick_week(report, by=by, now=now)
    return report


def missing_in(values: Mapping[str, Any]) -> list[Reason]:
    """Return what lacks; each reason names its field."""
    colours = {name: values[name] for name in COLOURS}
    why, way = values.get("reason", ""), values.get("path_to_green", "")
    return missing_for_report(colours, why, way)


def reasons_of_newer(latest: HealthReport | None, seen: int) -> list[Reason]:
    """R-9: refuse a version that would come after one that its writer has not seen."""
    if latest is None or latest.version <= seen:
        return []
    sentence = _(
        "Meanwhile %(person)s has written version %(version)d of today. Look at it, "
        "then save yours as the next one."
    ) % {"person": latest.by, "version": latest.version}
    url = latest.get_absolute_url()
    return [Reason("newer", sentence, url, _("Open it"))]


def tell(report: HealthReport, *, by: User, now: datetime) -> None:
    """Write into the history how the colours changed since the report before."""
    earlier = HealthReport.objects.filter(engagement=report.engagement_id)
    before = earlier.exclude(pk=report.pk).order_by("-day", "-version").first()
    changes = {
        name: [getattr(before, name, None), getattr(report, name)]
        for name in COLOURS
        if before is None or getattr(before, name) != getattr(report, name)
    }
    record(
        "health-reported",
        by=by,
        subject=report,
        engagement=report.engagement,
        changes=changes,
        reason=report.reason,
        now=now,
    )


def tick_week(report: HealthReport, *, by: User, now: datetime) -> None:
    """Tick the step of the report's week, and what was left open before it."""
    note = _("Report of %(day)s: %(colour)s.") % {
        "day": day_text(report.day),
        "colour": report.get_overall_display(),
    }
    is_meant = is_due_by(last_day_of_week(report.day))
    tick_periods(report.engagement, STATUS_STEP, is_meant, note, by=by, now=now)


@transaction.atomic
def prepare_report_mail(report: HealthReport, *, by: User, now: datetime) -> Message:
    """Write the customer's mail about a report, to be checked and sent by a click.

    Raises RuleRefused where the mail is sent already or on its way, and for a report
    that a newer version has replaced.
    """
    rows = HealthReport.objects.select_for_update(of=("self",))
    report = rows.select_related("message").get(pk=report.pk)
    refuse(reasons_against_mail(report))
    report.message = prepare_draft("health-report", report, by=by, now=now)
    report.save(update_fields=["message"])
    return report.message


def reasons_against_mail(report: HealthReport) -> list[Reason]:
    """R-9: return why a report is not mailed (again)."""
    if not report.is_latest:
        return [Reason("newer", _("There is a newer version: mail that one."))]
    message = report.message
    if message is None or message.state in {*DRAFT_STATES, *AGAIN}:
        return []
    sentence = _("The mail of this report is %(state)s.")
    words = {"state": message.get_state_display()}
    url = message.get_absolute_url()
    return [Reason("mailed", sentence % words, url, _("Open the mail"))]
