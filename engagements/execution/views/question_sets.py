from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from engagements.execution.forms.question_sets import QuestionSetForm
from engagements.execution.models import QuestionSet
from engagements.execution.services.question_sets import (
    add_question_set,
    edit_question_set,
)
from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, status_of, write_form


@require_GET
def question_set_list(request: SignedInRequest) -> HttpResponse:
    scope = scope_for(request.user.role_set, Action.REGISTER_EDIT)
    sets = QuestionSet.objects.annotate(asked=Count("questions"))
    context = {
        "sets": sets.order_by("-is_active", "title").prefetch_related("offerings"),
        "may_edit": scope is not Scope.NONE,
    }
    return render(request, "execution/discovery/question_set_list.html", context)


@require_http_methods(["GET", "POST"])
def question_set_add(request: SignedInRequest) -> HttpResponse:
    form = QuestionSetForm(posted(request))

    def write() -> QuestionSet:
        typed = form.cleaned_data
        return add_question_set(
            form.own_values,
            typed["offerings"],
            typed["questions"],
            by=request.user,
            now=clock.now(),
        )

    if write_form(form, write) is None:
        return form_page(request, form)
    messages.success(request, _("The set is added."))
    return redirect("execution:question-set-list")


@require_http_methods(["GET", "POST"])
def question_set_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    question_set = get_object_or_404(QuestionSet, pk=pk)
    form = QuestionSetForm(posted(request), instance=question_set)

    def write() -> QuestionSet:
        changed: dict[str, Any] = form.changed_values
        return edit_question_set(
            question_set,
            form.own_values,
            offerings=changed.get("offerings"),
            lines=changed.get("questions"),
            by=request.user,
            now=clock.now(),
        )

    if write_form(form, write) is None:
        return form_page(request, form)
    messages.success(request, _("The changes are saved."))
    return redirect("execution:question-set-list")


def form_page(request: SignedInRequest, form: QuestionSetForm) -> HttpResponse:
    context = {"form": form, "question_set": form.instance}
    page = "execution/discovery/question_set_form.html"
    return render(request, page, context, status=status_of(form))
