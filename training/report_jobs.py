"""Long reports are taken in by a background job, part by part."""

from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.jobs.registry import JobFailed, Outcome, register_job
from psdelivery.jobs.services import Work
from training.access import visible_deliveries
from training.choices import RowFate
from training.imports import Reading, Report, UnreadableReport, read_report
from training.models import AttendeeReport, Session
from training.rules.classes import day_of
from training.services.reports import take_in, words_of

JOB = "attendee-report"
# So many people are taken in while somebody waits for the page.
AT_ONCE = 200


def take_in_long(work: Work) -> Outcome:
    """Take the people of a report in, as who started it may write now.

    Started again it goes on behind what was written.
    """
    within = visible_deliveries(work.by, Action.WORK_EDIT)
    report = (
        AttendeeReport.objects.filter(
            pk=work.arguments["report"], delivery__in=within.values("pk")
        )
        .select_related("delivery__engagement", "session", "document")
        .first()
    )
    if report is None:
        raise JobFailed(_("The report is gone, or no longer yours to import."))
    told = told_again(report, work)
    take_in(report, told, by=work.by, now=clock.now(), tell=work.commit)
    return outcome_of(report)


def told_again(report: AttendeeReport, work: Work) -> Report:
    """Read the kept file as it was read when it was chosen."""
    near = Session.objects.filter(pk=work.arguments["near"]).first()
    reading = Reading(ZoneInfo(work.arguments["zone"]), day_of(near) if near else None)
    if report.document is None:
        raise JobFailed(_("The file of the report is gone. Choose it again."))
    try:
        with report.document.file.open("rb") as file:
            return read_report(file.read(), reading)
    except (FileNotFoundError, UnreadableReport) as error:
        sentence = _("The file of the report cannot be read any more. Choose it again.")
        raise JobFailed(sentence) from error


def outcome_of(report: AttendeeReport) -> Outcome:
    """Return what came of it, and where it goes on: doubtful rows first."""
    url = reverse("training:delivery-roster", args=[report.delivery_id])
    label = _("Open the roster")
    if report.rows.filter(fate=RowFate.DOUBTFUL).exists():
        args = [report.delivery_id, report.pk]
        url, label = reverse("training:report-review", args=args), _("Decide the rows")
    return Outcome(words_of(report), url=url, url_label=label)


def register_report_jobs() -> None:
    """Let jobs take in long reports."""
    register_job(JOB, take_in_long, gettext_lazy("Import of a report of attendees"))
