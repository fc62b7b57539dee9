from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.execution.forms.work_items import AnswerForm, QuestionForm, RiskForm
from engagements.execution.models import OpenQuestion, WorkItem
from engagements.execution.rules.build import shortened
from engagements.execution.services.open_questions import (
    answer_open_question,
    ask_open_question,
    drop_question,
    turn_into_risk,
)
from engagements.execution.work_access import get_item, get_open_question
from engagements.views.answers import posted, status_of, written
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import refused
from psdelivery.registry import RuleRefused


def form_page(
    request: SignedInRequest, item: WorkItem, form: Any, name: str, **more: Any
) -> HttpResponse:
    context = {"engagement": item.engagement, "item": item, "form": form, **more}
    template = f"execution/work/{name}.html"
    return render(request, template, context, status=status_of(form))


def back_to(question: OpenQuestion) -> HttpResponse:
    url = question.work_item.get_absolute_url()
    return redirect(f"{url}#question-{question.pk}")


@require_http_methods(["GET", "POST"])
def question_add(request: SignedInRequest, pk: int) -> HttpResponse:
    item = get_item(request, pk)
    form = QuestionForm(posted(request))
    asked = None
    if form.is_bound and form.is_valid():
        text, by = form.cleaned_data["text"], request.user
        asked = written(
            form, lambda: ask_open_question(item, text, by=by, now=clock.now())
        )
    if asked is None:
        return form_page(request, item, form, "question_form")
    messages.success(request, _("The question is added."))
    if asked.work_item.state != item.state:
        words = _("The item is not in build any more while the question is open.")
        messages.warning(request, words)
    return back_to(asked)


@require_http_methods(["GET", "POST"])
def question_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    question = get_open_question(request, pk)
    first = {"answer": question.answer, "seen": question.answer}
    form = AnswerForm(posted(request), initial=first)
    saved = None
    if form.is_bound and form.is_valid():
        given, by = form.cleaned_data, request.user
        saved = written(
            form,
            lambda: answer_open_question(
                question, given["answer"], seen=given["seen"], by=by, now=clock.now()
            ),
        )
    if saved is None:
        item = question.work_item
        return form_page(request, item, form, "question_answer", question=question)
    messages.success(request, _("The question is answered."))
    return back_to(question)


@require_http_methods(["GET", "POST"])
def question_risk(request: SignedInRequest, pk: int) -> HttpResponse:
    question = get_open_question(request, pk)
    item = question.work_item
    first = {"title": shortened(question.text), "priority": "medium"}
    form = RiskForm(item.engagement, posted(request), initial=first)
    risk = None
    if form.is_bound and form.is_valid():
        wanted, by = form.wanted, request.user
        risk = written(
            form, lambda: turn_into_risk(question, wanted, by=by, now=clock.now())
        )
    if risk is None:
        return form_page(request, item, form, "question_risk", question=question)
    messages.success(request, _("The question is a risk of the engagement now."))
    return back_to(question)


@require_POST
def question_drop(request: SignedInRequest, pk: int) -> HttpResponse:
    question = get_open_question(request, pk)
    url = question.work_item.get_absolute_url()
    try:
        item = drop_question(question, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, url)
    messages.success(request, _("The question is taken away."))
    return redirect(item)
