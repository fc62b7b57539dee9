"""Addresses of the work between kickoff and close-out, below /work/."""

from engagements.execution import (
    discovery_urls,
    health_urls,
    plan_urls,
    work_urls,
)

app_name = "execution"

urlpatterns = [
    *discovery_urls.urlpatterns,
    *plan_urls.urlpatterns,
    *work_urls.urlpatterns,
    *health_urls.urlpatterns,
]
