"""The gate before each view: asks the access table who may open it, and how far."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from psdelivery.access import PUBLIC, Access, Action, Door, Scope, needed_for, scope_for


class AccessMiddleware:
    """Deny by default: a view without an entry in `URLS` opens for nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        needed = needed_for(match.view_name) if match else None
        if needed is None:
            raise PermissionDenied(_("This page is closed."))
        if needed is PUBLIC:
            _give(request, Access(PUBLIC, Scope.NONE))
            return None
        if not request.user.is_authenticated:
            return _ask_to_log_in(request)
        _give(request, _access_of(request.user, needed))
        return None


def _give(request: HttpRequest, access: Access) -> None:
    # Views know it as an attribute: people.http.SignedInRequest.
    request.access = access  # type: ignore[attr-defined]  # set here, read there


def _access_of(user: Any, needed: Action | Door) -> Access:
    if isinstance(needed, Door):
        return Access(needed, Scope.SELF)
    scope = scope_for(user.role_set, needed)
    if scope is Scope.NONE:
        raise PermissionDenied(_("Your role does not include this page."))
    return Access(needed, scope)


def _ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """Lead to the log-in page and from there back to the page that was read."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        return HttpResponseClientRedirect(redirect_to_login(_page_of(htmx)).url)
    # What only takes a POST cannot be opened after the log-in.
    is_page = request.method in {"GET", "HEAD"}
    return redirect_to_login(request.get_full_path() if is_page else "/")


def _page_of(htmx: Any) -> str:
    """Return the page that a fragment is part of, as its header says."""
    try:
        return htmx.current_url_abs_path or "/"
    except ValueError:
        # Written by hand: no browser sends an address that cannot be read.
        return "/"
