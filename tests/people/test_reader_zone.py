from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.utils import timezone

from psdelivery.people.middleware import ReaderZoneMiddleware

pytestmark = pytest.mark.unit


@pytest.fixture
def zone_seen_by(rf):
    def ask(user):
        request = rf.get("/")
        request.user = user
        answer = ReaderZoneMiddleware(
            lambda _: HttpResponse(timezone.get_current_timezone_name())
        )(request)
        return answer.content.decode()

    return ask


def test_page_is_made_in_the_zone_of_its_reader(zone_seen_by):
    assert zone_seen_by(SimpleNamespace(zone="Australia/Sydney")) == "Australia/Sydney"


def test_zone_does_not_stay_for_the_next_reader(zone_seen_by):
    zone_seen_by(SimpleNamespace(zone="Australia/Sydney"))

    assert timezone.get_current_timezone_name() == "UTC"


@pytest.mark.parametrize(
    "user",
    [
        AnonymousUser(),
        SimpleNamespace(zone=""),
        SimpleNamespace(zone="Mars/Olympus"),
        SimpleNamespace(zone="../../etc/passwd"),
    ],
)
def test_without_a_known_zone_the_portals_own_counts(zone_seen_by, user):
    assert zone_seen_by(user) == "UTC"
