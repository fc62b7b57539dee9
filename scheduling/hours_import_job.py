"""Long files of hours are taken over by a background job, part by part."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import JobFailed, Outcome, register_job
from psdelivery.jobs.services import Work, start_job
from psdelivery.people.models import User
from scheduling.models import HoursImport
from scheduling.services.hours.importing import take_over

JOB = "hours-import"
# So many rows are taken over while somebody waits for the page.
AT_ONCE = 200


def start_import(found: HoursImport, *, by: User, now: datetime) -> Job:
    """Let a worker take a file over; whether `by` may is asked before, and again."""
    title = _("Hours of “%(file)s”") % {"file": found}
    return start_job(JOB, title, {"import": found.pk}, by=by, now=now)


def take_over_long(work: Work) -> Outcome:
    """Take a file over in parts; started again it goes on with what is not there."""
    found = HoursImport.objects.filter(pk=work.arguments["import"]).first()
    if found is None:
        raise JobFailed(_("The file was discarded."))
    if scope_for(work.by.role_set, Action.ACTUALS_IMPORT) is Scope.NONE:
        raise JobFailed(_("Your role does not include this any more."))
    done = take_over(found, by=work.by, now=clock.now(), tell=work.commit)
    return Outcome(
        words_of(done),
        url=reverse("scheduling:hours-list"),
        url_label=_("Worked hours"),
    )


def words_of(found: HoursImport) -> str:
    """Say what came of a file."""
    words = ngettext("%(n)d row taken over", "%(n)d rows taken over", found.entered)
    told = words % {"n": found.entered}
    return _("%(rows)s, %(n)d replaced.") % {"rows": told, "n": found.changed}


def register_hours_import() -> None:
    """Let jobs take over long files."""
    register_job(JOB, take_over_long, gettext_lazy("Import of hours"))
