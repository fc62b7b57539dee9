"""Addresses of the work between kickoff and close-out, below /work/."""

app_name = "execution"

urlpatterns: list = []
