"""What the portal uses of allauth, under the names that allauth looks up.

Nobody signs up: people are added by administrators.
"""

from django.urls import path, re_path

from psdelivery.people.views import account

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
]
