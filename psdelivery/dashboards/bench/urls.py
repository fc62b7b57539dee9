"""The portal's addresses with one more: the floor that pages are measured against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from psdelivery.people.models import Region

FLOOR = "bench-floor"


def floor(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{Region.objects.count()} regions")


urlpatterns = [
    path("bench/floor/", floor, name=FLOOR),
    path("", include("psdelivery.urls")),
]
