import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.choices import BallWith, Status
from engagements.models import Engagement
from engagements.services.ball import put_ball
from psdelivery.dashboards.queries.portfolio import shares_of
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from tests.dashboards.conftest import NOW
from tests.factories.people import PracticeFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
LINK = re.compile(
    r'<a[^>]*href="(/(?:engagements|steps)/\?[^"]*)"[^>]*>(.*?)</a>', re.S
)


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def portfolio(register, due, coordinator):
    """Engagements of several kinds and statuses, late ones and one of others."""
    pm = UserFactory(roles=[Role.PM])
    due(register("consulting", team=[("pm", pm)]), -30, 5, 50)
    due(register("training"), -2, -1, 24 * 30)
    blended = register("blended", team=[("pm", pm)])
    due(blended, 24)
    Engagement.objects.filter(pk=blended.pk).update(
        status=Status.ACTIVE, ball_with=BallWith.CUSTOMER
    )
    other = register("consulting", practice=PracticeFactory())
    due(other, -100)
    other.team.all().delete()
    stranger = UserFactory(roles=[Role.PSE])
    Step.objects.filter(engagement=other).update(assignee=stranger, pool=None)
    return {"pm": pm, "other": other}


def numbers_with_links(page):
    """Return (address, number) of each link whose text begins with a number."""
    found = []
    for address, inner in LINK.findall(page):
        words = re.sub(r"<[^>]+>", " ", inner).split()
        if words and words[0].isdigit() and "ball_days=" not in address:
            found.append((address.replace("&amp;", "&"), int(words[0])))
    return found


def rows_behind(client, address):
    page = client.get(address).content.decode()
    assert "data-row" in page
    return len(re.findall(r"<(?:li|tr)[^>]*\bdata-row\b", page))


@pytest.mark.parametrize("role", [Role.PRACTICE_MANAGER, Role.LEADERSHIP, Role.PM])
def test_every_number_opens_exactly_the_list_that_it_counts(
    client, portfolio, place, role
):
    reader = portfolio["pm"] if role == Role.PM else UserFactory(roles=[role], **place)
    client.force_login(reader)

    numbers = numbers_with_links(client.get("/portfolio/").content.decode())

    assert len(numbers) > 8
    assert [(a, rows_behind(client, a)) for a, n in numbers if n] == [
        (a, n) for a, n in numbers if n
    ]


def test_a_practice_manager_counts_only_the_own_practice(client, portfolio, manager):
    client.force_login(manager)

    page = client.get("/portfolio/?").content.decode()

    numbers = dict(numbers_with_links(page))
    assert numbers["/engagements/?portfolio=true"] == 3


def test_engineers_and_account_teams_have_no_portfolio(client):
    for role in (Role.PSE, Role.ACCOUNT, Role.ADMINISTRATOR):
        client.force_login(UserFactory(roles=[role]))
        assert client.get("/portfolio/").status_code == 403


def test_the_number_of_queries_does_not_grow(client, register, due, manager):
    client.force_login(manager)
    due(register(), -1, 2, 3)
    with CaptureQueriesContext(connection) as few:
        client.get("/portfolio/")
    for _number in range(4):
        due(register(), -1, -2, 3, 4)
    with CaptureQueriesContext(connection) as many:
        client.get("/portfolio/")

    assert len(many) == len(few)
    assert len(few) <= 14


def days_with_links(client):
    """Return the days by party of the portfolio, each with its address."""
    page = client.get("/portfolio/").content.decode()
    pattern = r'href="([^"]*ball_days=(\w+))">(\d+)</a>'
    return {
        party: (address.replace("&amp;", "&"), int(days))
        for address, party, days in re.findall(pattern, page)
    }


def test_the_days_of_each_party_are_those_of_their_list(client, register, manager):
    for number, party in enumerate(["customer", "customer", "sales", "finance"], 1):
        put_ball(register(), party, now=NOW - timedelta(days=number))
    client.force_login(manager)

    found = days_with_links(client)
    assert {party: days for party, (_address, days) in found.items()} == {
        "us": 9 + 8 + 7 + 6,
        "customer": 1 + 2,
        "sales": 3,
        "finance": 4,
    }
    for address, days in found.values():
        rows = client.get(address).context["rows"]
        assert sum(row.ball_days for row in rows) == days


def test_the_bar_says_in_words_what_it_shows(client, register, manager):
    put_ball(register(), "customer", now=NOW - timedelta(days=5))
    client.force_login(manager)

    page = client.get("/portfolio/").content.decode()
    words = "us 50 %, customer 50 %, sales 0 %, finance 0 %"
    assert f'role="img" aria-label="{words}"' in page


@pytest.mark.unit
@pytest.mark.parametrize(
    ("numbers", "shares"),
    [
        ([0, 0, 0], [0, 0, 0]),
        ([1, 1, 1], [34, 33, 33]),
        ([2, 1, 0], [67, 33, 0]),
        ([999, 1], [100, 0]),
    ],
)
def test_shares_make_a_hundred_together(numbers, shares):
    assert shares_of(numbers) == shares


def test_days_take_the_same_queries_with_3_and_with_30_engagements(
    client, register, manager
):
    client.force_login(manager)
    for number in range(3):
        put_ball(register(), "customer", now=NOW - timedelta(days=number))
    with CaptureQueriesContext(connection) as few:
        client.get("/portfolio/")
    for number in range(27):
        put_ball(register(), "sales", now=NOW - timedelta(days=number % 9))
    with CaptureQueriesContext(connection) as many:
        client.get("/portfolio/")
    assert len(many) == len(few)
