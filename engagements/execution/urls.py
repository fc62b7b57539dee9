"""Addresses of the work between kickoff and close-out, below /work/."""

from engagements.execution import discovery_urls

app_name = "execution"

urlpatterns: list = [
    *discovery_urls.urlpatterns,
from engagements.execution import plan_urls

app_name = "execution"

urlpatterns = [
    *plan_urls.urlpatterns,
]
