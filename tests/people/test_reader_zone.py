from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.utils import timezone

from psdelivery.people.middleware import ReaderZoneMiddleware
from psdelivery.people.templatetags.moments import reader_zone

pytestmark = pytest.mark.unit


@pytest.fixture
def zone_seen_by(rf):
    def ask(user):
        request = rf.get("/")
        request.user = user
        answer = ReaderZoneMiddleware(lambda _: HttpResponse(reader_zone()))(request)
        return answer.content.decode()

    return ask


def test_page_is_made_in_the_zone_of_its_reader(zone_seen_by):
    assert zone_seen_by(SimpleNamespace(zone="Australia/Sydney")) == "Australia/Sydney"


@pytest.mark.parametrize("zone", ["Etc/GMT-5", "Asia/Kolkata", "UTC", "EST"])
def test_a_zone_keeps_its_name_whatever_its_clock_is_called(zone_seen_by, zone):
    assert zone_seen_by(SimpleNamespace(zone=zone)) == zone


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
