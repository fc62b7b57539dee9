from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from training.access import visible_deliveries
from training.calendar_page import calendar_page
from training.day_page import ONE_DAY, classes_of_day
from training.forms.calendar import CalendarForm, DayForm
from training.rules.calendar import MONTH, WEEK, Span
from training.views.answers import status_of


@require_GET
def delivery_calendar(request: SignedInRequest) -> HttpResponse:
    user, now = request.user, clock.now()
    within = visible_deliveries(user, Action.WORK_SEE)
    today = clock.today(user.zone)
    form = CalendarForm(request.GET, within=within, user=user, today=today)
    shown = within if form.is_valid() else within.none()
    span = form.span
    context = {
        "form": form,
        "places": places(request, span, today),
        **calendar_page(shown, span, form.wanted, reader=user, today=today, now=now),
    }
    status = status_of(form)
    return render(
        request, "training/calendar/delivery_calendar.html", context, status=status
    )


def places(request: SignedInRequest, span: Span, today: date) -> dict[str, str]:
    """Return the addresses beside this one; every other filter is kept."""
    return {
        "previous": address(request, day=span.previous),
        "today": address(request, day=today),
        "next": address(request, day=span.next),
        MONTH: address(request, view=MONTH, day=span.day),
        WEEK: address(request, view=WEEK, day=span.day),
    }


def address(request: SignedInRequest, **changes: object) -> str:
    """Return this address with other days or another view."""
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


@require_GET
def trainer_day(request: SignedInRequest) -> HttpResponse:
    today = clock.today(request.user.zone)
    form = DayForm(request.GET)
    day = (form.cleaned_data["day"] if form.is_valid() else None) or today
    context = {
        "form": form,
        "day": day,
        "is_today": day == today,
        "previous": day - ONE_DAY,
        "next": day + ONE_DAY,
        "classes": classes_of_day(request.user, day, now=clock.now()),
    }
    status = status_of(form)
    return render(request, "training/day/trainer_day.html", context, status=status)
