"""Nobody, and no host account, is in two places at once (R-22)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.outbox.invitations import (
    Attendee,
    Meeting,
    cancel_invitation,
    invite,
    update_invitation,
)
from psdelivery.registry import RuleRefused
from scheduling.models import HostAccount, OccupiedTime
from scheduling.rules.times import Slot, blocked_slots, days_touched
from scheduling.services.times import Source, Takers, free, occupy
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW
from tests.machine import is_on_postgres
from tests.together import at_once, elsewhere, move_to_disk

NINE = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def slot(start=NINE, hours=1):
    return Slot(start, start + hours * HOUR)


def source(key="1", **fields):
    values = {"title": "Git basics (Acme)", "zone": "Europe/Berlin", **fields}
    return Source(kind="class", key=key, **values)


def take(who, *slots, key="1", now=NOW, **fields):
    people = [who] if who else []
    occupy(source(key), slots or [slot()], Takers(people, **fields), now=now)


@pytest.mark.unit
def test_r22_time_is_kept_free_before_and_after():
    [one] = blocked_slots([slot()], before=30 * MINUTE, after=15 * MINUTE)

    assert one.blocked_from == NINE - 30 * MINUTE
    assert one.blocked_to == NINE + 75 * MINUTE


@pytest.mark.unit
@given(
    starts=st.lists(st.integers(0, 600), min_size=1, max_size=6, unique=True),
    before=st.integers(0, 60),
    after=st.integers(0, 60),
)
def test_r22_what_one_class_blocks_never_overlaps_itself(starts, before, after):
    ordered = sorted(starts)
    ends = [*ordered[1:], ordered[-1] + 60]
    slots = [
        Slot(NINE + start * MINUTE, NINE + end * MINUTE)
        for start, end in zip(ordered, ends, strict=True)
    ]

    found = blocked_slots(slots, before=before * MINUTE, after=after * MINUTE)

    assert [one.slot for one in found] == slots
    for one, other in zip(found, found[1:], strict=False):
        assert one.blocked_to <= other.blocked_from
    for one in found:
        assert one.blocked_from <= one.slot.starts_at
        assert one.blocked_to >= one.slot.ends_at


@pytest.mark.unit
@pytest.mark.parametrize(
    ("hours", "zone", "days"),
    [
        (1, "Europe/Berlin", [date(2027, 3, 15)]),
        # 20:00 in Sydney, for six hours.
        (6, "Australia/Sydney", [date(2027, 3, 15), date(2027, 3, 16)]),
        # Until midnight sharp is not the day after.
        (4, "Australia/Sydney", [date(2027, 3, 15)]),
    ],
)
def test_r22_past_local_midnight_it_counts_on_both_days(hours, zone, days):
    assert days_touched(slot(hours=hours), zone) == days


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "is_refused"),
    [
        (NINE, True),
        (NINE + 104 * MINUTE, True),
        (NINE + 105 * MINUTE, False),
        (NINE - 105 * MINUTE, False),
        (NINE - 104 * MINUTE, True),
    ],
)
def test_r22_a_second_session_needs_the_room_around_both(ann, start, is_refused):
    take(ann)

    if not is_refused:
        take(ann, slot(start), key="2")
        return
    with pytest.raises(RuleRefused) as refused:
        take(ann, slot(start), key="2")
    said = "Ann A is taken: “Git basics (Acme)”, Mon 15 Mar 2027, 10:00 CET – 11:00."
    assert str(refused.value) == said
    assert OccupiedTime.objects.count() == 1


@pytest.mark.django_db
def test_r22_on_site_there_is_a_way_to_go(ann):
    take(ann, is_on_site=True)

    with pytest.raises(RuleRefused):
        take(ann, slot(NINE + 3 * HOUR), key="2")
    take(ann, slot(NINE + 4 * HOUR), key="2")


@pytest.mark.django_db
def test_r22_a_host_account_holds_one_meeting_at_a_time(ann, ben):
    host = HostAccount.objects.create(name="PS webinar 1")
    take(ann, host=host)

    with pytest.raises(RuleRefused) as refused:
        take(ben, key="2", host=host)

    assert "PS webinar 1 is taken" in str(refused.value)


@pytest.mark.django_db
def test_what_moves_takes_its_new_time_and_frees_the_old(ann):
    take(ann)
    take(ann, slot(NINE + 30 * MINUTE))

    row = OccupiedTime.objects.get()
    assert row.starts_at == NINE + 30 * MINUTE
    free(source(), now=NOW)
    assert not OccupiedTime.objects.exists()


@pytest.mark.django_db
def test_what_is_over_is_neither_checked_nor_forgotten(ann):
    take(ann)
    later = NINE + timedelta(days=1)

    take(ann, slot(), slot(NINE + timedelta(days=2)), now=later)
    take(ann, slot(), key="2", now=later)

    assert OccupiedTime.objects.filter(source_id="1").count() == 2
    assert not OccupiedTime.objects.filter(source_id="2").exists()


def call(ann, ben, start=NINE):
    return Meeting(
        kind="handoff",
        title="Handoff",
        starts_at=start,
        ends_at=start + HOUR,
        zone="Europe/Berlin",
        attendees=[
            Attendee("Ann A", ann.email, ann.pk),
            Attendee("Jane", "jane@acme.example"),
        ],
    )


@pytest.mark.django_db
def test_r22_a_meeting_takes_the_time_of_the_colleagues_in_it(ann, ben):
    meeting = invite(call(ann, ben), organizer=ben, by=ben, now=NOW)
    assert {row.person for row in OccupiedTime.objects.all()} == {ann, ben}

    with pytest.raises(RuleRefused):
        take(ann, key="2")
    update_invitation(meeting, call(ann, ben, NINE + 3 * HOUR), by=ben, now=NOW)
    take(ann, key="2")
    with pytest.raises(RuleRefused):
        update_invitation(meeting, call(ann, ben), by=ben, now=NOW)
    cancel_invitation(meeting, by=ben, now=NOW)

    assert OccupiedTime.objects.filter(source="meeting").count() == 0


@pytest.mark.django_db(transaction=True)
def test_r22_of_many_at_once_one_gets_the_time(tmp_path, monkeypatch):
    ann = UserFactory()
    move_to_disk(tmp_path, monkeypatch)

    def work(number):
        try:
            take(ann, key=str(number))
        except RuleRefused:
            return 0
        return 1

    assert sum(at_once(work, 6)) == 1
    assert elsewhere(OccupiedTime.objects.count) == 1


@pytest.mark.skipif(not is_on_postgres(), reason="a constraint of PostgreSQL")
@pytest.mark.django_db
@pytest.mark.parametrize("taker", ["person", "host"])
def test_r22_postgresql_holds_it_whatever_the_code_does(ann, taker):
    who = ann if taker == "person" else HostAccount.objects.create(name="PS 1")

    def row(key, start=NINE):
        return OccupiedTime.objects.create(
            starts_at=start,
            ends_at=start + HOUR,
            blocked_from=start,
            blocked_to=start + HOUR,
            source="class",
            source_id=key,
            title="Git basics",
            **{taker: who},
        )

    row("1")
    row("2", NINE + HOUR)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        row("3")
