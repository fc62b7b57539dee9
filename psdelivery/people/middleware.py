"""The reader's own clock, for the length of one request."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from psdelivery import clock
from psdelivery.people.models import User


class ReaderZoneMiddleware:
    """Let every page, form and message speak in the time zone of its reader.

    Without it times would show, and worse: be read from forms, in UTC.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            # who they stand in for is a question of the moment.
            request.user.asked_at = clock.now()
        zone = known_zone(getattr(request.user, "zone", ""))
        if zone is None:
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)


def known_zone(name: str) -> ZoneInfo | None:
    """The zone of that name; None for an empty or unknown one."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
