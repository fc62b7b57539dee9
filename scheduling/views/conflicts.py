from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from engagements.access import engagement_condition
from psdelivery import clock
from psdelivery.access import Action, scope_for
from psdelivery.history.queries import events_for_subject
from psdelivery.people.access import may_enter_for
from psdelivery.people.choices import TimeOffKind
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.people.models import User
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services import enter_time_off
from psdelivery.people.views.answers import posted, status_of, write_form
from psdelivery.registry import RuleRefused
from scheduling.choices import ConflictState
from scheduling.forms.conflicts import (
    ConflictFilterForm,
    IllnessForm,
    ReasonForm,
    ShiftForm,
    StandInForm,
)
from scheduling.models import ConflictCase
from scheduling.rules.conflicts import reasons_against_resolving
from scheduling.services.resolving import release_days, shift_days, taken_by
from scheduling.services.standing_in import stand_in
from scheduling.stand_ins import stand_ins_for
from scheduling.ways_out import other_days

PAGE_SIZE = 25


def visible_conflicts(user: User) -> QuerySet[ConflictCase]:
    """Return the conflicts of engagements that the person sees, and the own."""
    scope = scope_for(user.role_set, Action.ENGAGEMENT_SEE)
    within = engagement_condition(user, scope, "engagement")
    rows = ConflictCase.objects.filter(within)
    return rows.select_related("person", "engagement__customer", "step__assignee")


def get_conflict(request: SignedInRequest, pk: int) -> ConflictCase:
    found = visible_conflicts(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such conflict."))
    return found


@require_GET
def conflict_list(request: SignedInRequest) -> HttpResponse:
    form = ConflictFilterForm(request.GET)
    rows = ConflictCase.objects.none()
    if form.is_valid():
        rows = visible_conflicts(request.user)
        state = form.cleaned_data["state"] or ConflictState.OPEN
        if state != "all":
            rows = rows.filter(state=state)
        if person := form.cleaned_data["person"]:
            rows = rows.filter(person=person)
    context = {
        "form": form,
        "page": page_of(rows.order_by("starts_on", "pk"), request, size=PAGE_SIZE),
        "may_book": bool(scope_for(request.user.role_set, Action.BOOK)),
    }
    return render(
        request, "scheduling/conflict_list.html", context, status=status_of(form)
    )


@require_GET
def conflict_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return conflict_page(request, get_conflict(request, pk))


def conflict_page(
    request: SignedInRequest,
    case: ConflictCase,
    *,
    status: int = 200,
    reasons: object = None,
    **forms: Form,
) -> HttpResponse:
    """Show who, when and what, and every way out with its effect."""
    now = clock.now()
    taken = taken_by(case) if case.state == ConflictState.OPEN else []
    books = bool(scope_for(request.user.role_set, Action.BOOK))
    resolves = books and not reasons_against_resolving(case)
    others = stand_ins_for(case, taken, now) if resolves and taken else []
    proposal = other_days(case, taken, now) if resolves and taken else None
    first = {"start": proposal.first if proposal else None}
    context = {
        "case": case,
        "taken": taken,
        "reasons": reasons,
        "resolves": resolves,
        "others": others,
        "proposal": proposal,
        "stand_in_form": StandInForm(prefix="other", others=User.objects.active()),
        "shift_form": ShiftForm(prefix="shift", initial=first),
        "release_form": ReasonForm(prefix="release"),
        "events": events_for_subject(case),
        "cause": cause_for(request, case),
        **forms,
    }
    return render(request, "scheduling/conflict_detail.html", context, status=status)


def cause_for(request: SignedInRequest, case: ConflictCase) -> str:
    """Why somebody is away is for those who may see it; to others they are away."""
    if scope_for(request.user.role_set, Action.TIME_OFF_SEE):
        return str(case.get_cause_display())
    return _("away")


def resolved(
    request: SignedInRequest, case: ConflictCase, write: Callable[[], str]
) -> HttpResponse:
    try:
        said = write()
    except RuleRefused as refused:
        return conflict_page(request, case, status=409, reasons=refused.reasons)
    messages.success(request, said)
    return redirect(case)


@require_POST
def conflict_stand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    case, now = get_conflict(request, pk), clock.now()
    form = StandInForm(request.POST, prefix="other", others=User.objects.active())
    if not form.is_valid():
        return conflict_page(request, case, status=422, stand_in_form=form)
    other, reason = form.cleaned_data["person"], form.cleaned_data["reason"]

    def write() -> str:
        done = stand_in(case, other, reason=reason, by=request.user, now=now)
        sentence = ngettext(
            "%(person)s takes the days, with %(count)s step. The mail to the customer "
            "is drafted.",
            "%(person)s takes the days, with %(count)s steps. The mail to the customer "
            "is drafted.",
            done.steps,
        )
        return sentence % {"person": other.display_name, "count": done.steps}

    return resolved(request, case, write)


@require_POST
def conflict_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    case, now = get_conflict(request, pk), clock.now()
    form = ShiftForm(request.POST, prefix="shift")
    if not form.is_valid():
        return conflict_page(request, case, status=422, shift_form=form)
    proposal = other_days(case, taken_by(case), now, start=form.cleaned_data["start"])

    def write() -> str:
        shift_days(
            case,
            proposal.days,
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=now,
        )
        return _("The days are moved: %(days)s.") % {"days": proposal.words}

    return resolved(request, case, write)


@require_POST
def conflict_release(request: SignedInRequest, pk: int) -> HttpResponse:
    case, now = get_conflict(request, pk), clock.now()
    form = ReasonForm(request.POST, prefix="release")
    if not form.is_valid():
        return conflict_page(request, case, status=422, release_form=form)

    def write() -> str:
        reason = form.cleaned_data["reason"]
        release_days(case, reason=reason, by=request.user, now=now)
        return _("The days are released.")

    return resolved(request, case, write)


@require_http_methods(["GET", "POST"])
def illness_add(request: SignedInRequest) -> HttpResponse:
    """Enter that somebody is ill, and go on to what has to be found a stand-in for."""
    now = clock.now()
    today = clock.today(request.user.zone)
    initial = {"starts_on": today, "ends_on": today, **request.GET.dict()}
    form = IllnessForm(posted(request), initial=initial)

    def write() -> object:
        given = form.cleaned_data
        if not may_enter_for(request.user, given["person"]):
            raise PermissionDenied(_("Your role does not include this."))
        draft = TimeOffDraft(
            kind=TimeOffKind.SICKNESS,
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
        )
        return enter_time_off(given["person"], draft, by=request.user, now=now)

    if write_form(form, write) is None:
        context = {"form": form}
        return render(
            request, "scheduling/illness_form.html", context, status=status_of(form)
        )
    messages.success(request, _("The illness is entered. Whoever stands in is told."))
    person = form.cleaned_data["person"]
    return redirect(f"{reverse('scheduling:conflict-list')}?person={person.pk}")
