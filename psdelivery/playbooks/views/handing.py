from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.moments import day_text
from psdelivery.people.notices import undo_notice
from psdelivery.playbooks.access import get_tickable_step
from psdelivery.playbooks.forms.handing import BallForm, DelegateForm, SnoozeForm
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.handing import (
    delegate_step,
    pass_step,
    snooze_step,
    take_back_step,
    unpin_step,
    wake_step,
)
from psdelivery.playbooks.views.steps import answer, hand_context, render_step
from psdelivery.registry import Reason, RuleRefused

FORM_REFUSED = 422


@require_GET
def step_hand(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    if not request.htmx:
        return redirect(f"{step.get_absolute_url()}#hand")
    context = hand_context(request, step)
    return render(request, "playbooks/partials/_step_hand_row.html", context)


def refused(
    request: SignedInRequest,
    step: Step,
    reasons: list[Reason],
    status: int,
    **forms: BaseForm,
) -> HttpResponse:
    """Answer with the row and the reasons, or with the page and what was typed."""
    if request.htmx:
        context = {"step": step, "reasons": reasons}
        template = "playbooks/partials/_step_row.html"
        return render(request, template, context, status=status)
    shown = [] if status == FORM_REFUSED else reasons
    return render_step(request, step, reasons=shown, hand=forms, status=status)


def sentences_of(form: BaseForm) -> list[Reason]:
    return [Reason("form", str(one)) for found in form.errors.values() for one in found]


def handed(
    request: SignedInRequest,
    step: Step,
    write: Callable[[], Step],
    told: str,
    undo: str = "",
    **forms: BaseForm,
) -> HttpResponse:
    """Write, tell what was done with its undo, and answer with the row or the page."""
    try:
        write()
    except RuleRefused as refusal:
        return refused(request, step, refusal.reasons, 409, **forms)
    undo_url = reverse(f"playbooks:{undo}", args=[step.pk]) if undo else ""
    undo_notice(request, told % {"step": step.title}, undo_url=undo_url)
    return answer(request, step)


@require_POST
def step_snooze(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    form = SnoozeForm(request.POST)
    if not form.is_valid():
        return refused(
            request, step, sentences_of(form), FORM_REFUSED, snooze_form=form
        )
    until = form.cleaned_data["until"]
    told = _("Put off until %(day)s: ") % {"day": day_text(until)} + "%(step)s"
    return handed(
        request,
        step,
        lambda: snooze_step(step, until, by=request.user, now=clock.now()),
        told,
        "step-wake",
        snooze_form=form,
    )


@require_POST
def step_wake(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    return handed(
        request,
        step,
        lambda: wake_step(step, by=request.user, now=clock.now()),
        _("No longer put off: %(step)s"),
    )


@require_POST
def step_delegate(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    form = DelegateForm(step, request.POST)
    if not form.is_valid():
        return refused(
            request, step, sentences_of(form), FORM_REFUSED, delegate_form=form
        )
    to, note = form.cleaned_data["to"], form.cleaned_data["note"]
    return handed(
        request,
        step,
        lambda: delegate_step(step, to, by=request.user, note=note, now=clock.now()),
        _("Delegated: %(step)s"),
        "step-take-back",
        delegate_form=form,
    )


@require_POST
def step_take_back(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    return handed(
        request,
        step,
        lambda: take_back_step(step, by=request.user, now=clock.now()),
        _("Taken back: %(step)s"),
    )


@require_POST
def step_pass(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    form = BallForm(request.POST)
    if not form.is_valid():
        return refused(request, step, sentences_of(form), FORM_REFUSED, ball_form=form)
    party = form.cleaned_data["party"]
    return handed(
        request,
        step,
        lambda: pass_step(step, party, by=request.user, now=clock.now()),
        _("The ball was passed: %(step)s"),
    )


@require_POST
def step_unpin(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    return handed(
        request,
        step,
        lambda: unpin_step(step, by=request.user, now=clock.now()),
        _("The date follows its rule again: %(step)s"),
    )
