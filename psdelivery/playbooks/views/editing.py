from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.playbooks.access import get_draft, get_draft_step, may_publish
from psdelivery.playbooks.forms.editing import DraftNoteForm, DraftStepForm
from psdelivery.playbooks.models import Playbook, PlaybookStep
from psdelivery.playbooks.queries import statuses_of_playbooks, steps_by_phase
from psdelivery.playbooks.rules.editing import difference_between
from psdelivery.playbooks.services.editing import (
    discard_draft,
    note_draft,
    publish_draft,
    remove_draft_step,
    save_draft_step,
    shift_draft_step,
    start_draft,
)
from psdelivery.registry import Reason, RuleRefused


@require_POST
def draft_start(request: SignedInRequest, key: str) -> HttpResponse:
    get_object_or_404(Playbook.objects.current(), key=key)
    start_draft(key, by=request.user, now=clock.now())
    return redirect("playbooks:draft-detail", key)


@require_GET
def draft_detail(request: SignedInRequest, key: str) -> HttpResponse:
    return draft_page(request, get_draft(key))


def draft_page(
    request: SignedInRequest,
    draft: Playbook,
    *,
    form: DraftNoteForm | None = None,
    reasons: list[Reason] | None = None,
    status: int = 200,
) -> HttpResponse:
    current = Playbook.objects.current().get(key=draft.key)
    context = {
        "draft": draft,
        "current": current,
        "groups": steps_by_phase(draft),
        "difference": difference_between(current.steps.all(), draft.steps.all()),
        "form": form or DraftNoteForm(instance=draft),
        "may_publish": may_publish(request.user),
        "reasons": reasons or [],
    }
    return render(request, "playbooks/draft_detail.html", context, status=status)


@require_POST
def draft_note(request: SignedInRequest, key: str) -> HttpResponse:
    draft = get_draft(key)
    form = DraftNoteForm(request.POST, instance=get_draft(key))
    if not form.is_valid():
        return draft_page(request, draft, form=form, status=422)
    note_draft(
        draft,
        form.cleaned_data["note"],
        title=form.cleaned_data["title"],
        by=request.user,
        now=clock.now(),
    )
    messages.success(request, _("The note is kept. Who publishes it will read it."))
    return redirect("playbooks:draft-detail", key)


@require_POST
def draft_publish(request: SignedInRequest, key: str) -> HttpResponse:
    draft = get_draft(key)
    try:
        published = publish_draft(draft, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return draft_page(request, draft, reasons=refused.reasons, status=409)
    words = _("Version %(n)d is the written process from now on.")
    messages.success(request, words % {"n": published.version})
    return redirect("playbooks:playbook-detail", key)


@require_POST
def draft_discard(request: SignedInRequest, key: str) -> HttpResponse:
    discard_draft(get_draft(key), by=request.user, now=clock.now())
    messages.success(request, _("The draft is thrown away."))
    return redirect("playbooks:playbook-detail", key)


@require_http_methods(["GET", "POST"])
def draft_step_add(request: SignedInRequest, key: str) -> HttpResponse:
    return step_page(request, PlaybookStep(playbook=get_draft(key)))


@require_http_methods(["GET", "POST"])
def draft_step_edit(request: SignedInRequest, key: str, pk: int) -> HttpResponse:
    return step_page(request, get_draft_step(key, pk))


def step_page(request: SignedInRequest, step: PlaybookStep) -> HttpResponse:
    is_new, draft = step.pk is None, step.playbook
    title = step.title
    form = DraftStepForm(
        request.POST if request.method == "POST" else None,
        instance=step,
        statuses=statuses_of_playbooks(),
    )
    if form.is_bound and form.is_valid() and save_step(request, form):
        return redirect("playbooks:draft-detail", draft.key)
    context: dict[str, Any] = {
        "form": form,
        "draft": draft,
        "is_new": is_new,
        "step_title": title,
    }
    status = 422 if form.errors else 200
    return render(request, "playbooks/draft_step.html", context, status=status)


def save_step(request: SignedInRequest, form: DraftStepForm) -> bool:
    try:
        save_draft_step(form.save(commit=False), by=request.user, now=clock.now())
    except RuleRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason.sentence)
        return False
    messages.success(request, _("The step is saved in the draft."))
    return True


@require_POST
def draft_step_remove(request: SignedInRequest, key: str, pk: int) -> HttpResponse:
    step = get_draft_step(key, pk)
    remove_draft_step(step, by=request.user, now=clock.now())
    messages.success(request, _("“%(step)s” is out of the draft.") % {"step": step})
    return redirect("playbooks:draft-detail", key)


@require_POST
def draft_step_shift(request: SignedInRequest, key: str, pk: int) -> HttpResponse:
    step = get_draft_step(key, pk)
    up = request.POST.get("to") != "down"
    shift_draft_step(step, up=up, by=request.user, now=clock.now())
    return redirect("playbooks:draft-detail", key)
