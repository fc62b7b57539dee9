from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from engagements.access import engagement_condition, visible_engagements
from engagements.choices import OPEN_STATUSES
from engagements.models import Engagement
from psdelivery import clock
from psdelivery.access import Scope
from psdelivery.history.queries import events_for_subject
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User
from psdelivery.people.queries.time_off import decider_of
from psdelivery.people.views.answers import posted, status_of, write_form
from psdelivery.registry import RuleRefused
from scheduling.choices import ExtraDayState
from scheduling.forms.extra_days import AnswerForm, ExtraDayForm
from scheduling.models import ExtraDay
from scheduling.rules.extra_days import (
    reasons_against_consenting,
    reasons_against_granting,
    reasons_against_taking_back,
)
from scheduling.services.extra_days import (
    ask_for_extra_day,
    consent_to_extra_day,
    decline_extra_day,
    grant_extra_day,
    take_extra_day_back,
)


def askable_engagements(request: SignedInRequest) -> QuerySet[Engagement]:
    rows = visible_engagements(request.user).filter(status__in=OPEN_STATUSES)
    scope = max(request.access.scope, Scope.OWN)
    within = engagement_condition(request.user, scope, "")
    return rows.filter(within).select_related("customer").order_by("customer__name")


def askable_people(request: SignedInRequest) -> QuerySet[User]:
    people = User.objects.active()
    if request.access.scope < Scope.OWN:
        return people.filter(pk=request.user.pk)
    return people


@require_http_methods(["GET", "POST"])
def extra_day_add(request: SignedInRequest) -> HttpResponse:
    now = clock.now()
    form = ExtraDayForm(
        posted(request),
        people=askable_people(request),
        engagements=askable_engagements(request),
        now=now,
        initial=request.GET.dict(),
    )
    saved = write_form(
        form,
        lambda: ask_for_extra_day(
            form.draft,
            engagement=form.cleaned_data["engagement"],
            by=request.user,
            now=now,
        ),
    )
    if saved is None:
        status = status_of(form)
        context = {"form": form}
        return render(request, "scheduling/extra_day_form.html", context, status=status)
    messages.success(request, _("The manager and the person are asked."))
    return redirect(saved)


def get_extra_day(request: SignedInRequest, pk: int) -> ExtraDay:
    """Load an extra day that the person is part of, decides, or coordinates."""
    rows = ExtraDay.objects.select_related(
        "person__manager", "person__practice", "engagement__customer",
        "asked_by", "granted_by",
    )  # fmt: skip
    extra = rows.filter(pk=pk).first()
    if extra is None or not may_see(request, extra, clock.now()):
        raise Http404(_("There is no such extra day."))
    return extra


def may_see(request: SignedInRequest, extra: ExtraDay, now: datetime) -> bool:
    if request.user.pk in {extra.person_id, extra.asked_by_id}:
        return True
    if decider_of(request.user, extra.person, now) is not None:
        return True
    seen = visible_engagements(request.user)
    return seen.filter(pk=extra.engagement_id).exists()


@require_GET
def extra_day_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return page(request, get_extra_day(request, pk), AnswerForm())


def page(
    request: SignedInRequest,
    extra: ExtraDay,
    form: AnswerForm,
    *,
    status: int = 200,
    reasons: object = None,
) -> HttpResponse:
    user, now = request.user, clock.now()
    decides = decider_of(user, extra.person, now) is not None
    is_part = user.pk in {extra.person_id, extra.asked_by_id}
    is_open = extra.state == ExtraDayState.ASKED
    context = {
        "extra": extra,
        "form": form,
        "reasons": reasons,
        "may_grant": decides and not reasons_against_granting(extra, user),
        "may_consent": not reasons_against_consenting(extra, user),
        "may_decline": is_open and (decides or user.pk == extra.person_id),
        "may_take_back": (
            (is_part or decides) and not reasons_against_taking_back(extra)
        ),
        "events": events_for_subject(extra),
    }
    return render(request, "scheduling/extra_day_detail.html", context, status=status)


def answered(
    request: SignedInRequest, extra: ExtraDay, write: Callable[[], ExtraDay], said: str
) -> HttpResponse:
    try:
        write()
    except RuleRefused as refused:
        return page(request, extra, AnswerForm(), status=409, reasons=refused.reasons)
    messages.success(request, said)
    return redirect(extra)


@require_POST
def extra_day_grant(request: SignedInRequest, pk: int) -> HttpResponse:
    extra, now = get_extra_day(request, pk), clock.now()
    if decider_of(request.user, extra.person, now) is None:
        raise PermissionDenied(_("The manager of the person grants it."))
    return answered(
        request,
        extra,
        lambda: grant_extra_day(extra, by=request.user, now=now),
        _("The extra day is granted."),
    )


@require_POST
def extra_day_consent(request: SignedInRequest, pk: int) -> HttpResponse:
    extra, now = get_extra_day(request, pk), clock.now()
    if request.user.pk != extra.person_id:
        raise PermissionDenied(_("Only the person agrees to an extra day."))
    return answered(
        request,
        extra,
        lambda: consent_to_extra_day(extra, by=request.user, now=now),
        _("You agreed to the extra day."),
    )


@require_POST
def extra_day_decline(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decline what is asked, or take back what was agreed."""
    extra, now = get_extra_day(request, pk), clock.now()
    form = AnswerForm(request.POST)
    decides = decider_of(request.user, extra.person, now) is not None
    if not decides and request.user.pk not in {extra.person_id, extra.asked_by_id}:
        raise PermissionDenied(_("Your role does not include this."))
    if not form.is_valid():
        return page(request, extra, form, status=422)
    is_no = extra.state == ExtraDayState.ASKED and request.user != extra.asked_by
    service = decline_extra_day if is_no else take_extra_day_back
    return answered(
        request,
        extra,
        lambda: service(extra, form.cleaned_data["reason"], by=request.user, now=now),
        _("The extra day does not count."),
    )
