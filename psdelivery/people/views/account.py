"""The log-in pages of allauth, answering as all forms of the portal do."""

from typing import Any

from allauth.account import views as allauth
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from psdelivery.people.account_forms import (
    ChangePasswordForm,
    LogInForm,
    ResetPasswordForm,
    SetPasswordForm,
)
from psdelivery.people.company_log_in import is_configured
from psdelivery.people.guessing import TOO_MANY
from psdelivery.people.http import SignedInRequest


class RefusedIs422:
    """A form that is not valid comes back with status 422."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # of the view it is mixed into
        response.status_code = 422
        return response


class LogInView(RefusedIs422, allauth.LoginView):  # type: ignore[misc]  # allauth has no types
    form_class = LogInForm

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        response = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, TOO_MANY):
            response.status_code = 429
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if is_configured():
            context["company"] = settings.OIDC_NAME
            context["company_url"] = company_url(self.request)
        if settings.DEMO:
            context["demo_logins"] = settings.DEMO_LOGINS
            context["demo_password"] = settings.DEMO_PASSWORD
        return context


def company_url(request: HttpRequest) -> str:
    """Return where the log-in of the company begins, and leads back from."""
    url = reverse("openid_connect_login")
    next_page = request.GET.get("next", "")
    return f"{url}?{urlencode({'next': next_page})}" if next_page else url


@require_GET
def company_cancelled(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/login_cancelled.html")


class ResetPasswordView(RefusedIs422, allauth.PasswordResetView):  # type: ignore[misc]  # allauth has no types
    form_class = ResetPasswordForm


class SetPasswordView(RefusedIs422, allauth.PasswordResetFromKeyView):  # type: ignore[misc]  # allauth has no types
    form_class = SetPasswordForm


class ChangePasswordView(RefusedIs422, allauth.PasswordChangeView):  # type: ignore[misc]  # allauth has no types
    form_class = ChangePasswordForm

    def dispatch(
        self, request: SignedInRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        # Who came in by another way than a password makes the first one by mail.
        if not request.user.has_usable_password():
            return redirect("account_reset_password")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


log_in = LogInView.as_view()
log_out = allauth.logout
reset_password = ResetPasswordView.as_view()
reset_password_done = allauth.password_reset_done
set_password = SetPasswordView.as_view()
set_password_done = allauth.password_reset_from_key_done
change_password = ChangePasswordView.as_view()
account_inactive = allauth.account_inactive
