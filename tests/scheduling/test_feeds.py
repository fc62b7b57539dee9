"""Calendar feeds: secret, revocable, logged, and read by other programs."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
import vobject
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from scheduling.choices import FeedKind, Hold
from scheduling.models import CalendarFeed, FeedRead
from scheduling.rules.times import Slot
from scheduling.services.bookings import Change, change
from scheduling.services.feeds import hash_of, make_feed, revoke_feed
from scheduling.services.times import Source, Takers, occupy
from tests.factories.people import UserFactory
from tests.factories.scheduling import (
    MONDAY,
    NOW,
    booked,
    startable,
    wanted,
    workdays,
)

HOUR = timedelta(hours=1)


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return vobject.readOne(answer.text)


def events(calendar):
    return {one.summary.value: one for one in calendar.contents.get("vevent", [])}


@pytest.fixture
def feed(ann, at_now):
    return make_feed(ann, FeedKind.PERSONAL, now=NOW)


def test_a_booking_is_an_event_of_whole_days_for_each_run(client, feed, ann):
    engagement = startable()
    days = {**workdays(MONDAY, 5), **workdays(MONDAY + timedelta(days=7), 2, 4)}
    booked(ann, engagement, hold=Hold.HARD, days=days)

    calendar = read(client, feed.path)

    found = calendar.contents["vevent"]
    spans = {(one.dtstart.value, one.dtend.value) for one in found}
    assert spans == {
        (date(2027, 3, 15), date(2027, 3, 20)),
        (date(2027, 3, 22), date(2027, 3, 24)),
    }
    assert {one.status.value for one in found} == {"CONFIRMED"}
    assert any("8 h a day, hard" in one.summary.value for one in found)
    assert len({one.uid.value for one in found}) == 2


def test_a_changed_booking_keeps_its_uid_and_counts_on(client, feed, ann):
    engagement = startable()
    allocation = booked(ann, engagement)
    [before] = read(client, feed.path).contents["vevent"]

    fewer = wanted(ann, engagement, days=workdays(hours=2))
    change(allocation, fewer, Change(), by=None, now=NOW)

    [after] = read(client, feed.path).contents["vevent"]
    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.status.value == "TENTATIVE"


@pytest.mark.parametrize(
    ("day", "local"),
    [
        # Clocks in Berlin change on 28 March and on 31 October 2027.
        (datetime(2027, 3, 26, 8, 0, tzinfo=UTC), 9),
        (datetime(2027, 3, 29, 8, 0, tzinfo=UTC), 10),
        (datetime(2027, 10, 29, 8, 0, tzinfo=UTC), 10),
        (datetime(2027, 11, 1, 8, 0, tzinfo=UTC), 9),
    ],
)
def test_a_session_stands_at_the_readers_hour_across_clock_changes(
    client, feed, ann, day, local
):
    ann.zone = "Europe/Berlin"
    ann.save()
    source = Source(kind="class", key="1", title="Git basics", zone="Europe/Berlin")
    occupy(source, [Slot(day, day + 4 * HOUR)], Takers([ann]), now=NOW)

    event = events(read(client, feed.path))["Git basics"]

    assert event.dtstart.value.hour == local
    assert event.dtstart.value.astimezone(UTC) == day
    assert event.dtend.value.astimezone(UTC) == day + 4 * HOUR


def test_offers_are_in_no_feed_and_others_bookings_neither(client, feed, ann, ben):
    booked(ben)

    assert "vevent" not in read(client, feed.path).contents


def test_a_feed_of_an_engagement_says_whose_each_event_is(client, ann, at_now):
    coordinator = UserFactory(roles=[Role.COORDINATOR])
    engagement = startable()
    booked(ann, engagement)
    made = make_feed(coordinator, FeedKind.ENGAGEMENT, engagement, now=NOW)

    [summary] = events(read(client, made.path))

    assert summary.startswith("Ann A · ")


def test_a_feed_of_a_team_shows_who_reports_to_the_owner(client, ben, at_now):
    manager = UserFactory(roles=[Role.PRACTICE_MANAGER])
    report = UserFactory(first_name="Rea", last_name="R", manager=manager)
    booked(report)
    booked(ben)
    made = make_feed(manager, FeedKind.TEAM, now=NOW)

    [summary] = events(read(client, made.path))

    assert summary.startswith("Rea R · ")


def test_who_no_longer_sees_the_engagement_reads_nothing(client, ann, at_now):
    engagement = startable()
    booked(ann, engagement)
    engagement_feed = make_feed(ann, FeedKind.ENGAGEMENT, engagement, now=NOW)
    ann.role_grants.create(role=Role.PSE) if not ann.role_set else None
    assert client.get(engagement_feed.path).status_code == 200

    engagement.team.all().delete()

    assert client.get(engagement_feed.path).status_code == 404


def test_the_secret_is_nowhere_and_revoking_closes_the_address(client, feed, ann):
    secret = feed.path.rsplit("/", 1)[-1].removesuffix(".ics")
    assert feed.feed.token_hash == hash_of(secret)
    assert secret not in str(list(Event.objects.values()))

    revoke_feed(feed.feed, by=ann, now=NOW)

    assert client.get(feed.path).status_code == 404
    assert Event.objects.filter(verb="feed-revoked").count() == 1


def test_a_leaver_has_no_feed(client, feed, ann):
    ann.is_active = False
    ann.save()

    assert client.get(feed.path).status_code == 404


def test_an_unknown_address_is_not_found(client, at_now, db):
    assert client.get("/schedule/feeds/none.ics").status_code == 404


def test_readings_are_counted_and_logged_not_each_time(client, feed):
    for _n in range(3):
        client.get(feed.path, headers={"user-agent": "Calendar/1.0"})
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        client.get(feed.path)

    stored = CalendarFeed.objects.get()
    assert stored.reads == 4
    assert FeedRead.objects.count() == 2
    assert FeedRead.objects.last().program == "Calendar/1.0"


@pytest.mark.parametrize("count", [3, 30])
def test_a_feed_takes_the_same_queries(
    client, feed, ann, count, django_assert_max_num_queries
):
    engagement = startable()
    for n in range(count):
        days = {MONDAY + timedelta(days=n): Decimal(1)}
        booked(ann, engagement, days=days)

    with django_assert_max_num_queries(12):
        client.get(feed.path)


def test_the_page_shows_the_address_once(client, ann, at_now):
    client.force_login(ann)
    page = client.post(
        reverse("scheduling:feed-add"), {"kind": "personal"}, follow=True
    )

    assert "Copy the address now" in page.text
    assert "/schedule/feeds/" in page.text
    assert page["Cache-Control"] == "no-store"
    assert (
        "Copy the address now" not in client.get(reverse("scheduling:feed-list")).text
    )


def test_a_feed_of_an_engagement_wants_one(client, ann, at_now):
    client.force_login(ann)
    page = client.post(reverse("scheduling:feed-add"), {"kind": "engagement"})

    assert page.status_code == 422
    assert "Choose the engagement." in page.text


def test_nobody_revokes_the_feed_of_another(client, feed, ben):
    client.force_login(ben)

    answer = client.post(reverse("scheduling:feed-revoke", args=[feed.feed.pk]))

    assert answer.status_code == 404
    assert CalendarFeed.objects.get().revoked_at is None
