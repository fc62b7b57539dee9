"""The register of skills, which managers edit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people import services
from psdelivery.people.forms.skills import SkillForm
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import Skill
from psdelivery.people.queries.skills import skill_register
from psdelivery.people.views.answers import posted, status_of, write_form


@require_GET
def skill_list(request: SignedInRequest) -> HttpResponse:
    reach = scope_for(request.user.role_set, Action.REGISTER_EDIT)
    context = {"skills": skill_register(), "may_edit": reach is not Scope.NONE}
    return render(request, "people/skill_list.html", context)


@require_http_methods(["GET", "POST"])
def skill_add(request: SignedInRequest) -> HttpResponse:
    form = SkillForm(posted(request))
    skill = write_form(
        form,
        lambda: services.add_skill(
            form.changed_values, by=request.user, now=clock.now()
        ),
    )
    return _answer(request, form, skill)


@require_http_methods(["GET", "POST"])
def skill_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    skill = get_object_or_404(Skill, pk=pk)
    # Another copy: a refused form must not change the name in the heading.
    form = SkillForm(posted(request), instance=get_object_or_404(Skill, pk=pk))
    saved = write_form(
        form,
        lambda: services.edit_skill(
            skill, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    return _answer(request, form, saved, skill=skill)


def _answer(
    request: SignedInRequest,
    form: SkillForm,
    saved: Skill | None,
    skill: Skill | None = None,
) -> HttpResponse:
    if saved is not None:
        messages.success(request, _("The skill is saved."))
        return redirect("people:skill-list")
    context = {"form": form, "skill": skill}
    return render(request, "people/skill_form.html", context, status=status_of(form))
