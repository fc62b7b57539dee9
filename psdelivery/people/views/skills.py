"""Skills: the own, those of a person with their confirmation, and the matrix."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people import services
from psdelivery.people.access import (
    get_person_for_skills,
    get_skill_to_confirm,
    reaches_person,
)
from psdelivery.people.context_processors import may_open
from psdelivery.people.exports import csv_lines
from psdelivery.people.forms.skills import (
    ConfirmSkillForm,
    MatrixFilterForm,
    MySkillsForm,
)
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of, sorted_by
from psdelivery.people.models import Skill, User
from psdelivery.people.queries.skills import (
    matrix_lines,
    matrix_people,
    matrix_rows,
    matrix_skills,
    skills_of,
)
from psdelivery.people.views.answers import posted, status_of, write_form
from psdelivery.registry import RuleRefused

SORTS = {
    "name": ("last_name", "first_name"),
    "practice": ("practice__name", "last_name"),
    "region": ("region__name", "last_name"),
}
ROWS_OF_A_PAGE = 30


@require_http_methods(["GET", "POST"])
def my_skills(request: SignedInRequest) -> HttpResponse:
    person = request.user
    skills = list(Skill.objects.filter(is_active=True))
    stored = {row.skill_id: row for row in skills_of(person)}
    form = MySkillsForm(posted(request), skills=skills, stored=stored)
    saved = write_form(
        form,
        lambda: services.state_skills(person, form.stated, by=person, now=clock.now()),
    )
    if saved is not None:
        messages.success(request, _("Your skills are saved."))
        return redirect("people:my-skills")
    context = {"form": form}
    return render(request, "people/my_skills.html", context, status=status_of(form))


@require_GET
def person_skills(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person_for_skills(request, pk)
    context = {
        "person": person,
        "rows": skills_of(person),
        "levels": ConfirmSkillForm().fields["level"].choices,  # type: ignore[attr-defined]  # of a choice field
        "may_confirm": reaches_person(request.user, person, Action.SKILLS_CONFIRM),
    }
    return render(request, "people/person_skills.html", context)


@require_POST
def skill_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_skill_to_confirm(request, pk)
    form = ConfirmSkillForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "row": row, "person": row.person}
        return render(request, "people/skill_confirm.html", context, status=422)
    try:
        services.confirm_skill(
            row, form.cleaned_data["level"], by=request.user, now=clock.now()
        )
    except RuleRefused as refused:
        back = row.person.get_absolute_url()
        context = {"reasons": refused.reasons, "back_url": back}
        return render(request, "409.html", context, status=409)
    words = {"skill": row.skill.name, "person": row.person.display_name}
    messages.success(request, _("%(skill)s of %(person)s is confirmed.") % words)
    return redirect("people:person-skills", row.person.pk)


@require_GET
def skill_matrix(request: SignedInRequest) -> HttpResponse:
    form = MatrixFilterForm(request.GET)
    people, skills = User.objects.none(), []
    if form.is_valid():
        wanted = form.wanted()
        people, skills = matrix_people(wanted), list(matrix_skills(wanted))
    page = page_of(
        sorted_by(people, request, SORTS, default="name"), request, size=ROWS_OF_A_PAGE
    )
    context = {
        "form": form,
        "page": page,
        "skills": skills,
        "rows": matrix_rows(page.object_list, skills),
        "query": request.GET.urlencode(),
        "may_see_register": may_open(request.user, "people:skill-list"),
    }
    return render(request, "people/skill_matrix.html", context, status=status_of(form))


@require_GET
def skill_export(request: SignedInRequest) -> HttpResponse | StreamingHttpResponse:
    form = MatrixFilterForm(request.GET)
    if not form.is_valid():
        # The page says what is wrong with the filters.
        answer: HttpResponse = skill_matrix(request)
        return answer
    wanted = form.wanted()
    people = sorted_by(matrix_people(wanted), request, SORTS, default="name")
    lines = csv_lines(matrix_lines(people, list(matrix_skills(wanted))))
    file = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = 'attachment; filename="skills.csv"'
    return file
