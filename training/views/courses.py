from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.context_processors import may_open
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of, sorted_by
from training.coverage_queries import CoverageFilter, course_rows, covering_people
from training.forms.courses import CourseForm
from training.models import Course
from training.queries import courses_in_order
from training.services.courses import add_course, edit_course
from training.views.answers import posted, status_of, write_form

SORTS = {
    "title": ("is_off", "title"),
    "sessions": ("is_off", "session_count", "title"),
    "seats": ("is_off", "seats", "title"),
}


@require_GET
def course_list(request: SignedInRequest) -> HttpResponse:
    rows = sorted_by(courses_in_order(), request, SORTS, default="title")
    may_edit = scope_for(request.user.role_set, Action.REGISTER_EDIT) > Scope.NONE
    context = {
        "page": page_of(rows, request),
        "may_edit": may_edit,
        "may_see_coverage": may_open(request.user, "training:coverage"),
    }
    return render(request, "training/course_list.html", context)


@require_GET
def course_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a course to everybody: its materials, and who can teach it."""
    course = get_object_or_404(Course, pk=pk)
    roles, today = request.user.role_set, clock.today(request.user.zone)
    sees_people = scope_for(roles, Action.SKILLS_SEE) > Scope.NONE
    rows = course_rows([course], covering_people(CoverageFilter()), {}, today)
    context = {
        "course": course,
        "row": rows[0] if sees_people else None,
        "may_see_list": scope_for(roles, Action.REGISTER_SEE) > Scope.NONE,
        "may_edit": scope_for(roles, Action.REGISTER_EDIT) > Scope.NONE,
        "may_add": scope_for(roles, Action.SKILLS_CONFIRM) > Scope.NONE,
    }
    return render(request, "training/course_detail.html", context)


@require_http_methods(["GET", "POST"])
def course_add(request: SignedInRequest) -> HttpResponse:
    form = CourseForm(posted(request))
    course = write_form(
        form,
        lambda: add_course(form.changed_values, by=request.user, now=clock.now()),
    )
    if course is not None:
        messages.success(request, _("The course is added."))
        return redirect("training:course-list")
    context = {"form": form}
    status = status_of(form)
    return render(request, "training/course_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def course_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(Course, pk=pk)
    form = CourseForm(posted(request), instance=get_object_or_404(Course, pk=pk))
    saved = write_form(
        form,
        lambda: edit_course(
            course, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if saved is not None:
        messages.success(request, _("The changes are saved."))
        return redirect("training:course-list")
    context = {"form": form, "course": course}
    status = status_of(form)
    return render(request, "training/course_form.html", context, status=status)
