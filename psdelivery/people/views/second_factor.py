"""allauth's pages of the second factor, answering as all forms of the portal do."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from psdelivery.people.access import get_person
from psdelivery.people.http import SignedInRequest
from psdelivery.people.second_factor import reset_second_factor
from psdelivery.people.views.account import RefusedIs422


class LeadsBack:
    """Where there is nothing to show or remove, the overview says so."""

    def dispatch(
        self, request: SignedInRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        try:
            answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # of the view it is mixed into
        except Http404:
            return redirect("mfa_index")
        return answer


class AuthenticateView(RefusedIs422, base.AuthenticateView):  # type: ignore[misc]  # allauth has no types
    pass


class ReauthenticateView(RefusedIs422, base.ReauthenticateView):  # type: ignore[misc]  # allauth has no types
    pass


class PasswordAgainView(RefusedIs422, account.ReauthenticateView):  # type: ignore[misc]  # allauth has no types
    pass


class ActivateView(RefusedIs422, totp.ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    pass


class DeactivateView(LeadsBack, RefusedIs422, totp.DeactivateTOTPView):  # type: ignore[misc]  # allauth has no types
    pass


class CodesView(LeadsBack, recovery.ViewRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    pass


class NewCodesView(RefusedIs422, recovery.GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    pass


index = base.index
authenticate = AuthenticateView.as_view()
reauthenticate = ReauthenticateView.as_view()
password_again = PasswordAgainView.as_view()
activate = ActivateView.as_view()
deactivate = DeactivateView.as_view()
codes = CodesView.as_view()
new_codes = NewCodesView.as_view()


@require_POST
def second_factor_reset(request: SignedInRequest, pk: int) -> HttpResponse:
    person = get_person(pk)
    reset_second_factor(person, by=request.user)
    messages.success(
        request,
        _("%s logs in without the second factor until it is set up again.")
        % person.display_name,
    )
    return redirect(person)
