from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from psdelivery import clock
from psdelivery.comments.models import Comment
from psdelivery.people.http import SignedInRequest, page_before
from psdelivery.people.models import User
from psdelivery.people.notices import undo_notice
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.access import get_step, get_tickable_step
from psdelivery.playbooks.comments import subject_of as comment_subject
from psdelivery.playbooks.datepages import date_pages
from psdelivery.playbooks.forms.handing import BallForm, DelegateForm, SnoozeForm
from psdelivery.playbooks.forms.steps import ReasonForm, ReopenForm, StepCompletionForm
from psdelivery.playbooks.mailing import step_mail
from psdelivery.playbooks.models import Anchor, Step
from psdelivery.playbooks.queries import events_of, may_open_subject, step_rows
from psdelivery.playbooks.rules.deadlines import why_due
from psdelivery.playbooks.rules.handing import next_monday
from psdelivery.playbooks.services.anchors import day_of
from psdelivery.playbooks.services.deadlines import timing_of, with_schedule_facts
from psdelivery.playbooks.services.steps import (
    complete_with_evidence,
    dated_by,
    reopen_step,
    set_aside_step,
)
from psdelivery.playbooks.step_links import step_links
from psdelivery.registry import RuleRefused


def today(request: SignedInRequest) -> date:
    return clock.today(request.user.zone)


def why_this_date(step: Step) -> str:
    dated = with_schedule_facts(Step.objects.all()).get(pk=step.pk)
    return why_due(timing_of(dated, portal_settings()))


def told_day(request: SignedInRequest, step: Step) -> date:
    """The day that a tick tells: the one that is known, else that of the reader."""
    anchor = dated_by(step)
    return (day_of(anchor) if anchor else None) or today(request)


def move_url(user: User, step: Step, anchor: Anchor) -> str:
    """Where the reader moves a date; empty where it has none, or is not theirs."""
    url = date_pages.page_of(anchor) if anchor.value is not None else ""
    return url if url and may_open_subject(user, step, url) else ""


def subject_url(user: User, step: Step) -> str:
    url = step.checklist.subject_url
    return url if url and may_open_subject(user, step) else ""


def hand_context(request: SignedInRequest, step: Step) -> dict[str, Any]:
    """What the block for putting off and giving away shows."""
    today = clock.today(request.user.zone)
    return {
        "step": step,
        "snooze_form": SnoozeForm(),
        "delegate_form": DelegateForm(step),
        "ball_form": BallForm(initial={"party": step.ball_with}),
        "tomorrow": today + timedelta(days=1),
        "monday": next_monday(today),
    }


def may_hand(step: Step) -> bool:
    return step.is_open and bool(getattr(step, "may_tick", False))


def own_subject(user: User, step: Step) -> str:
    url = step.subject_url
    return url if url and may_open_subject(user, step, url) else ""


def render_step(
    request: SignedInRequest,
    step: Step,
    *,
    form: StepCompletionForm | None = None,
    aside_form: ReasonForm | None = None,
    reopen_form: ReopenForm | None = None,
    hand: Mapping[str, BaseForm] | None = None,
    reasons: Any = (),
    status: int = 200,
) -> HttpResponse:
    dated = dated_by(step)
    context = {
        **(hand_context(request, step) if may_hand(step) else {"step": step}),
        **(hand or {}),
        "form": form
        or StepCompletionForm(step, initial={"happened_on": told_day(request, step)}),
        "aside_form": aside_form or ReasonForm(prefix="aside"),
        "reopen_form": reopen_form or ReopenForm(),
        "why": why_this_date(step),
        "move_url": move_url(request.user, step, step.anchor),
        "dated": dated,
        "redate_url": move_url(request.user, step, dated) if dated else "",
        "reasons": reasons,
        "blockers": [b for b in step.blockers.all() if b.is_open],
        "reminders": step.reminders.select_related("message"),
        "events": events_of(step),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "subject_url": subject_url(request.user, step),
        "comments": Comment.objects.on(step),
        "comment_subject": comment_subject(step),
        "own_subject": own_subject(request.user, step),
        "mail": step_mail(step, request.user),
        "links": step_links.links_for(step, request.user),
    }
    return render(request, "playbooks/step_detail.html", context, status=status)


@require_GET
def step_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return render_step(request, get_step(request, pk))


@require_POST
def step_complete(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    form = StepCompletionForm(step, request.POST, request.FILES)
    if not form.is_valid():
        return refused(request, step, form=form, status=422)
    try:
        complete_with_evidence(
            step, form.cleaned_data, by=request.user, now=clock.now()
        )
    except RuleRefused as refusal:
        return refused(request, step, form=form, reasons=refusal.reasons, status=409)
    undo_notice(
        request,
        _("Done: %(step)s") % {"step": step.title},
        undo_url=reverse("playbooks:step-reopen", args=[step.pk]),
    )
    return answer(request, step)


def refused(
    request: SignedInRequest, step: Step, *, form: StepCompletionForm, **options: Any
) -> HttpResponse:
    if not request.htmx:
        return render_step(request, step, form=form, **options)
    status = options.pop("status")
    context = {"step": step, "form": form, **options}
    return render(request, "playbooks/partials/_step_row.html", context, status=status)


def answer(request: SignedInRequest, step: Step) -> HttpResponse:
    if not request.htmx:
        return redirect(page_before(request, otherwise=step.get_absolute_url()))
    user = request.user
    context = {"step": step_rows(user, Step.objects.all()).get(pk=step.pk)}
    return render(request, "playbooks/step_row_answer.html", context)


@require_POST
def step_reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    form = ReopenForm(request.POST)
    if not form.is_valid():
        return render_step(request, step, reopen_form=form, status=422)
    try:
        reopen_step(
            step,
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
    except RuleRefused as refusal:
        return render_step(request, step, reasons=refusal.reasons, status=409)
    messages.success(request, _("Open again: %(step)s") % {"step": step.title})
    return answer(request, step)


@require_POST
def step_set_aside(request: SignedInRequest, pk: int) -> HttpResponse:
    step = get_tickable_step(request, pk)
    form = ReasonForm(request.POST, prefix="aside")
    if not form.is_valid():
        return render_step(request, step, aside_form=form, status=422)
    try:
        set_aside_step(
            step,
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        )
    except RuleRefused as refusal:
        return render_step(request, step, reasons=refusal.reasons, status=409)
    undo_notice(
        request,
        _("Not applicable: %(step)s") % {"step": step.title},
        undo_url=reverse("playbooks:step-reopen", args=[step.pk]),
    )
    return answer(request, step)
