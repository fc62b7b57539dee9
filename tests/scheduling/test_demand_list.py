"""The list behind the rows of demand on the board."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery.people.choices import Role
from scheduling.choices import Hold
from scheduling.models import Partner
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, NOW, booked, startable, workdays

pytestmark = pytest.mark.django_db
LIST = reverse("scheduling:demand-list")
BOARD = reverse("scheduling:board")


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def carla(client):
    carla = UserFactory(roles=[Role.COORDINATOR])
    client.force_login(carla)
    return carla


def demand(**given):
    return booked(None, unnamed="Engineer", **given)


def listed(client, **query):
    answer = client.get(LIST, {"first": MONDAY.isoformat(), **query})
    assert answer.status_code == 200
    return [one.pk for one in answer.context["page"]]


def test_it_has_what_nobody_is_named_for_on_these_days(client, carla):
    later = demand(days=workdays(MONDAY + timedelta(days=7)))
    sooner = demand(days=workdays())
    booked(UserFactory(roles=[Role.PSE]), days=workdays())
    beyond = demand(days=workdays(MONDAY + timedelta(weeks=13)))

    assert listed(client) == [sooner.pk, later.pk]
    assert listed(client, zoom="month") == [sooner.pk, later.pk, beyond.pk]


def test_it_is_narrowed_by_the_address(client, carla):
    engagement = startable(title="Audit", customer__name="Zenith")
    audit = demand(engagement=engagement, hold=Hold.HARD)
    trainer = demand(role="trainer")

    assert listed(client, role="trainer") == [trainer.pk]
    assert listed(client, about="zenith") == [audit.pk]
    assert listed(client, region=engagement.region_id) == [audit.pk]
    assert listed(client, practice=engagement.practice_id) == [audit.pk]
    assert listed(client, engagement=engagement.pk) == [audit.pk]
    assert listed(client, hold="soft") == [trainer.pk]


def test_the_board_leads_to_what_it_does_not_draw(client, carla):
    # Eight at a time, of which six have a lane.
    for _number in range(8):
        demand(days=workdays(count=2))
    demand(role="trainer")

    html = client.get(BOARD, {"first": MONDAY.isoformat()}).content.decode()
    address = re.search(r'href="([^"]*)">2 more not drawn<', html)[1]
    rows = client.get(address.replace("&amp;", "&")).context["page"]
    assert len(rows) == 8
    assert {one.role for one in rows} == {"pse"}


def test_it_says_whose_consultant_it_is(client, carla):
    partner = Partner.objects.create(
        company="Nordlicht",
        authorisation_url="https://example.com/7",
        amount=1,
        currency="EUR",
        ends_on=MONDAY,
    )
    booked(None, unnamed="Consultant", partner=partner)

    html = client.get(LIST, {"first": MONDAY.isoformat()}).content.decode()
    assert "Consultant" in html
    assert "Nordlicht" in html


def test_an_engineer_reads_it_and_opens_what_is_the_own(client):
    ann = UserFactory(roles=[Role.PSE])
    foreign = demand(engagement=startable())
    client.force_login(ann)

    assert listed(client) == [foreign.pk]
    html = client.get(LIST, {"first": MONDAY.isoformat()}).content.decode()
    assert f'href="{foreign.get_absolute_url()}"' not in html


def test_an_empty_list_says_what_would_stand_there(client, carla):
    assert "Nobody is looked for" in client.get(LIST).content.decode()


@pytest.mark.parametrize("query", ["zoom=year", "first=x", "role=x", "region=x"])
def test_filters_that_do_not_fit_are_told(client, carla, query):
    answer = client.get(f"{LIST}?{query}")

    assert answer.status_code == 422
    assert "do not fit" in answer.content.decode()


def test_the_number_of_queries_does_not_grow(client, carla):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST, {"first": MONDAY.isoformat()})
        return len(captured)

    for _number in range(3):
        demand(engagement=startable())
    few = queries()
    for _number in range(27):
        demand(engagement=startable())
    assert queries() == few <= 12
