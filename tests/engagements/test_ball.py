from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from engagements.choices import BallWith, Status
from engagements.models import BallPeriod, Engagement
from engagements.rules.ball import BallDays, ball_days
from engagements.services.ball import pass_ball
from engagements.services.status import move_status
from engagements.turns import ball_days_of_all
from tests.engagements.ticks import set_status
from tests.factories.engagements import NOW, EngagementFactory

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
        BallPeriod.objects.create(engagement=consulting, party="us", since=NOW)


def test_a_clock_that_went_back_ends_the_turn_where_it_began(consulting, coordinator):
    before = NOW - timedelta(seconds=2)
    pass_ball(consulting, BallWith.CUSTOMER, by=coordinator, now=before)

    assert turns(consulting)[0] == ("us", NOW, NOW)


@pytest.mark.unit
def test_days_are_whole_days_of_the_customers_calendar():
    # 20:00 and 22:00 UTC lie on two days in Berlin.
    begin = datetime(2027, 2, 1, 20, 0, tzinfo=UTC)
    passed = datetime(2027, 2, 13, 23, 30, tzinfo=UTC)
    periods = [
        BallPeriod(party="us", since=begin, until=passed),
        BallPeriod(party="customer", since=passed, until=None),
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
    BallPeriod.objects.filter(engagement=consulting).update(since=early)
    passed = NOW - timedelta(days=12)
    pass_ball(consulting, BallWith.CUSTOMER, by=coordinator, now=passed)
    client.force_login(coordinator)

    text = client.get(consulting.get_absolute_url()).content.decode()
    assert "us 30 days, customer 12 days" in text


def test_the_days_of_many_engagements_are_added_up(consulting, coordinator):
    other = EngagementFactory()
    BallPeriod.objects.create(engagement=other, party="sales", since=NOW)
    pass_ball(consulting, BallWith.CUSTOMER, by=coordinator, now=later(2))

    total = ball_days_of_all(Engagement.objects.all(), later(5))
    assert total.days == {"us": 2, "sales": 5, "customer": 3}


def test_engagements_from_before_get_the_turn_that_runs():
    engagement = EngagementFactory(ball_with="customer", ball_since=NOW)
    migration = import_module("engagements.migrations.0006_open_ball_periods")

    migration.open_periods(apps, None)
    migration.open_periods(apps, None)
    assert turns(engagement) == [("customer", NOW, None)]
