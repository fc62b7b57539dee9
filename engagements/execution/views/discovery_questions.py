from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from engagements.execution.discovery import answer_key, lines_of
from engagements.execution.discovery_access import get_session
from engagements.execution.discovery_page import session_context
from engagements.execution.forms.discovery import QuestionForm, QuestionsForm
from engagements.execution.models import DiscoveryQuestion
from engagements.execution.rules.discovery import (
    added_lines,
    reasons_against_writing,
)
from engagements.execution.rules.question_sets import QuestionLine
from engagements.execution.services.discovery_questions import (
    add_question,
    lines_of_sets,
    sets_for,
    write_questions,
)
from engagements.execution.views.discovery import FOLDER
from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import posted, refused, status_of, write_form


@require_http_methods(["GET", "POST"])
def questions_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    against = reasons_against_writing(session.engagement)
    if against:
        return refused(request, against, session.get_absolute_url())
    form = QuestionsForm(posted(request), present=lines_of(session.questions.all()))

    def write() -> bool:
        typed = form.cleaned_data
        lines = added_lines(typed["questions"], lines_of_sets(typed["sets"]))
        write_questions(session, lines, by=request.user, now=clock.now())
        return True

    if write_form(form, write):
        messages.success(request, _("The questions are saved."))
        return redirect(session)
    context = {
        "form": form,
        "session": session,
        "engagement": session.engagement,
        "fitting": [one.title for one in sets_for(session.engagement)],
    }
    status = 409 if form.is_bound and form.is_stale else status_of(form)
    return render(request, f"{FOLDER}/questions_form.html", context, status=status)


@require_POST
def question_add(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    form = QuestionForm(request.POST)

    def write() -> DiscoveryQuestion:
        line = QuestionLine("", form.cleaned_data["text"])
        return add_question(session, line, by=request.user, now=clock.now())

    question = write_form(form, write)
    if question is not None:
        place = f"#id-live-{answer_key(question.pk)}"
        return redirect(f"{session.get_absolute_url()}{place}")
    context = session_context(session, request.user) | {"question_form": form}
    page = f"{FOLDER}/session_detail.html"
    return render(request, page, context, status=status_of(form))
