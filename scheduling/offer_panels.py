"""What is offered and who could do it, on the page of a resource request."""

from collections.abc import Mapping
from typing import Any

import scheduling.offer_reactions  # noqa: F401  # registers by being imported
from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from scheduling.access import may_with_request
from scheduling.candidates import candidate_rows, conflict_of, way_rows
from scheduling.choices import OPEN_OFFERS, RequestKind, RequestState
from scheduling.forms.matching import CandidateFilterForm, ReasonForm
from scheduling.models import Offer, ResourceRequest
from scheduling.queries.matching import matching_for
from scheduling.request_panels import RequestPanel, request_panels
from scheduling.request_rights import rights_on

# Of the candidates; the others are one click away.
SHOWN = 5


def may_be_matched(asked: ResourceRequest) -> bool:
    """Whether somebody is looked for: it waits for coordination, and wants a person."""
    waits = asked.state in {RequestState.SUBMITTED, RequestState.UNDER_REVIEW}
    return waits and asked.kind != RequestKind.RELEASE


def candidates_panel(
    request: SignedInRequest, asked: ResourceRequest
) -> Mapping[str, Any] | None:
    """Return who could do it, to coordinators while the request waits for them."""
    books = may_with_request(request.user, asked, Action.BOOK)
    if not (books and may_be_matched(asked)):
        return None
    form = CandidateFilterForm(asked, request.GET or None)
    found = matching_for(asked, form.wishes, now=clock.now())
    return {
        "form": form,
        "count": len(found.candidates),
        "rows": candidate_rows(found, found.candidates[:SHOWN]),
        "conflict": conflict_of(found),
        "ways": way_rows(found),
        "may_offer": True,
        "query": request.GET.urlencode(),
    }


def offers_panel(
    request: SignedInRequest, asked: ResourceRequest
) -> Mapping[str, Any] | None:
    """Return what is offered and what became of what was; None where nothing was."""
    rows = Offer.objects.filter(request=asked).select_related("decided_by", "displaces")
    offers = list(rows.order_by("rank", "pk"))
    if not offers:
        return None
    rights = rights_on(request.user, asked)
    waiting = [one for one in offers if one.state in OPEN_OFFERS]
    return {
        "waiting": waiting,
        "past": [one for one in offers if one.state not in OPEN_OFFERS],
        "may_choose": rights.may_choose,
        "may_take_back": rights.books and bool(waiting),
        "decline_form": ReasonForm(prefix="decline", auto_id=False),
    }


def register_offers() -> None:
    """Add both to the page, and let offers follow their requests."""
    request_panels.register(
        RequestPanel(
            key="offers",
            template="scheduling/partials/_offers.html",
            context=offers_panel,
            order=20,
        )
    )
    request_panels.register(
        RequestPanel(
            key="candidates",
            template="scheduling/partials/_candidates.html",
            context=candidates_panel,
            order=60,
        )
    )
