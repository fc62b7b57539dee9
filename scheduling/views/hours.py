"""The own hours: the weeks, one of them as a grid, and one click to confirm it."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.people.http import SignedInRequest, page_before
from psdelivery.people.listing import page_of
from psdelivery.people.moments import local_day
from psdelivery.people.views.answers import written
from psdelivery.registry import Reason, RuleRefused
from scheduling.forms.hours import WeekAddForm, WeekForm
from scheduling.hours_access import get_week
from scheduling.hours_page import Grid, WeekRow, grid_of, warning_of
from scheduling.models import HoursWeek
from scheduling.queries.hours import may_be_added, own_weeks
from scheduling.rules.hours import STALE, has_opened
from scheduling.services.hours.confirming import (
    confirm_as_it_stands,
    confirm_week,
    save_week,
)
from scheduling.services.hours.weeks import (
    current_settings,
    reasons_while_imported,
    week_of,
)
from scheduling.views.answers import posted, refused, see_version, status_of

PAGE = 20
CHANGED_MEANWHILE = 409


@require_GET
def week_list(request: SignedInRequest) -> HttpResponse:
    return list_page(request, WeekAddForm())


def list_page(request: SignedInRequest, form: WeekAddForm) -> HttpResponse:
    """Show the weeks of the reader, and where another one is begun."""
    now = clock.now()
    page = page_of(own_weeks(request.user), request, size=PAGE)
    context = {
        "page": page,
        "rows": [WeekRow(week) for week in page.object_list],
        "form": form,
        "today": local_day(now, request.user.zone),
        "imported": reasons_while_imported(current_settings()),
    }
    status = status_of(form)
    return render(request, "scheduling/hours/week_list.html", context, status=status)


@require_POST
def week_add(request: SignedInRequest) -> HttpResponse:
    """Open the week of a day, whether or not somebody is booked in it."""
    form = WeekAddForm(request.POST)
    week = None
    if form.is_valid():
        now = clock.now()
        week = written(form, lambda: week_of(request.user, form.chosen, now=now))
    return list_page(request, form) if week is None else redirect(week)


@require_http_methods(["GET", "POST"])
def week_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a week as a grid; save it for later, or confirm it as it was typed."""
    week = get_week(request, pk)
    grid = grid_of(week)
    form = form_of(request, grid)
    if not form.is_bound or not form.is_valid():
        return week_page(request, grid, form, status_of(form))
    try:
        write(request, week, form)
    except RuleRefused as refusal:
        return told_page(request, form, refusal.reasons)
    return redirect(week)


def form_of(request: SignedInRequest, grid: Grid) -> WeekForm:
    addable = may_be_added(request.user, grid.days[0])
    return WeekForm(grid, addable, posted(request))


def write(request: SignedInRequest, week: HoursWeek, form: WeekForm) -> None:
    """Keep or confirm what was typed, and say so."""
    is_kept = "keep" in request.POST
    done = (save_week if is_kept else confirm_week)(
        week,
        form.typed,
        version=form.cleaned_data["version"],
        by=request.user,
        now=clock.now(),
    )
    tell(request, done)


def tell(request: SignedInRequest, week: HoursWeek) -> None:
    """Say what became of a week, and on which days off hours stand."""
    if week.confirmed_at is None:
        messages.success(request, _("Kept for later. Nothing is confirmed yet."))
        return
    messages.success(request, _("Confirmed: %(week)s.") % {"week": week})
    if off := warning_of(grid_of(week)):
        sentence = _("Hours stand on days off: %(days)s. Are they meant?")
        messages.warning(request, sentence % {"days": off})


def told_page(
    request: SignedInRequest, form: WeekForm, reasons: Sequence[Reason]
) -> HttpResponse:
    """Show what was typed with what stands against it; 409 where it came too late."""
    is_stale = any(reason.code == STALE for reason in reasons)
    if is_stale:
        form = form_of(request, grid_of(get_week(request, form.grid.week.pk)))
        form.is_valid()
        see_version(form, form.grid.week.version)
    form.tell(reasons)
    status = CHANGED_MEANWHILE if is_stale else status_of(form)
    return week_page(request, form.grid, form, status)


def week_page(
    request: SignedInRequest, grid: Grid, form: WeekForm, status: int = 200
) -> HttpResponse:
    today = local_day(clock.now(), request.user.zone)
    context = {
        "grid": grid,
        "week": grid.week,
        "form": form,
        "is_open": has_opened(grid.week.ends_on, today),
        "imported": reasons_while_imported(current_settings()),
        "off_words": warning_of(grid),
    }
    return render(request, "scheduling/hours/week_detail.html", context, status=status)


@require_POST
def week_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Confirm a week in one click: as it was planned, or as it was kept."""
    week = get_week(request, pk)
    try:
        done = confirm_as_it_stands(week, by=request.user, now=clock.now())
    except RuleRefused as refusal:
        return refused(request, refusal.reasons, week.get_absolute_url())
    tell(request, done)
    return redirect(page_before(request, otherwise=week.get_absolute_url()))
