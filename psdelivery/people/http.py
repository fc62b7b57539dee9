"""The request as views get it: the middleware has let nobody else through."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from psdelivery.access import Access
from psdelivery.people.models import User


class SignedInRequest(HttpRequest):
    """A request whose person and reach are known to the type checker."""

    user: User
    access: Access
    htmx: HtmxDetails
