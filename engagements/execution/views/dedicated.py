"""The rhythm of a dedicated engineer: goals, weeks, hours of a month, renewal."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import get_engagement
from engagements.choices import Kind
from engagements.execution.dedicated_page import begun_goals, goals_of
from engagements.execution.forms.dedicated import (
    GoalsForm,
    RenewalForm,
    ReviewForm,
    SummaryForm,
)
from engagements.execution.health_facts import Moment, facts_of
from engagements.execution.models import (
    HoursReview,
    RenewalDecision,
    WeeklySummary,
)
from engagements.execution.rules.dedicated import (
    end_of_week,
    hours_of_month,
    month_before,
    month_of_day,
)
from engagements.execution.rules.health_draft import lines
from engagements.execution.services.dedicated import (
    decide_renewal,
    save_goals,
    save_review,
    save_summary,
)
from engagements.models import Engagement
from engagements.registry import facts
from engagements.rules.hours import WorkedHours
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.calendars import is_plannable
from psdelivery.people.http import SignedInRequest


def get_dedicated(request: SignedInRequest, pk: int) -> Engagement:
    engagement = get_engagement(request, pk)
    if engagement.kind != Kind.DEDICATED:
        raise Http404(_("Only a dedicated engineer's time has this page."))
    return engagement


def day_of(year: int, month: int, day: int = 1) -> date:
    try:
        found = date(year, month, day)
    except (ValueError, OverflowError):
        raise Http404(_("There is no such day.")) from None
    if not is_plannable(found):
        raise Http404(_("There is no such day."))
    return found


def answer(
    request: SignedInRequest, engagement: Engagement, form: Any, name: str, **more: Any
) -> HttpResponse:
    context = {"engagement": engagement, "form": form, **more}
    template = f"execution/dedicated/{name}.html"
    return render(request, template, context, status=status_of(form))


def back(request: SignedInRequest, engagement: Engagement, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("engagements:engagement-tab", engagement.pk, "dedicated")


@require_http_methods(["GET", "POST"])
def goals_edit(
    request: SignedInRequest, pk: int, year: int, month: int
) -> HttpResponse:
    engagement, first = get_dedicated(request, pk), day_of(year, month)
    form = GoalsForm(begun_goals(engagement, first), posted(request))
    saved = None
    if form.is_bound and form.is_valid():
        saved = written(
            form,
            lambda: save_goals(
                engagement, first, form.goals, by=request.user, now=clock.now()
            ),
        )
    if saved is None:
        before = month_before(first)
        more = {"month": first, "before": before}
        last = goals_of(engagement, before)
        return answer(request, engagement, form, "goals_form", last_goals=last, **more)
    return back(request, engagement, _("The goals are saved."))


@require_http_methods(["GET", "POST"])
def summary_edit(
    request: SignedInRequest, pk: int, year: int, month: int, day: int
) -> HttpResponse:
    engagement = get_dedicated(request, pk)
    ends_on = end_of_week(day_of(year, month, day))
    known = WeeklySummary.objects.filter(engagement=engagement, ends_on=ends_on).first()
    first = first_summary(request, engagement, ends_on, known)
    form = SummaryForm(posted(request), initial=first)
    saved = None
    if form.is_bound and form.is_valid():
        saved = written(
            form,
            lambda: save_summary(
                engagement,
                ends_on,
                **form.cleaned_data,
                by=request.user,
                now=clock.now(),
            ),
        )
    if saved is None:
        return answer(request, engagement, form, "summary_form", ends_on=ends_on)
    return back(request, engagement, _("The summary is saved; its mail is a draft."))


def first_summary(
    request: SignedInRequest,
    engagement: Engagement,
    ends_on: date,
    known: WeeklySummary | None,
) -> dict[str, str]:
    """Return what a summary begins with: its own words, else what the data say."""
    if known is not None:
        names = ("done", "coming", "obstacles")
        return {name: getattr(known, name) for name in names}
    at = Moment(clock.now(), clock.today(request.user.zone))
    found = facts_of(engagement, at)
    goals = goals_of(engagement, month_of_day(ends_on))
    coming = [*found.coming, *(one.text for one in goals if one.state == "open")]
    late = [*found.late_homework, *(one.title for one in found.risks if one.weighs)]
    return {
        "done": lines(found.done),
        "coming": lines(coming),
        "obstacles": lines(late),
    }


@require_http_methods(["GET", "POST"])
def hours_review(
    request: SignedInRequest, pk: int, year: int, month: int
) -> HttpResponse:
    engagement, first = get_dedicated(request, pk), day_of(year, month)
    known = HoursReview.objects.filter(engagement=engagement, month=first).first()
    form = ReviewForm(posted(request), initial={"note": known.note if known else ""})
    saved = None
    if form.is_bound and form.is_valid():
        note = form.cleaned_data["note"]
        saved = written(
            form,
            lambda: save_review(
                engagement, first, note, by=request.user, now=clock.now()
            ),
        )
    if saved is None:
        hours = hours_of_month(facts.read(WorkedHours, engagement), first)
        more = {"month": first, "hours": hours}
        return answer(request, engagement, form, "review_form", **more)
    return back(request, engagement, _("The review is saved."))


@require_http_methods(["GET", "POST"])
def renewal_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_dedicated(request, pk)
    known = RenewalDecision.objects.filter(engagement=engagement).first()
    first = {"decision": known.decision, "note": known.note} if known else {}
    form = RenewalForm(posted(request), initial=first)
    saved = None
    if form.is_bound and form.is_valid():
        saved = written(
            form,
            lambda: decide_renewal(
                engagement, **form.cleaned_data, by=request.user, now=clock.now()
            ),
        )
    if saved is None:
        return answer(request, engagement, form, "renewal_form")
    return back(request, engagement, _("The decision is saved."))
