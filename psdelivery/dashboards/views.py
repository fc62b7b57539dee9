from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from psdelivery import clock
from psdelivery.access import Action, Scope, scope_for
from psdelivery.dashboards.filters import StepFilter
from psdelivery.dashboards.queries import AHEAD_DAYS, my_day_of, portfolio_of
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.playbooks.queries import rows_of_chosen, visible_steps

PAGE_SIZE = 25
# Nobody pages through more; the filters find what comes after.
MOST_LISTED = 10_000
STEP_ORDERS = {
    "due": ("due_at", "pk"),
    "-due": ("-due_at", "-pk"),
    "customer": ("engagement__customer__name", "due_at", "pk"),
    "-customer": ("-engagement__customer__name", "due_at", "pk"),
}


@require_GET
def my_day(request: SignedInRequest) -> HttpResponse:
    scope = scope_for(request.user.role_set, Action.ENGAGEMENT_SEE)
    context = {
        "day": my_day_of(request.user, clock.now()),
        "may_see_engagements": scope is not Scope.NONE,
    }
    return render(request, "dashboards/my_day.html", context)


def query_without(request: SignedInRequest, *names: str) -> str:
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


@require_GET
def step_list(request: SignedInRequest) -> HttpResponse:
    user, now = request.user, clock.now()
    found = StepFilter(request.GET, visible_steps(user), user=user, now=now)
    order = STEP_ORDERS.get(request.GET.get("sort", ""), STEP_ORDERS["due"])
    keys = found.qs.order_by(*order).values_list("pk", flat=True)
    page = page_of(keys, request, size=PAGE_SIZE, most=MOST_LISTED)
    page.object_list = rows_of_chosen(user, list(page))
    context = {
        "page": page,
        "most_listed": MOST_LISTED,
        "form": found.form,
        "owner": found.form.cleaned_data.get("owner"),
        "without_owner": query_without(request, "owner", "page"),
    }
    status = 200 if found.is_valid() else 422
    return render(request, "dashboards/step_list.html", context, status=status)


@require_GET
def portfolio(request: SignedInRequest) -> HttpResponse:
    context = {
        "portfolio": portfolio_of(request.user, clock.now()),
        "ahead_days": AHEAD_DAYS,
    }
    return render(request, "dashboards/portfolio.html", context)
