"""Many form results are entered by a worker, part by part (R-13)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import may
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import JobFailed, Outcome, register_job
from psdelivery.jobs.services import Work, start_job
from psdelivery.people.models import User
from psdelivery.registry import RuleRefused
from training.imports.form_results import Response
from training.models import FormImport
from training.reviewers import Bench
from training.services.form_imports import (
    bench_for,
    enter_response,
    entered_words,
    lock_import,
    new_rows,
    settle_import,
)

JOB = "form-import"
# More rows keep a page, and whoever waits for it, too long.
MOST_AT_ONCE = 200
PART = 50


def start_import(found: FormImport, *, by: User, now: datetime) -> Job:
    """Let a worker enter the results; whether `by` may is asked before, and again."""
    title = _("Form results of “%(class)s”") % {"class": found.delivery}
    return start_job(JOB, title, {"import": found.pk}, by=by, now=now)


def enter_in_parts(work: Work) -> Outcome:
    """Enter the new rows in parts; started again it goes on with what is not there.

    A row that somebody else entered meanwhile is told, and stops nothing.
    """
    found = import_of(work)
    now = clock.now()
    responses = new_rows(found, now)
    bench = bench_for(found, responses, now)
    told: list[str] = []
    for start in range(0, len(responses), PART):
        part = responses[start : start + PART]
        with transaction.atomic():
            told += enter_part(work, found, part, bench, now)
            work.commit(start + len(part), len(responses))
    with transaction.atomic():
        found = lock_import(found)
        settle_import(found, 0, by=work.by, now=clock.now())
    return Outcome(entered_words(found.entered), lines=tuple(told))


def import_of(work: Work) -> FormImport:
    """Return what is to be entered, if whoever asked for it still may."""
    found = FormImport.objects.filter(pk=work.arguments["import"]).first()
    if found is None:
        raise JobFailed(_("These results were discarded."))
    found = FormImport.objects.select_related(
        "delivery__engagement__customer", "delivery__course", "delivery__trainer"
    ).get(pk=found.pk)
    if not may(work.by, Action.WORK_EDIT, found.delivery.engagement):
        raise JobFailed(_("Your role does not include this any more."))
    return found


def enter_part(
    work: Work,
    found: FormImport,
    part: Sequence[Response],
    bench: Bench,
    now: datetime,
) -> list[str]:
    """Enter some rows; return what is to be said of those that were refused."""
    told: list[str] = []
    for response in part:
        try:
            enter_response(found, response, bench, by=work.by, now=now)
        except RuleRefused as refused:
            words = _("Line %(line)s: %(why)s")
            told.append(words % {"line": response.line, "why": refused})
    entered = len(part) - len(told)
    FormImport.objects.filter(pk=found.pk).update(entered=F("entered") + entered)
    return told


def register_import_job() -> None:
    """Let jobs enter the results of forms."""
    register_job(JOB, enter_in_parts, gettext_lazy("Form results"))
