from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.forms.handoff import AnswerForm, StepOfQuestionForm, first_title
from engagements.services.handoff_questions import StepWanted
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from training.access import get_delivery
from training.forms.parking_lot import ParkForm
from training.models import Delivery
from training.roster_access import get_parked
from training.rules.parking_lot import reasons_against_taking_over
from training.rules.roster import reasons_against_roster
from training.services.parking_lot import (
    answer_parked,
    park_question,
    turn_parked_into_step,
)
from training.views.answers import posted, refused, status_of, write_form


def question_page(
    request: SignedInRequest, delivery: Delivery, form: BaseForm, name: str, **more: Any
) -> HttpResponse:
    context = {"delivery": delivery, "form": form, **more}
    template = f"training/roster/{name}.html"
    return render(request, template, context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def parked_add(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    if against := reasons_against_roster(delivery):
        return refused(request, against, delivery.get_absolute_url())
    form = ParkForm(posted(request))
    parked = write_form(
        form,
        lambda: park_question(
            delivery,
            form.cleaned_data["text"],
            form.cleaned_data["asked_by"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if parked is None:
        return question_page(request, delivery, form, "parked_form")
    messages.success(request, _("The question is parked."))
    return redirect(parked)


@require_http_methods(["GET", "POST"])
def parked_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    question = get_parked(request, pk)
    first = {"answer": question.answer, "seen": question.answer}
    form = AnswerForm(posted(request), initial=first)
    saved = write_form(
        form,
        lambda: answer_parked(
            question,
            form.cleaned_data["answer"],
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if saved is None:
        more = {"question": question}
        return question_page(request, question.delivery, form, "parked_answer", **more)
    messages.success(request, _("The question is answered."))
    return redirect(question)


@require_http_methods(["GET", "POST"])
def parked_step(request: SignedInRequest, pk: int) -> HttpResponse:
    question = get_parked(request, pk)
    delivery = question.delivery
    if against := reasons_against_taking_over(question):
        return refused(request, against, question.get_absolute_url())
    first = {"title": first_title(question.text), "owner": delivery.trainer_id}
    form = StepOfQuestionForm(delivery.engagement, posted(request), initial=first)
    turned = write_form(
        form,
        lambda: turn_parked_into_step(
            question,
            StepWanted(**form.cleaned_data),
            by=request.user,
            now=clock.now(),
        ),
    )
    if turned is None:
        return question_page(request, delivery, form, "parked_step", question=question)
    messages.success(request, _("The question is a step now."))
    return redirect(question)
