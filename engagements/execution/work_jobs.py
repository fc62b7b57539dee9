"""A push that a person asked for, as a job whose result they can read."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.access import may
from engagements.execution.services.project_runs import Run, project_of, run_project
from engagements.execution.services.pushing import Pushed, ask_for_push
from engagements.execution.tabs import tab_url
from engagements.models import Engagement
from psdelivery.access import Action
from psdelivery.jobs.models import Job
from psdelivery.jobs.registry import JobFailed, Outcome, register_job
from psdelivery.jobs.services import Work, start_job
from psdelivery.people.models import User

JOB = "work-push"


@transaction.atomic
def start_push(engagement: Engagement, *, by: User, now: datetime) -> Job:
    """Want the complete items pushed, and let a worker do it; raises RuleRefused."""
    ask_for_push(engagement, by=by, now=now)
    return begin_job(engagement, by=by, now=now)


def begin_job(engagement: Engagement, *, by: User, now: datetime) -> Job:
    """Let a worker push what is wanted already."""
    title = _("Work items of %(engagement)s to the customer's project")
    words = title % {"engagement": engagement}
    return start_job(JOB, words, {"engagement": engagement.pk}, by=by, now=now)


def push(work: Work) -> Outcome:
    """Push what is wanted, if who asked for it still may.

    Started again it goes on: what was pushed is wanted no more.
    """
    engagement = Engagement.objects.filter(pk=work.arguments["engagement"]).first()
    if engagement is None or not may(work.by, Action.WORK_EDIT, engagement):
        raise JobFailed(_("Your role does not include this any more."))
    project = project_of(engagement.pk)
    if project is None:
        raise JobFailed(_("The address of the project was taken away."))
    run = run_project(project.pk, work.progress)
    url, label = tab_url(engagement, "work"), _("Open the work items")
    if run is None:
        words = _("The portal is talking to the project already; the rest follows.")
        return Outcome(words, url=url, url_label=label)
    return Outcome(run_words(run), lines=lines_of(run), url=url, url_label=label)


def run_words(run: Run) -> str:
    """Return what was done, in one sentence."""
    done = run.pushed
    counts = {
        "made": len(done.made),
        "changed": len(done.changed),
        "same": len(done.same),
        "differ": len(done.differ),
    }
    words = _("%(made)s made, %(changed)s updated, %(same)s as they were.") % counts
    if done.differ:
        told = _("%(differ)s changed there and not overwritten.") % counts
        words = f"{words} {told}"
    return words


def lines_of(run: Run) -> tuple[str, ...]:
    """Return what somebody has to look at."""
    pushed: Pushed = run.pushed
    differ = [
        _("“%(item)s” was changed there: look at both texts.") % {"item": title}
        for title in pushed.differ
    ]
    trouble = [f"{run.trouble} {_('The portal tries again by itself.')}"]
    return (*differ, *pushed.failed, *(trouble if run.trouble else []))


def register_work_job() -> None:
    """Let jobs push work items."""
    register_job(JOB, push, gettext_lazy("Work items to the customer's project"))
