"""The tab "Health & hours": past weeks as a strip, the newest report, the burn-down."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from engagements.access import Rights, rights_of
from engagements.execution.burn_down import burn_down_for
from engagements.execution.burn_down_chart import chart_of
from engagements.execution.choices import Health
from engagements.execution.models import HealthReport
from engagements.execution.rules.health import (
    COLOURS,
    REPORTED_STATUSES,
    last_day_of_week,
    reasons_against_reporting,
)
from engagements.execution.rules.health_draft import Draft
from engagements.execution.services.health import STATUS_STEP
from engagements.execution.services.periods import open_period
from engagements.execution.tabs import shown_with
from engagements.models import Engagement
from engagements.registry import Panel, panels
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.models import User
from psdelivery.people.moments import SHORT_DAY, dated

KEY = "health"
ORDER = 35
SHOWN_WEEKS = 13
TONES: dict[str, str] = {
    Health.GREEN: "good",
    Health.YELLOW: "warn",
    Health.RED: "bad",
}
ONE_WEEK = timedelta(weeks=1)
TEXTS = (
    "summary", "reason", "path_to_green", "done", "coming", "actions", "risks",
    "absences", "internal_note",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A week of the strip, and the last report of it; None without one."""

    ends_on: date
    report: HealthReport | None

    @property
    def words(self) -> str:
        """The day of the report, or the Thursday of a week without one."""
        thursday = self.ends_on - timedelta(days=3)
        return dated(self.report.day if self.report else thursday, SHORT_DAY)

    @property
    def tone(self) -> str:
        """The tone of its colour; empty for a week without a report."""
        return TONES[self.report.overall] if self.report else ""


@dataclass(frozen=True)
class Colour:
    """A part of a report with its colour, in the words of its field."""

    label: str
    value: str


@dataclass(frozen=True)
class Text:
    """A part of a report in words: its heading, and its lines."""

    label: str
    lines: list[str]
    is_internal: bool = False


@dataclass(frozen=True)
class ShownReport:
    """A report as it is read."""

    colours: list[Colour]
    texts: list[Text]
    newer: HealthReport | None


def strip_of(reports: list[HealthReport], today: date) -> list[Cell]:
    """Return the last quarter week by week, oldest first.

    A week without a report shows as one, from the first report on.
    """
    by_week: dict[date, HealthReport] = {}
    for report in sorted(reports, key=lambda one: (one.day, one.version)):
        by_week[last_day_of_week(report.day)] = report
    if not by_week:
        return []
    last = max(last_day_of_week(today), max(by_week))
    ends = [last - ONE_WEEK * n for n in reversed(range(SHOWN_WEEKS))]
    return [Cell(end, by_week.get(end)) for end in ends if end >= min(by_week)]


def latest_reports(engagement: Engagement, today: date) -> list[HealthReport]:
    """Return the reports of the last quarter that count, newest first (one query)."""
    found = HealthReport.objects.filter(engagement=engagement, is_latest=True)
    rows = found.select_related("by", "message")
    since = today - ONE_WEEK * SHOWN_WEEKS
    recent = list(rows.filter(day__gte=since))
    return recent or list(rows[:1])


def todays_report(engagement: Engagement, today: date) -> HealthReport | None:
    """Return the report of a day that counts."""
    found = HealthReport.objects.filter(engagement=engagement, day=today)
    return found.filter(is_latest=True).select_related("by").first()


def begun_from(draft: Draft, today: HealthReport | None) -> dict[str, Any]:
    """Return what the form begins with: the draft, or today's report (R-9)."""
    if today is None:
        return {**draft.values, "seen": 0}
    names = (*COLOURS, *TEXTS)
    return {name: getattr(today, name) for name in names} | {"seen": today.version}


def shown_report(report: HealthReport, reader: User) -> ShownReport:
    """Return the report for the page: colours, texts, and a newer version if any."""
    newer = None
    if not report.is_latest:
        newer = todays_report(report.engagement, report.day)
    label = {name: words_of(report, name) for name in COLOURS}
    return ShownReport(
        colours=[Colour(label[name], getattr(report, name)) for name in COLOURS],
        texts=texts_of(report),
        newer=newer,
    )


def words_of(report: HealthReport, name: str) -> str:
    """Return what a field of a report is called."""
    field = cast("Field[Any, Any]", report._meta.get_field(name))
    return str(field.verbose_name).capitalize()


def texts_of(report: HealthReport) -> list[Text]:
    """Return the texts of a report that say something, in their order."""
    found = []
    for name in TEXTS:
        lines = [line for line in getattr(report, name).splitlines() if line.strip()]
        if lines:
            found.append(Text(words_of(report, name), lines, name == "internal_note"))
    return found


def health_panel(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """The strip, the newest report, when the next is due, and the hours."""
    user = cast(User, request.user)  # the middleware lets nobody else through
    today = clock.today(user.zone)
    reports = latest_reports(engagement, today)
    burn_down = burn_down_for(engagement, today)
    rights = rights_of(user, engagement)
    newest = reports[0] if reports else None
    return {
        "strip": strip_of(reports, today),
        "newest": newest,
        "shown": shown_report(newest, user) if newest else None,
        "written_today": newest is not None and newest.day == today,
        "may_report": may_report(engagement, rights),
        "next_step": open_period(engagement, STATUS_STEP),
        "burn_down": burn_down,
        "chart": chart_of(burn_down),
    }


def may_report(engagement: Engagement, rights: Rights) -> bool:
    """Tell whether the reader may write a report now."""
    reasons = reasons_against_reporting(engagement.kind, engagement.status)
    return rights.may(Action.WORK_EDIT) and not reasons


def register_health_panel() -> None:
    """Add the tab to the engagement page."""
    panels.register(
        Panel(
            key=KEY,
            title=gettext_lazy("Health & hours"),
            template="execution/panels/health.html",
            order=ORDER,
            context=health_panel,
            is_shown=shown_with(HealthReport, statuses=REPORTED_STATUSES),
            needs=Action.WORK_SEE,
        )
    )
