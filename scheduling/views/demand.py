"""Demand that nobody is named for: what the rows of the board have no room for."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from scheduling.access import reached_bookings
from scheduling.forms.demand import DemandForm
from scheduling.queries.demand import unnamed_demand


@require_GET
def demand_list(request: SignedInRequest) -> HttpResponse:
    form = DemandForm(request.GET, today=clock.today(request.user.zone))
    if not form.is_valid():
        context = {"form": form, "here_url": request.path}
        return render(request, "scheduling/demand_list.html", context, status=422)
    page = page_of(unnamed_demand(form.wanted, form.window), request)
    context = {
        "form": form,
        "page": page,
        "window": form.window,
        "reached": reached_bookings(request.user, [one.pk for one in page]),
        "here_url": request.path,
    }
    return render(request, "scheduling/demand_list.html", context)
