from typing import cast

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.views.answers import REFUSED_FORM
from psdelivery.registry import RuleRefused
from training.forms.rubrics import BadgeForm, RubricFormSet, badge_form, rubric_rows
from training.models import Course
from training.rules.rubric import sight_of_rubric
from training.services.rubrics import lines_of, save_rubric
from training.views.answers import posted


@require_http_methods(["GET", "POST"])
def course_rubric(request: SignedInRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=pk)
    lines = lines_of(course)
    form = badge_form(posted(request), course, lines)
    rows = rubric_rows(posted(request), lines)
    if request.method == "POST" and saved(request, course, form, rows):
        messages.success(request, _("The rubric is saved."))
        return redirect("training:course-rubric", pk=course.pk)
    context = {
        "course": course,
        "form": form,
        "rows": rows,
        "total": sum(line.points for line in lines),
    }
    status = REFUSED_FORM if request.method == "POST" else 200
    return render(
        request, "training/certification/course_rubric.html", context, status=status
    )


def saved(
    request: SignedInRequest, course: Course, form: BadgeForm, rows: RubricFormSet
) -> bool:
    """Write a valid rubric; False, with what is wrong at its place."""
    if not (form.is_valid() and rows.is_valid()):
        return False
    typed = form.cleaned_data
    try:
        save_rubric(
            course,
            rows.lines,
            badge_url=typed["badge_url"],
            seen=typed["seen"] or None,
            by=request.user,
            now=clock.now(),
        )
    except RuleRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason.sentence)
        show_as_seen(form, course)
        return False
    return True


def show_as_seen(form: BadgeForm, course: Course) -> None:
    """Let the next try count as made by somebody who knows of the other's change."""
    course.refresh_from_db()
    data = cast(QueryDict, form.data).copy()
    data["seen"] = sight_of_rubric(lines_of(course), course.badge_url)
    form.data = data
