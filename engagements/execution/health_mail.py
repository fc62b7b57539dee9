"""The report of the week as a mail to the customer; made from it, without our notes."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import visible_engagements
from engagements.execution.choices import Health
from engagements.execution.models import HealthReport
from engagements.execution.rules.health import (
    TOLD_TO_CUSTOMER,
    customer_is_told_why,
)
from engagements.execution.rules.health_draft import customer_sees_hours
from engagements.handoff_mail import (
    SENDER_PLACEHOLDERS,
    lead_addressing,
    sender_facts,
)
from engagements.mails import (
    ENGAGEMENT_PLACEHOLDERS,
    customer_thread,
    engagement_facts,
)
from psdelivery.access import Action
from psdelivery.outbox.rules.templates import Placeholder
from psdelivery.outbox.templates import (
    MailKind,
    Topic,
    register_mail,
    register_texts,
)
from psdelivery.people.models import User
from psdelivery.people.moments import day_text
from psdelivery.playbooks.models import Step
from psdelivery.registry import Reason

DATA = Path(__file__).resolve().parent / "data" / "health_mails.toml"
HEALTH_MAIL = "health-report"
TEXTS = ("summary", "done", "coming", "actions", "risks", "absences")
WORDS = {
    Health.GREEN: gettext_lazy("on track"),
    Health.YELLOW: gettext_lazy("at risk"),
    Health.RED: gettext_lazy("off track"),
}
PARTS = {
    "overall": gettext_lazy("Overall"),
    "schedule": gettext_lazy("Schedule"),
    "scope": gettext_lazy("Scope"),
    "budget": gettext_lazy("Budget"),
}


def report_rows() -> QuerySet[HealthReport]:
    """Return reports with all that a mail reads of them."""
    reports = HealthReport.objects.select_related(
        "engagement__customer",
        "engagement__main_contact",
        "engagement__practice__manager",
        "engagement__region",
        "engagement__paper",
    )
    people = ("engagement__team__person", "engagement__offerings")
    return reports.prefetch_related(*people)


def writable_reports(user: User) -> QuerySet[HealthReport]:
    """Return the reports about which the person may see mail."""
    within = visible_engagements(user, Action.OUTBOX_READ)
    return HealthReport.objects.filter(engagement__in=within.values("pk"))


def no_step(step: Step) -> None:
    """No step is about a report: it is there before its mail."""


REPORT = Topic(
    title=gettext_lazy("a report on health"),
    rows=report_rows,
    within=writable_reports,
    matching=lambda words: (
        Q(engagement__title__icontains=words)
        | Q(engagement__customer__name__icontains=words)
    ),
    engagement_of=lambda report: report.engagement,
    thread_of=lambda report: customer_thread(report.engagement),
    of_step=no_step,
    # Who wrote a report is asked about it.
    is_own_work=lambda user, report: report.by_id == user.pk,
)


def report_facts(report: HealthReport) -> dict[str, str]:
    """Return what the mail may say: not how we see the client, no note of ours."""
    usual = engagement_facts(report.engagement)
    colours = {name: getattr(report, name) for name in TOLD_TO_CUSTOMER}
    is_told_why = customer_is_told_why(colours)
    return {
        "contact_name": usual["contact_name"],
        "engagement_title": usual["engagement_title"],
        "report_day": day_text(report.day),
        "colours": "\n".join(
            f"{PARTS[name]}: {Health(colours[name]).value}, {WORDS[colours[name]]}"
            for name in TOLD_TO_CUSTOMER
        ),
        "reason": report.reason if is_told_why else "",
        "path_to_green": report.path_to_green if is_told_why else "",
        **{name: getattr(report, name) for name in TEXTS},
        "hours": hours_lines(report),
        **sender_facts(report.engagement),
    }


def hours_lines(report: HealthReport) -> str:
    """Return the burn-down in lines, for those customers who are billed by hours."""
    told: dict[str, Any] = report.hours
    engagement = report.engagement
    sees = customer_sees_hours(engagement.kind, engagement.paper.billing_terms)
    if not sees or "budget" not in told:
        return ""
    found = [
        _("Worked: %(worked)s of %(budget)s h") % told,
        _("Left: %(remaining)s h") % told,
        _("Planned from now on: %(to_come)s h") % told,
    ]
    if "over" in told:
        day = day_text(date.fromisoformat(told["over"]))
        words = _("As planned now, the hours are used up in the week until %(day)s.")
        found.append(words % {"day": day})
    return "\n".join(found)


def reasons_against(report: HealthReport, now: datetime) -> list[Reason]:
    """R-9: of several versions of a day only the newest leaves."""
    if report.is_latest:
        return []
    sentence = _("There is a newer version of this report: send that one.")
    url = reverse("execution:health-list", args=[report.engagement_id])
    return [Reason("newer", sentence, url, _("See the reports"))]


def optional(title: Any, help_text: Any = "") -> Placeholder:
    """Return a part of the report whose paragraph is left out when it is empty."""
    return Placeholder(title=title, help=help_text, is_optional=True)


PLACEHOLDERS = {
    **{
        name: ENGAGEMENT_PLACEHOLDERS[name]
        for name in ("contact_name", "engagement_title")
    },
    **SENDER_PLACEHOLDERS,
    "report_day": Placeholder(title=gettext_lazy("Day of the report")),
    "colours": Placeholder(
        title=gettext_lazy("Colours in words"),
        help=gettext_lazy("Overall, schedule, scope, budget; not the client."),
    ),
    "summary": optional(gettext_lazy("Summary")),
    "reason": optional(
        gettext_lazy("Why it is not green"),
        gettext_lazy("Left out where only the client is not green."),
    ),
    "path_to_green": optional(gettext_lazy("Path to green")),
    "hours": optional(
        gettext_lazy("Hours worked and left"),
        gettext_lazy("Of time and materials, and of dedicated engineers only."),
    ),
    "done": optional(gettext_lazy("Done")),
    "coming": optional(gettext_lazy("Next")),
    "actions": optional(gettext_lazy("Open actions")),
    "risks": optional(gettext_lazy("Risks")),
    "absences": optional(gettext_lazy("Planned absences")),
}
KIND = MailKind(
    key=HEALTH_MAIL,
    title=gettext_lazy("Report on health and status"),
    help=gettext_lazy(
        "The week for the customer, made from the report without notes of our own. "
        "From the lead."
    ),
    topic=REPORT,
    placeholders=PLACEHOLDERS,
    facts=report_facts,
    addressing=lambda report: lead_addressing(report.engagement),
    against=reasons_against,
)


def register_health_mail() -> None:
    """Enter the mail among those to customers, and its shipped text."""
    register_texts(DATA)
    register_mail(KIND)
