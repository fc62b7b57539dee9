"""What the portal uses of allauth, under the names that allauth looks up.

Nobody signs up: people are added by administrators.
"""

from django.conf import settings
from django.urls import path, re_path

from psdelivery.people import company_log_in
from psdelivery.people.views import account, second_factor

# There is one company; allauth would take many.
SIGN_ON = {"provider_id": settings.OIDC_PROVIDER_ID}

urlpatterns = [
    path("login/", account.log_in, name="account_login"),
    path("logout/", account.log_out, name="account_logout"),
    path("password/change/", account.change_password, name="account_change_password"),
    path("password/reset/", account.reset_password, name="account_reset_password"),
    path(
        "password/reset/done/",
        account.reset_password_done,
        name="account_reset_password_done",
    ),
    # The key holds dashes itself, so the first one ends the person's number.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/$",
        account.set_password,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.set_password_done,
        name="account_reset_password_from_key_done",
    ),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", second_factor.password_again, name="account_reauthenticate"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/code/", second_factor.authenticate, name="mfa_authenticate"),
    path(
        "second-factor/again/", second_factor.reauthenticate, name="mfa_reauthenticate"
    ),
    path("second-factor/set-up/", second_factor.activate, name="mfa_activate_totp"),
    path("second-factor/remove/", second_factor.deactivate, name="mfa_deactivate_totp"),
    path("second-factor/codes/", second_factor.codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/codes/new/",
        second_factor.new_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("company/", company_log_in.log_in, SIGN_ON, name="openid_connect_login"),
    path(
        "company/back/",
        company_log_in.come_back,
        SIGN_ON,
        name="openid_connect_callback",
    ),
    path(
        "company-cancelled/",
        account.company_cancelled,
        name="socialaccount_login_cancelled",
    ),
]
