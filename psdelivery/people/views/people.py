from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.people import services
from psdelivery.people.access import (
    get_person,
    may_enter_for,
    may_see_hours,
    may_see_kind,
    may_see_skills,
)
from psdelivery.people.away import local_day
from psdelivery.people.forms.people import (
    LeaveForm,
    NewPersonForm,
    PeopleFilterForm,
    PersonForm,
    RolesForm,
)
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of, sorted_by
from psdelivery.people.models import User
from psdelivery.people.person_links import person_links
from psdelivery.people.queries import people_matching
from psdelivery.people.queries.time_off import coming_time_off
from psdelivery.people.views.answers import posted, status_of, write_form
from psdelivery.registry import Absentee, RuleRefused, holdings

SORTS = {
    "name": ("last_name", "first_name"),
    "practice": ("practice__name", "last_name"),
    "region": ("region__name", "last_name"),
}


def _may_edit(request: SignedInRequest) -> bool:
    return scope_for(request.user.role_set, Action.USERS_EDIT) is not Scope.NONE


@require_GET
def person_list(request: SignedInRequest) -> HttpResponse:
    form = PeopleFilterForm(request.GET)
    found = User.objects.none()
    if form.is_valid():
        found = people_matching(form.wanted())
    rows = sorted_by(found, request, SORTS, default="name")
    context = {
        "form": form,
        "page": page_of(rows, request),
        "may_edit": _may_edit(request),
    }
    return render(request, "people/person_list.html", context, status=status_of(form))


@require_GET
def person_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    person, now = get_person(pk), clock.now()
    context = {
        "person": person,
        "reports": User.objects.active().filter(manager=person),
        "practices": person.managed_practices.all(),
        "may_edit": _may_edit(request),
        "now": now,
        "time_off": coming_time_off(person, local_day(person, now)),
        "may_see_kind": may_see_kind(request.user, person),
        "may_enter_for": may_enter_for(request.user, person),
        "may_see_hours": may_see_hours(request.user, person),
        "may_see_skills": may_see_skills(request.user, person),
        "links": person_links(request.user, person),
    }
    return render(request, "people/person_detail.html", context)


@require_http_methods(["GET", "POST"])
def person_add(request: SignedInRequest) -> HttpResponse:
    form = NewPersonForm(posted(request))
    person = write_form(form, lambda: _add(form, request.user))
    if person is not None:
        messages.success(request, _("%s is added. Now choose the roles.") % person)
        return redirect("people:person-roles", person.pk)
    context = {"form": form}
    return render(request, "people/person_form.html", context, status=status_of(form))


def _add(form: NewPersonForm, by: User) -> User:
    values = dict(form.cleaned_data)
    wants_link = values.pop("send_link")
    return services.add_person(values, send_link=wants_link, by=by, now=clock.now())


@require_http_methods(["GET", "POST"])
def person_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person(pk)
    # Another copy: a refused form must not change the name in the heading.
    form = PersonForm(posted(request), instance=get_person(pk))
    saved = write_form(
        form,
        lambda: services.edit_person(
            person, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if saved is not None:
        messages.success(request, _("The changes are saved."))
        return redirect(person)
    context = {"form": form, "person": person}
    return render(request, "people/person_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def person_roles(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person(pk)
    form = RolesForm(posted(request), initial={"roles": sorted(person.role_set)})
    saved = write_form(
        form,
        lambda: services.set_roles(
            person, form.cleaned_data["roles"], by=request.user, now=clock.now()
        ),
    )
    if saved is not None:
        messages.success(request, _("The roles are saved."))
        return redirect(person)
    context = {"form": form, "person": person}
    return render(request, "people/person_roles.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def person_leave(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person(pk)
    form = LeaveForm(posted(request))
    saved = write_form(
        form,
        lambda: services.mark_left(
            person, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()
        ),
    )
    if saved is not None:
        messages.success(request, _("%s can no longer log in.") % person)
        return redirect(person)
    now = clock.now()
    leaver = Absentee(person, local_day(person, now), None)
    held = holdings.held_by(leaver, request.user, now)
    context = {"form": form, "person": person, "held": held}
    return render(request, "people/person_leave.html", context, status=status_of(form))


@require_POST
def person_return(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person(pk)
    try:
        services.bring_back(person, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return refusal(request, person, refused)
    messages.success(request, _("%s can log in again.") % person)
    return redirect(person)


@require_POST
def person_link(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person(pk)
    try:
        services.send_log_in_link(person, by=request.user, now=clock.now())
    except RuleRefused as refused:
        return refusal(request, person, refused)
    messages.success(request, _("The mail to %s is on its way.") % person.email)
    return redirect(person)


def refusal(
    request: SignedInRequest, person: User, refused: RuleRefused
) -> HttpResponse:
    context = {"reasons": refused.reasons, "back_url": person.get_absolute_url()}
    return render(request, "409.html", context, status=409)
