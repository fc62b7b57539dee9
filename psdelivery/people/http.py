"""The request as views get it: the middleware has let nobody else through."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from psdelivery.access import Access
from psdelivery.people.models import User


class SignedInRequest(HttpRequest):
    """A request whose person and reach are known to the type checker."""

    user: User
    access: Access
    htmx: HtmxDetails


def page_before(request: HttpRequest, *, otherwise: str) -> str:
    """Return the page whose address came with the form as `next`, if it is ours.

    Only a path from the root: `redirect` takes any other word for the name of a
    view, and fails where there is none.
    """
    address = request.POST.get("next", "")
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if is_ours else otherwise
