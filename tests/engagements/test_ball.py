from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from engagements.choices import BallWith, Status
from engagements.models import BallPeriod, Engagement
from engagements.rules.ball import BallDays, ball_days, day_number
from engagements.services.ball import pass_ball, put_ball
from engagements.services.status import move_status
from engagements.turns import ball_days_of_all
from tests.engagements.ticks import set_status
from tests.factories.engagements import NOW, EngagementFactory
from tests.factories.people import CustomerFactory

pytestmark = pytest.mark.django_db


def turns(engagement):
    rows = BallPeriod.objects.filter(engagement=engagement).order_by("pk")
    return [(row.party, row.since, row.until) for row in rows]


def later(days, hours=0):
    return NOW + timedelta(days=days, hours=hours)


def test_registering_begins_the_first_turn(consulting):
    assert turns(consulting) == [("us", NOW, None)]


def test_passing_the_ball_ends_one_turn_and_begins_the_next(consulting, coordinator):
    pass_ball(consulting, BallWith.CUSTOMER, by=coordinator, now=later(4))

    assert turns(consulting) == [
        ("us", NOW, later(4)),
        ("customer", later(4), None),
    ]
    stored = Engagement.objects.get(pk=consulting.pk)
    assert (stored.ball_with, stored.ball_since) == ("customer", later(4))


def test_passing_it_to_who_has_it_begins_nothing(consulting, coordinator):
    pass_ball(consulting, BallWith.US, by=coordinator, now=later(4))

    assert turns(consulting) == [("us", NOW, None)]


def test_a_status_move_passes_the_ball(consulting, coordinator):
    set_status(consulting, Status.ACTIVE)

    move_status(
        consulting, Status.ON_HOLD, by=coordinator, reason="Budget", now=later(3)
    )
    assert turns(consulting)[-1] == ("customer", later(3), None)


def test_the_ball_is_with_one_party_at_a_time(consulting):
    with pytest.raises(IntegrityError), transaction.atomic():
        BallPeriod.objects.create(
            engagement=consulting, party="us", since=NOW, first_day=1
        )


def test_a_turn_that_ended_tells_its_last_day(consulting):
    with pytest.raises(IntegrityError), transaction.atomic():
        BallPeriod.objects.filter(engagement=consulting).update(until=later(2))


def test_a_clock_that_went_back_ends_the_turn_where_it_began(consulting, coordinator):
    before = NOW - timedelta(seconds=2)
    pass_ball(consulting, BallWith.CUSTOMER, by=coordinator, now=before)

    assert turns(consulting)[0] == ("us", NOW, NOW)


@pytest.mark.unit
def test_days_are_whole_days_of_the_customers_calendar():
    # 20:00 and 22:00 UTC lie on two days in Berlin.
    begin = datetime(2027, 2, 1, 20, 0, tzinfo=UTC)
    passed = datetime(2027, 2, 13, 23, 30, tzinfo=UTC)
    day = partial(day_number, zone="Europe/Berlin")
    periods = [
        BallPeriod(party="us", first_day=day(begin), end_day=day(passed)),
        BallPeriod(party="customer", first_day=day(passed), end_day=None),
    ]

    days = ball_days(
        periods, now=datetime(2027, 3, 16, 9, tzinfo=UTC), zone="Europe/Berlin"
    )
    assert days.days == {"us": 13, "customer": 30}
    assert days.words == ["us 13 days", "customer 30 days"]


@pytest.mark.unit
def test_nobodys_days_and_less_than_a_day_are_not_told():
    days = BallDays({"nobody": 5, "sales": 0, "finance": 1})

    assert days.words == ["finance 1 day"]


def test_the_page_sums_the_days_by_party(client, consulting, coordinator, at_now):
    early = NOW - timedelta(days=42)
    BallPeriod.objects.filter(engagement=consulting).update(
        since=early, first_day=day_number(early, consulting.customer.zone)
    )
    passed = NOW - timedelta(days=12)
    pass_ball(consulting, BallWith.CUSTOMER, by=coordinator, now=passed)
    client.force_login(coordinator)

    text = client.get(consulting.get_absolute_url()).content.decode()
    assert "us 30 days, customer 12 days" in text


def test_the_days_of_many_engagements_are_added_up(consulting, coordinator):
    put_ball(EngagementFactory(), "sales", now=NOW)
    pass_ball(consulting, BallWith.CUSTOMER, by=coordinator, now=later(2))

    total = ball_days_of_all(Engagement.objects.all(), later(5))
    assert total.days == {"us": 2, "sales": 5, "customer": 3}


def test_each_customers_days_are_counted_on_their_own_calendar():
    # 20:00 UTC: still the same day in London, the next one in Sydney.
    for zone in ("Europe/London", "Australia/Sydney"):
        customer = CustomerFactory(zone=zone)
        put_ball(EngagementFactory(customer=customer), "us", now=NOW)

    total = ball_days_of_all(Engagement.objects.all(), later(3, hours=11))
    assert total.days == {"us": 3 + 4}


def test_the_days_of_all_take_one_query(django_assert_num_queries):
    for number in range(30):
        put_ball(EngagementFactory(), "us", now=later(-number))

    with django_assert_num_queries(1):
        ball_days_of_all(Engagement.objects.all(), NOW)


def test_the_list_shows_the_days_of_a_party_the_most_first(
    client, consulting, coordinator, at_now
):
    waiting = EngagementFactory(region=consulting.region, title="Waits")
    put_ball(waiting, "us", now=later(-20))
    put_ball(waiting, "customer", now=later(-12))
    put_ball(consulting, "customer", now=later(-3))
    EngagementFactory(region=consulting.region, title="Never")
    client.force_login(coordinator)

    answer = client.get("/engagements/?ball_days=customer")
    found = [(row.engagement.title, row.ball_days) for row in answer.context["rows"]]
    assert found == [("Waits", 12), ("Rollout", 3)]
    assert "12 days with customer" in answer.content.decode()


def test_without_asking_no_days_are_shown(client, consulting, coordinator, at_now):
    client.force_login(coordinator)

    answer = client.get("/engagements/?sort=days")
    assert [row.ball_days for row in answer.context["rows"]] == [None]
    assert client.get("/engagements/?ball_days=moon").status_code == 422


def test_the_list_takes_the_same_queries_with_days(client, coordinator, at_now):
    client.force_login(coordinator)
    url = "/engagements/?ball_days=customer"
    for _turn in range(3):
        put_ball(EngagementFactory(), "customer", now=later(-2))
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _turn in range(27):
        put_ball(EngagementFactory(), "customer", now=later(-2))
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_turns_from_before_get_their_days():
    engagement = EngagementFactory()
    put_ball(engagement, "us", now=NOW)
    put_ball(engagement, "customer", now=later(4))
    BallPeriod.objects.update(first_day=1)
    migration = import_module("engagements.migrations.0013_count_days_of_turns")

    migration.count_days(apps, None)
    first, second = BallPeriod.objects.order_by("pk")
    assert (first.end_day - first.first_day, second.end_day) == (4, None)
    assert second.first_day == first.end_day
