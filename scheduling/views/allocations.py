"""The page of a booking, and what a coordinator does with it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from psdelivery.people.http import SignedInRequest
from scheduling.access import get_allocation
from scheduling.allocation_page import allocation_context


@require_GET
def allocation_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    booking = get_allocation(request, pk)
    context = allocation_context(request, booking)
    return render(request, "scheduling/allocation_detail.html", context)
