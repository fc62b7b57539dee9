from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

from psdelivery import health

# Only what the portal uses of allauth: people are added by administrators.
account_urls = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "password/reset/key/<str:uidb36>-<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("inactive/", account.account_inactive, name="account_inactive"),
]

urlpatterns = [
    path("", include("psdelivery.dashboards.urls")),
    path("people/", include("psdelivery.people.urls")),
    path("documents/", include("psdelivery.documents.urls")),
    path("outbox/", include("psdelivery.outbox.urls")),
    path("playbooks/", include("psdelivery.playbooks.urls")),
    path("engagements/", include("engagements.urls")),
    path("training/", include("training.urls")),
    path("accounts/", include(account_urls)),
    path("admin/", admin.site.urls),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
