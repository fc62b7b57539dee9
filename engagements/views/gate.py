from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import get_engagement, rights_of
from engagements.forms.gate import ConditionForm, WithdrawalForm
from engagements.gate_page import tells_money
from engagements.models import Engagement, GateCondition
from engagements.queries import FIELD_OF_CONDITION, condition_url
from engagements.rules.gate import SPEC_BY_CODE, Evidence
from engagements.services.gate import record_condition, withdraw_condition
from engagements.views.answers import posted, posted_files, status_of, written
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.documents.services import save_evidence
from psdelivery.people.http import SignedInRequest


def get_condition(engagement: Engagement, code: str) -> GateCondition:
    conditions = GateCondition.objects.select_related("evidence", "recorded_by")
    condition = conditions.filter(engagement=engagement, code=code).first()
    if condition is None:
        raise Http404(_("The gate has no such condition."))
    condition.engagement = engagement
    return condition


def condition_page(
    request: SignedInRequest,
    condition: GateCondition,
    form: ConditionForm,
    withdrawal_form: WithdrawalForm,
) -> HttpResponse:
    rights = rights_of(request.user, condition.engagement)
    context = {
        "engagement": condition.engagement,
        "condition": condition,
        "spec": SPEC_BY_CODE[condition.code],
        "form": form,
        "withdrawal_form": withdrawal_form,
        "may_open": rights.may(Action.VALUE_SEE) or not tells_money(condition),
    }
    status = status_of(form, withdrawal_form)
    return render(request, "engagements/condition_form.html", context, status=status)


def new_form(request: SignedInRequest, condition: GateCondition) -> ConditionForm:
    rights = rights_of(request.user, condition.engagement)
    return ConditionForm(
        condition,
        posted(request),
        posted_files(request),
        now=clock.now(),
        # Who may not see the price has no paper with the price either.
        initial={"shows_price": rights.may(Action.VALUE_SEE)},
    )


@require_http_methods(["GET", "POST"])
def engagement_condition(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    engagement = get_engagement(request, pk)
    condition = get_condition(engagement, code)
    if code in FIELD_OF_CONDITION:
        return redirect(condition_url(engagement, code))
    form = new_form(request, condition)
    recorded = None
    if form.is_bound and form.is_valid():
        recorded = written(form, lambda: put_on_file(request, condition, form))
    if recorded is None:
        return condition_page(request, condition, form, WithdrawalForm())
    messages.success(request, _("On file: %(condition)s.") % {"condition": recorded})
    return redirect(engagement)


@transaction.atomic
def put_on_file(
    request: SignedInRequest, condition: GateCondition, form: ConditionForm
) -> GateCondition:
    now, given = clock.now(), form.cleaned_data
    document = save_evidence(
        given,
        title=str(condition),
        engagement=condition.engagement,
        by=request.user,
        now=now,
        money=given["shows_price"],
    )
    evidence = Evidence(
        met_on=given["met_on"],
        document=document or condition.evidence,
        note=given["note"],
        happened_at=form.happened_at,
    )
    return record_condition(
        condition.engagement, condition.code, evidence, by=request.user, now=now
    )


@require_POST
def condition_withdraw(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    engagement = get_engagement(request, pk)
    condition = get_condition(engagement, code)
    if code in FIELD_OF_CONDITION:
        return redirect(condition_url(engagement, code))
    form = WithdrawalForm(request.POST)
    withdrawn = None
    if form.is_valid():
        withdrawn = written(
            form,
            lambda: withdraw_condition(
                engagement,
                code,
                by=request.user,
                reason=form.cleaned_data["reason"],
                now=clock.now(),
            ),
        )
    if withdrawn is None:
        record_form = ConditionForm(condition, now=clock.now())
        return condition_page(request, condition, record_form, form)
    messages.success(request, _("Withdrawn: %(condition)s.") % {"condition": withdrawn})
    return redirect(engagement)
