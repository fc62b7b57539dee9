"""Time off: the own, entering it with what falls into it, and deciding it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

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
from psdelivery.access import Action, Scope
from psdelivery.people import services
from psdelivery.people.access import (
    get_person_for_time_off,
    get_time_off,
    get_time_off_to_change,
    get_time_off_to_decide,
    may_enter_for,
)
from psdelivery.people.away import local_day
from psdelivery.people.forms.time_off import (
    CancelForm,
    DecisionForm,
    TimeOffFilterForm,
    TimeOffForm,
)
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of, sorted_by
from psdelivery.people.models import TimeOff, User
from psdelivery.people.queries.time_off import (
    Decider,
    TimeOffFilter,
    approvers_now,
    away_between,
    decider_of,
    stands_in_for,
    time_off_matching,
    time_off_within,
)
from psdelivery.people.rules.time_off import (
    COUNTING,
    is_fact,
    is_over,
    reasons_against_deciding,
)
from psdelivery.people.views.answers import posted, status_of, write_form
from psdelivery.registry import Absentee, Held, holdings

SORTS = {
    "name": ("person__last_name", "person__first_name"),
    "first": ("starts_on", "ends_on"),
    "since": ("requested_at",),
}


@dataclass(frozen=True)
class Preview:
    """What falls into time off before it is saved, and who stands in."""

    seen: str
    held: list[Held]
    days: int
    deputy: User | None
    deputy_away: list[TimeOff]
    approvers: list[User]
    is_fact: bool
    is_whole: bool


def preview_of(form: TimeOffForm, viewer: User, now: datetime) -> Preview:
    """Return what the person and whoever stands in should know before saving."""
    draft, person = form.draft, form.person
    is_whole = draft.hours_per_day is None
    deputy = (draft.deputy or person.manager) if is_whole else None
    absentee = Absentee(person, draft.starts_on, draft.ends_on)
    away = away_between(deputy, draft.starts_on, draft.ends_on) if deputy else []
    fact = is_fact(draft.kind)
    return Preview(
        seen=form.fingerprint,
        held=holdings.held_by(absentee, viewer, now),
        days=(draft.ends_on - draft.starts_on).days + 1,
        deputy=deputy,
        deputy_away=list(away),
        approvers=[] if fact else approvers_now(person, now),
        is_fact=fact,
        is_whole=is_whole,
    )


@require_GET
def my_time_off(request: SignedInRequest) -> HttpResponse:
    today = local_day(request.user, clock.now())
    mine = TimeOff.objects.filter(person=request.user).select_related(
        "deputy", "person__manager"
    )
    context = {
        "page": page_of(mine.order_by("-starts_on", "-pk"), request),
        "stands_in": stands_in_for(request.user, today, None),
        "today": today,
    }
    return render(request, "people/my_time_off.html", context)


@require_GET
def time_off_list(request: SignedInRequest) -> HttpResponse:
    form = TimeOffFilterForm(request.GET)
    rows = TimeOff.objects.none()
    if form.is_valid():
        within = time_off_within(request.user, Action.TIME_OFF_SEE)
        today = local_day(request.user, clock.now())
        rows = time_off_matching(within, _wanted(form), today=today)
    found = sorted_by(rows, request, SORTS, default="first")
    context = {
        "form": form,
        "page": page_of(found, request),
        "reaches_all": request.access.scope is Scope.ALL,
    }
    return render(request, "people/time_off_list.html", context, status=status_of(form))


def _wanted(form: TimeOffFilterForm) -> TimeOffFilter:
    chosen = form.cleaned_data
    practice_id = int(chosen["practice"] or 0) or None
    return TimeOffFilter(chosen["q"], chosen["show"], practice_id)


@require_http_methods(["GET", "POST"])
def time_off_add(request: SignedInRequest, pk: int) -> HttpResponse:
    person, now = get_person_for_time_off(request, pk), clock.now()
    form = TimeOffForm(posted(request), person=person)
    return _time_off_form(
        request,
        form,
        lambda: services.enter_time_off(person, form.draft, by=request.user, now=now),
        now,
    )


@require_http_methods(["GET", "POST"])
def time_off_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    now = clock.now()
    time_off = get_time_off_to_change(request, pk, now)
    form = TimeOffForm(posted(request), person=time_off.person, time_off=time_off)
    return _time_off_form(
        request,
        form,
        lambda: services.edit_time_off(time_off, form.draft, by=request.user, now=now),
        now,
    )


def _time_off_form(
    request: SignedInRequest,
    form: TimeOffForm,
    write: Callable[[], TimeOff],
    now: datetime,
) -> HttpResponse:
    """Show the form, then what falls into it, then write what was seen."""
    is_seen = (
        form.is_bound
        and form.is_valid()
        and request.POST.get("seen") == form.fingerprint
    )
    saved = write_form(form, write) if is_seen else None
    if saved is not None:
        messages.success(request, _saved_words(saved))
        return redirect(saved)
    preview = None
    if form.is_bound and form.is_valid():
        preview = preview_of(form, request.user, now)
    context = {
        "form": form,
        "person": form.person,
        "time_off": form.time_off,
        "preview": preview,
        "is_own": form.person == request.user,
    }
    status = status_of(form)
    return render(request, "people/time_off_form.html", context, status=status)


def _saved_words(time_off: TimeOff) -> str:
    if is_fact(time_off.kind):
        return _("The time off is entered. Whoever stands in is told.")
    return _("The time off is entered. Whoever approves it is told.")


@require_GET
def time_off_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    time_off = get_time_off(request, pk, clock.now())
    return _detail(request, time_off, DecisionForm(), CancelForm())


def _detail(
    request: SignedInRequest,
    time_off: TimeOff,
    decision_form: DecisionForm,
    cancel_form: CancelForm,
) -> HttpResponse:
    now, user = clock.now(), request.user
    is_open = not reasons_against_deciding(time_off, user)
    decider = decider_of(user, time_off.person, now) if is_open else None
    counts = time_off.state in COUNTING
    today = local_day(time_off.person, now)
    context = {
        "time_off": time_off,
        "decider": decider,
        "decision_form": decision_form,
        "cancel_form": cancel_form,
        "may_change": counts and may_enter_for(user, time_off.person),
        "is_own": user == time_off.person,
        "is_over": is_over(time_off, today),
        "stands_in": time_off.stands_in,
    }
    failed = any(form.is_bound and form.errors for form in (decision_form, cancel_form))
    return render(
        request, "people/time_off_detail.html", context, status=422 if failed else 200
    )


@require_POST
def time_off_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    now = clock.now()
    time_off, decider = get_time_off_to_decide(request, pk, now)
    form = DecisionForm(request.POST)
    saved = write_form(form, lambda: _decide(form, time_off, decider, now))
    if saved is None:
        return _detail(request, time_off, form, CancelForm())
    messages.success(request, _("%s is told.") % time_off.person.display_name)
    return redirect(saved)


def _decide(
    form: DecisionForm, time_off: TimeOff, decider: Decider, now: datetime
) -> TimeOff:
    if form.cleaned_data["decision"] == "approve":
        return services.approve_time_off(
            time_off, by=decider.by, on_behalf_of=decider.on_behalf_of, now=now
        )
    return services.refuse_time_off(
        time_off,
        reason=form.cleaned_data["reason"],
        by=decider.by,
        on_behalf_of=decider.on_behalf_of,
        now=now,
    )


@require_POST
def time_off_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    now = clock.now()
    time_off = get_time_off_to_change(request, pk, now)
    form = CancelForm(request.POST)
    saved = write_form(
        form,
        lambda: services.cancel_time_off(
            time_off, reason=form.cleaned_data["reason"], by=request.user, now=now
        ),
    )
    if saved is None:
        return _detail(request, time_off, DecisionForm(), form)
    messages.success(request, _("The time off is cancelled."))
    return redirect(saved)
