from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import get_engagement
from engagements.forms.handoff import (
    AnswerForm,
    EarlyKickoffForm,
    HeldForm,
    QuestionForm,
    StepOfQuestionForm,
    first_title,
    team_people,
)
from engagements.handoff import handoff_of, handoff_outcomes
from engagements.models import Engagement, Handoff, HandoffQuestion
from engagements.services.handoff import (
    acknowledge_handoff,
    attendance_of,
    begin_handoff,
    choose_written,
    hold_handoff,
    put_kickoff_first,
    settle_handoff,
)
from engagements.services.handoff_questions import (
    StepWanted,
    answer_question,
    ask_question,
    turn_into_step,
)
from engagements.summary import summary_of
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.people.http import SignedInRequest, page_before
from psdelivery.registry import RuleRefused


def get_handoff(request: SignedInRequest, pk: int) -> Handoff:
    handoff = handoff_of(get_engagement(request, pk))
    if handoff is None:
        raise Http404(_("The handoff has not begun."))
    return handoff


def get_question(request: SignedInRequest, pk: int, question: int) -> HandoffQuestion:
    handoff = get_handoff(request, pk)
    rows = HandoffQuestion.objects.select_related("asker", "owner", "step")
    found = get_object_or_404(rows, pk=question, handoff=handoff)
    found.handoff = handoff
    return found


def form_page(
    request: SignedInRequest, engagement: Engagement, form: Any, name: str, **more: Any
) -> HttpResponse:
    context = {"engagement": engagement, "form": form, **more}
    template = f"engagements/handoff/{name}.html"
    return render(request, template, context, status=status_of(form))


def refused(
    request: SignedInRequest, handoff: Handoff, error: RuleRefused
) -> HttpResponse:
    context = {"reasons": error.reasons, "back_url": handoff.get_absolute_url()}
    return render(request, "409.html", context, status=409)


@require_POST
def handoff_begin(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    if not engagement.has_gate:
        raise Http404(_("Internal work has no handoff."))
    handoff = begin_handoff(engagement, by=request.user, now=clock.now())
    settle_handoff(handoff, by=request.user, now=clock.now())
    return redirect(handoff)


@require_http_methods(["GET", "POST"])
def handoff_held(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    there = attendance_of(handoff)
    people = team_people(handoff.engagement, *[person.pk for person in there])
    day = handoff.held_on or clock.today(handoff.engagement.customer.zone)
    form = HeldForm(
        people, posted(request), initial={"held_on": day, "attended": there}
    )
    held = None
    if form.is_bound and form.is_valid():
        held = written(
            form,
            lambda: hold_handoff(
                handoff,
                form.cleaned_data["held_on"],
                list(form.cleaned_data["attended"]),
                by=request.user,
                now=clock.now(),
            ),
        )
    if held is None:
        return form_page(request, handoff.engagement, form, "handoff_held")
    messages.success(request, _("The handoff call is noted."))
    return redirect(handoff)


@require_POST
def handoff_written(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    try:
        choose_written(handoff, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, handoff, error)
    messages.success(request, _("The written handoff is enough."))
    return redirect(handoff)


@require_POST
def handoff_acknowledge(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    try:
        acknowledge_handoff(handoff, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, handoff, error)
    messages.success(request, _("You have acknowledged the handoff."))
    return redirect(page_before(request, otherwise=handoff.get_absolute_url()))


@require_http_methods(["GET", "POST"])
def kickoff_first(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    form = EarlyKickoffForm(posted(request))
    saved = None
    if form.is_bound and form.is_valid():
        saved = written(
            form,
            lambda: put_kickoff_first(
                handoff,
                form.cleaned_data["reason"],
                by=request.user,
                now=clock.now(),
            ),
        )
    if saved is None:
        return form_page(request, handoff.engagement, form, "kickoff_first")
    messages.success(request, _("The kickoff may come first; the reason is noted."))
    return redirect(handoff)


@require_http_methods(["GET", "POST"])
def question_add(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    form = QuestionForm(handoff.engagement, posted(request))
    asked = None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        asked = written(
            form,
            lambda: ask_question(
                handoff,
                given["text"],
                given["owner"],
                by=request.user,
                now=clock.now(),
            ),
        )
    if asked is None:
        return form_page(request, handoff.engagement, form, "question_form")
    messages.success(request, _("The question is asked."))
    return redirect(f"{handoff.get_absolute_url()}#question-{asked.pk}")


@require_http_methods(["GET", "POST"])
def question_answer(request: SignedInRequest, pk: int, question: int) -> HttpResponse:
    found = get_question(request, pk, question)
    first = {"answer": found.answer, "seen": found.answer}
    form = AnswerForm(posted(request), initial=first)
    saved = None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        saved = written(
            form,
            lambda: answer_question(
                found,
                given["answer"],
                seen=given["seen"],
                by=request.user,
                now=clock.now(),
            ),
        )
    if saved is None:
        engagement = found.handoff.engagement
        return form_page(request, engagement, form, "question_answer", question=found)
    messages.success(request, _("The question is answered."))
    return redirect(f"{found.handoff.get_absolute_url()}#question-{found.pk}")


@require_http_methods(["GET", "POST"])
def question_step(request: SignedInRequest, pk: int, question: int) -> HttpResponse:
    found = get_question(request, pk, question)
    engagement = found.handoff.engagement
    first = {"title": first_title(found.text), "owner": found.owner_id}
    form = StepOfQuestionForm(engagement, posted(request), initial=first)
    turned = None
    if form.is_bound and form.is_valid():
        wanted = StepWanted(**form.cleaned_data)
        turned = written(
            form,
            lambda: turn_into_step(found, wanted, by=request.user, now=clock.now()),
        )
    if turned is None:
        return form_page(request, engagement, form, "question_step", question=found)
    messages.success(request, _("The question is a step now."))
    return redirect(f"{found.handoff.get_absolute_url()}#question-{found.pk}")


@require_GET
def handoff_summary(request: SignedInRequest, pk: int) -> HttpResponse:
    handoff = get_handoff(request, pk)
    outcomes = handoff_outcomes(handoff.engagement)
    context = {
        "engagement": handoff.engagement,
        "handoff": handoff,
        "summary": summary_of(handoff.engagement, outcomes) if outcomes else "",
    }
    return render(request, "engagements/handoff/handoff_summary.html", context)
