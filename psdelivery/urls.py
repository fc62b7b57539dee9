from django.contrib import admin
from django.urls import include, path

from psdelivery.operations import views as operations

urlpatterns = [
    path("", include("psdelivery.dashboards.urls")),
    path("people/", include("psdelivery.people.urls")),
    path("documents/", include("psdelivery.documents.urls")),
    path("live/", include("psdelivery.livetext.urls")),
    path("jobs/", include("psdelivery.jobs.urls")),
    path("comments/", include("psdelivery.comments.urls")),
    path("outbox/", include("psdelivery.outbox.urls")),
    path("playbooks/", include("psdelivery.playbooks.urls")),
    path("engagements/", include("engagements.urls")),
    path("work/", include("engagements.execution.urls")),
    path("schedule/", include("scheduling.urls")),
    path("training/", include("training.urls")),
    path("accounts/", include("psdelivery.people.account_urls")),
    path("admin/", admin.site.urls),
    path("healthz", operations.live, name="healthz"),
    path("readyz", operations.ready, name="readyz"),
]
