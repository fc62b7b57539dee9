"""Coverage: who can teach what, on a page, and as a file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people.context_processors import may_open
from psdelivery.people.exports import csv_lines
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of, sorted_by
from psdelivery.people.models import User
from training.coverage_queries import (
    AHEAD,
    CoverageFilter,
    classes_ahead,
    course_rows,
    coverage_lines,
    covered_courses,
    covering_people,
    matrix_rows,
)
from training.forms.trainers import CoverageFilterForm
from training.trainer_queries import day_for
from training.views.answers import status_of

SORTS = {
    "name": ("last_name", "first_name"),
    "practice": ("practice__name", "last_name"),
    "region": ("region__name", "last_name"),
}
ROWS_OF_A_PAGE = 30


@require_GET
def coverage(request: SignedInRequest) -> HttpResponse:
    """Show the courses with who can teach them, and the matrix of people."""
    form, now = CoverageFilterForm(request.GET), clock.now()
    wanted, people = CoverageFilter(), User.objects.get_queryset().none()
    if form.is_valid():
        wanted = form.wanted()
        people = covering_people(wanted)
    courses, today = list(covered_courses()), day_for(request.user, now)
    page = page_of(
        sorted_by(people, request, SORTS, default="name"), request, size=ROWS_OF_A_PAGE
    )
    rows = []
    if form.is_valid():
        classes = classes_ahead(wanted, request.user, now)
        rows = course_rows(courses, people, classes, today)
    context = {
        "form": form,
        "page": page,
        "courses": courses,
        "course_rows": rows,
        "thin": [row for row in rows if row.is_thin],
        "rows": matrix_rows(page.object_list, courses, today),
        "today": today,
        "days_ahead": AHEAD.days,
        "query": request.GET.urlencode(),
        "may_add": scope_for(request.user.role_set, Action.SKILLS_CONFIRM) > Scope.NONE,
        "may_see_courses": may_open(request.user, "training:course-list"),
        "may_see_classes": may_open(request.user, "training:delivery-list"),
    }
    return render(
        request, "training/trainers/coverage.html", context, status=status_of(form)
    )


@require_GET
def coverage_export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    """Send the matrix as a file: person by course, in words."""
    form = CoverageFilterForm(request.GET)
    if not form.is_valid():
        # The page says what is wrong with the filters.
        answer: HttpResponse = coverage(request)
        return answer
    people = sorted_by(covering_people(form.wanted()), request, SORTS, default="name")
    today = day_for(request.user, clock.now())
    lines = csv_lines(coverage_lines(people, list(covered_courses()), today))
    file = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    return file
