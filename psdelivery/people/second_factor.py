"""The second factor: kept encrypted, asked for by role, told to the history."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from psdelivery import clock
from psdelivery.people.models import User
from psdelivery.people.register import portal_settings
from psdelivery.people.services.changes import publish_change

ROLES_SETTING = "log-in.second-factor-roles"
# In the session of somebody who has to set it up before anything else.
NEEDED = "second_factor_needed"
# Where they may go meanwhile.
OPEN_VIEWS = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
        "people:theme",
    }
)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets rest encrypted with the key of the portal, older keys are still read."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (sha256(f"second factor:{key!s}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])


def is_required(user: User) -> bool:
    """Whether one of the person's roles must have a second factor; one query."""
    return bool(user.role_set.intersection(portal_settings()[ROLES_SETTING]))


def note_at_log_in(request: HttpRequest, user: User) -> None:
    """Remember for the session that the second factor has to be set up first."""
    if is_required(user) and not is_mfa_enabled(user):
        request.session[NEEDED] = True


class SecondFactorMiddleware:
    """Lead who needs a second factor to where it is set up, and nowhere else.

    Decided at the log-in, so that no page asks the database for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or NEEDED not in request.session:
            return None
        if is_mfa_enabled(request.user):
            del request.session[NEEDED]
            return None
        match = request.resolver_match
        if match is not None and match.view_name in OPEN_VIEWS:
            return None
        messages.warning(request, _("Your role needs a second factor. Set it up now."))
        return redirect("mfa_activate_totp")


def reset_second_factor(person: User, *, by: User) -> None:
    """Take away what somebody lost: the password alone opens until they set it up."""
    with transaction.atomic():
        removed, _rows = Authenticator.objects.filter(user=person).delete()
        if removed:
            publish_change(person, "second-factor-reset", {}, by=by, now=clock.now())


def has_second_factor(person: User) -> bool:
    """Whether the log-in of a person asks for a second factor."""
    return bool(is_mfa_enabled(person))


def register_second_factor() -> None:
    """Let the history know who set up or removed their second factor."""
    authenticator_added.connect(_added, dispatch_uid="second-factor-added")
    authenticator_removed.connect(_removed, dispatch_uid="second-factor-removed")


def _added(user: User, authenticator: Authenticator, **_more: Any) -> None:
    _tell(user, authenticator, "second-factor-added")


def _removed(user: User, authenticator: Authenticator, **_more: Any) -> None:
    _tell(user, authenticator, "second-factor-removed")


def _tell(user: User, authenticator: Authenticator, verb: str) -> None:
    # The recovery codes come and go with it.
    if authenticator.type == Authenticator.Type.TOTP:
        with transaction.atomic():
            publish_change(user, verb, {}, by=user, now=clock.now())
