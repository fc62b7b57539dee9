from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from scheduling.access import get_request, visible_requests
from scheduling.request_panels import request_panels
from scheduling.request_rights import rights_on
from scheduling.words import headline

PAGE_SIZE = 25


@require_GET
def request_list(request: SignedInRequest) -> HttpResponse:
    rows = visible_requests(request.user).select_related(
        "engagement__customer", "person", "requested_by"
    )
    context = {"page": page_of(rows, request, size=PAGE_SIZE)}
    return render(request, "scheduling/request_list.html", context)


@require_GET
def request_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_request(request, pk)
    context = {
        "asked": asked,
        "headline": headline(asked),
        "rights": rights_on(request.user, asked),
        "panels": request_panels.shown(request, asked),
    }
    return render(request, "scheduling/request_detail.html", context)
