from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.registry import Reason, RuleRefused
from scheduling.access import get_request
from scheduling.candidates import candidate_rows, chosen_ways, conflict_of, way_rows
from scheduling.choices import OfferState
from scheduling.forms.matching import CandidateFilterForm
from scheduling.models import Offer, ResourceRequest
from scheduling.offer_panels import may_be_matched
from scheduling.queries.matching import matching_for
from scheduling.services.offers import offer_ways
from scheduling.words import headline

PAGE_SIZE = 25


@require_GET
def request_candidates(request: SignedInRequest, pk: int) -> HttpResponse:
    return candidates_page(request, get_request(request, pk))


def candidates_page(
    request: SignedInRequest,
    asked: ResourceRequest,
    *,
    ticked: Sequence[str] = (),
    reasons: Sequence[Reason] = (),
    status: int = 200,
) -> HttpResponse:
    form = CandidateFilterForm(asked, request.GET or None)
    found = matching_for(asked, form.wishes, now=clock.now())
    pages = Paginator(found.candidates, PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "headline": headline(asked),
        "form": form,
        "page": page,
        "reasons": reasons,
        "match": {
            "count": len(found.candidates),
            "rows": candidate_rows(found, list(page.object_list), ticked),
            "conflict": conflict_of(found),
            "ways": way_rows(found, ticked),
            "may_offer": may_be_matched(asked),
            "query": request.GET.urlencode(),
        },
    }
    if form.is_bound and not form.is_valid():
        status = 422
    template = "scheduling/request_candidates.html"
    return render(request, template, context, status=status)


@require_POST
def request_offer(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = get_request(request, pk)
    form = CandidateFilterForm(asked, request.GET or None)
    keys = request.POST.getlist("way")
    found = matching_for(asked, form.wishes, now=clock.now())
    ways, gone = chosen_ways(found, keys)
    try:
        if gone:
            raise RuleRefused(gone)
        version = seen_version(request)
        offers = offer_ways(
            asked, ways, version=version, by=request.user, now=clock.now()
        )
    except RuleRefused as refused:
        fresh = get_request(request, pk)
        return candidates_page(
            request, fresh, ticked=keys, reasons=refused.reasons, status=409
        )
    messages.success(request, said_of(offers))
    return redirect(asked)


def seen_version(request: SignedInRequest) -> int | None:
    """What was looked at; anything but a number is an older page than any."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def said_of(offers: Sequence[Offer]) -> str:
    count = len(offers)
    said = ngettext("%(n)d way is offered.", "%(n)d ways are offered.", count)
    if any(one.state == OfferState.ASKING for one in offers):
        asked = _("The requester of the soft hold is asked first.")
        return f"{said % {'n': count}} {asked}"
    return said % {"n": count}
