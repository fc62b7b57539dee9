"""The log-in of the company (OpenID Connect): who it may let in, and as whom.

Configured by the environment alone. Somebody is known by an address that the company
vouches for; nobody is made by it unless the operator says so, and who has left stays
outside.
"""

from typing import Any

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import (
    OAuth2CallbackView,
    OAuth2LoginView,
)
from allauth.socialaccount.providers.openid_connect.views import (
    OpenIDConnectOAuth2Adapter,
)
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET
from jwt.exceptions import PyJWTError

from psdelivery import clock
from psdelivery.people.models import User
from psdelivery.people.services.changes import publish_change
from psdelivery.people.services.people import add_person


class CompanyAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Lets in whom the portal knows by a verified address."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.is_existing:
            self._refuse_leaver(sociallogin.user)
            return
        address = verified_address(sociallogin)
        if not address:
            raise ImmediateHttpResponse(_refused(request, "unverified"))
        person = User.objects.filter(email__iexact=address).first()
        if person is None:
            person = self._new_person(request, sociallogin, address)
        self._refuse_leaver(person)
        with transaction.atomic():
            sociallogin.connect(request, person)
            publish_change(
                person, "company-log-in-linked", {}, by=person, now=clock.now()
            )

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        # People are made above, by the portal's own service.
        return False

    def _refuse_leaver(self, person: User) -> None:
        if not person.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))

    def _new_person(
        self, request: HttpRequest, sociallogin: SocialLogin, address: str
    ) -> User:
        """Add a person without roles, where the operator allows it."""
        if not settings.OIDC_CREATE_PEOPLE:
            raise ImmediateHttpResponse(_refused(request, "unknown"))
        told = sociallogin.user
        values = {
            "username": address[:150],
            "email": address.lower(),
            "first_name": told.first_name[:150],
            "last_name": told.last_name[:150],
        }
        return add_person(values, by=None, now=clock.now())


def verified_address(sociallogin: SocialLogin) -> str:
    """Return the address that the company vouches for; empty without one."""
    found = (one.email for one in sociallogin.email_addresses if one.verified is True)
    return next(found, "")


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    context = {"why": why}
    return render(request, "socialaccount/refused.html", context, status=403)


class CompanyServer(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """The company's server; what it says of a person is checked by its keys."""

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **more: Any
    ) -> SocialLogin:
        claims = self._claims(app, more["response"].get("id_token", ""))
        told = self._fetch_user_info(token.token)
        if told.get("sub") != claims["sub"]:
            raise OAuth2Error("The server tells of two different people.")
        data = {"userinfo": told, "id_token": claims}
        return self.get_provider().sociallogin_from_response(request, data)

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwtkit.verify_and_decode(
                credential=id_token,
                keys_url=self.openid_config["jwks_uri"],
                issuer=self.openid_config["issuer"],
                audience=app.client_id,
                lookup_kid=jwtkit.lookup_kid_jwk,
            )
        except (PyJWTError, KeyError, TypeError, ValueError) as error:
            # A token without a key, or signed in a way that does not fit its key.
            raise OAuth2Error("Invalid id_token") from error
        return claims


def is_configured() -> bool:
    """Whether the operator has set up this way in."""
    return bool(settings.OIDC_SERVER_URL)


@require_GET
def log_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the company's server."""
    return _at_the_server(OAuth2LoginView, request, provider_id)


@require_GET
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take somebody who comes back from the company's server."""
    return _at_the_server(OAuth2CallbackView, request, provider_id)


def _at_the_server(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if not is_configured():
        return redirect("account_login")
    try:
        server = CompanyServer(request, provider_id)
        answer: HttpResponse = view.adapter_view(server)(request)
    except (requests.RequestException, KeyError, ValueError):
        # The server is away, or tells nothing of itself.
        return render(
            request, "socialaccount/authentication_error.html", {}, status=503
        )
    return answer
