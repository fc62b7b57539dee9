"""Working hours of a person: what holds, what held, and from when on others."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.people import services
from psdelivery.people.access import (
    get_hours_to_remove,
    get_person_for_hours,
    get_person_to_set_hours,
    may_set_hours,
)
from psdelivery.people.away import local_day
from psdelivery.people.forms.hours import HoursForm
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import User, WorkingHours
from psdelivery.people.rules.hours import hours_on, may_remove, usual_week, week_sum
from psdelivery.people.views.answers import posted, status_of, write_form
from psdelivery.registry import RuleRefused


@dataclass(frozen=True)
class Row:
    """Hours from a day on, as the page shows them."""

    hours: WorkingHours
    week: list[Decimal]
    total: Decimal
    holds: bool
    may_remove: bool


def rows_of(person: User, today: date, *, may_edit: bool) -> list[Row]:
    """Return a person's hours, the newest first; one of them holds today at most."""
    stored = list(person.working_hours.order_by("-valid_from"))
    current = next((one for one in stored if one.valid_from <= today), None)
    return [
        Row(
            hours=one,
            week=one.by_weekday,
            total=week_sum(one.by_weekday),
            holds=one is current,
            may_remove=may_edit and may_remove(one, today),
        )
        for one in stored
    ]


@require_GET
def my_hours(request: SignedInRequest) -> HttpResponse:
    return _hours_page(request, request.user)


@require_GET
def person_hours(request: SignedInRequest, pk: int) -> HttpResponse:
    return _hours_page(request, get_person_for_hours(request, pk))


def _hours_page(request: SignedInRequest, person: User) -> HttpResponse:
    today = local_day(person, clock.now())
    may_edit = may_set_hours(request.user, person)
    usual = usual_week(person.country)
    rows = rows_of(person, today, may_edit=may_edit)
    context = {
        "person": person,
        "rows": rows,
        "usual": usual,
        "usual_holds": not any(row.holds for row in rows),
        "usual_total": week_sum(usual),
        "may_edit": may_edit,
        "is_own": person == request.user,
    }
    return render(request, "people/person_hours.html", context)


@require_http_methods(["GET", "POST"])
def hours_add(request: SignedInRequest, pk: int) -> HttpResponse:
    person, now = get_person_to_set_hours(request, pk), clock.now()
    today = local_day(person, now)
    week = hours_on(person.working_hours.all(), today, person.country)
    form = HoursForm(posted(request), today=today, week=week)
    saved = write_form(
        form,
        lambda: services.set_working_hours(
            person,
            form.cleaned_data["valid_from"],
            form.hours,
            by=request.user,
            now=now,
        ),
    )
    if saved is not None:
        total = week_sum(saved.by_weekday)
        messages.success(request, _("Saved: %s hours a week.") % floatformat(total, -2))
        return redirect("people:person-hours", person.pk)
    context = {"form": form, "person": person, "week_total": week_sum(week)}
    return render(request, "people/hours_form.html", context, status=status_of(form))


@require_POST
def hours_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    hours = get_hours_to_remove(request, pk)
    person = hours.person
    try:
        services.remove_working_hours(hours, by=request.user, now=clock.now())
    except RuleRefused as refused:
        context = {"reasons": refused.reasons, "back_url": person.get_absolute_url()}
        return render(request, "409.html", context, status=409)
    messages.success(request, _("These hours do not begin any more."))
    return redirect("people:person-hours", person.pk)
