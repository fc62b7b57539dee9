"""R-6 under concurrent booking: 8 clients, 200 tries each."""

import random
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F, Sum

from psdelivery.people.choices import TimeOffKind
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services.time_off import enter_time_off
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold
from scheduling.models import Allocation, AllocationDay, CapacityDay
from scheduling.services.bookings import Change, change, place, release
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, NOW, wanted, workdays
from tests.together import at_once, elsewhere, move_to_disk

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 8


def tries_of(client, people, engagements, count):
    """Book, change and release at random; every outcome is counted, none is lost."""
    chance = random.Random(client)
    mine, outcomes, codes = [], Counter(), set()
    for _n in range(count):
        person, engagement = chance.choice(people), chance.choice(engagements)
        days = workdays(
            MONDAY + timedelta(days=7 * chance.randrange(3)),
            count=chance.randint(1, 5),
            hours=chance.choice([2, 4, 6, 8]),
        )
        hold = chance.choice([Hold.HARD, Hold.HARD, Hold.SOFT])
        new = wanted(person, engagement, days=days, hold=hold)
        act = (
            chance.choice(["place", "place", "change", "release"]) if mine else "place"
        )
        try:
            if act == "place":
                mine.append(place(new, by=None, now=NOW))
            elif act == "change":
                change(chance.choice(mine), new, Change(), by=None, now=NOW)
            else:
                gone = mine.pop(chance.randrange(len(mine)))
                release(gone, Change(reason="Not needed"), by=None, now=NOW)
            outcomes[act] += 1
        except RuleRefused as refused:
            outcomes["refused"] += 1
            codes.update(one.code for one in refused.reasons)
    assert codes <= {"overbooked"}
    return outcomes, [one.pk for one in mine]


def overbooked_by_the_bookings():
    """Days on which the hard hours of the bookings are more than the day has."""
    hard = AllocationDay.objects.filter(hold=Hold.HARD).values("person", "day")
    capacity = {
        (row.person_id, row.day): row.capacity for row in CapacityDay.objects.all()
    }
    return [
        row
        for row in hard.annotate(total=Sum("hours"))
        if row["total"] > capacity[row["person"], row["day"]]
    ]


def counted_wrongly():
    """Days whose sums differ from those of the bookings."""
    wrong = []
    for row in CapacityDay.objects.all():
        days = AllocationDay.objects.filter(person_id=row.person_id, day=row.day)
        hard = days.filter(hold=Hold.HARD).aggregate(n=Sum("hours"))["n"] or 0
        soft = days.exclude(hold=Hold.HARD).aggregate(n=Sum("hours"))["n"] or 0
        if (row.hard, row.soft) != (hard, soft):
            wrong.append((row, hard, soft))
    return wrong


@pytest.mark.parametrize(
    "tries", [25, pytest.param(200, marks=pytest.mark.full)], ids="{} each".format
)
def test_r6_eight_clients_never_overbook_and_lose_nothing(tmp_path, monkeypatch, tries):
    people = [UserFactory() for _n in range(3)]
    engagements = [EngagementFactory(kind="internal") for _n in range(4)]
    move_to_disk(tmp_path, monkeypatch)

    results = at_once(lambda n: tries_of(n, people, engagements, tries), CLIENTS)

    outcomes = sum((one for one, _mine in results), Counter())
    assert sum(outcomes.values()) == CLIENTS * tries
    assert outcomes["place"]
    assert outcomes["refused"]
    kept = {pk for _outcomes, mine in results for pk in mine}
    active = Allocation.objects.active().values_list("pk", flat=True)
    assert elsewhere(lambda: set(active)) == kept
    assert elsewhere(overbooked_by_the_bookings) == []
    assert elsewhere(counted_wrongly) == []


def test_r6_sickness_entered_while_others_book_is_never_refused(tmp_path, monkeypatch):
    person = UserFactory()
    engagements = [EngagementFactory(kind="internal") for _n in range(3)]
    move_to_disk(tmp_path, monkeypatch)

    def work(n):
        if n < 3:
            return tries_of(n, [person], engagements, 10)
        days = MONDAY + timedelta(days=7 * (n - 3))
        draft = TimeOffDraft(kind=TimeOffKind.SICKNESS, starts_on=days, ends_on=days)
        return enter_time_off(person, draft, by=None, now=NOW)

    at_once(work, 6)

    days = elsewhere(lambda: list(CapacityDay.objects.filter(capacity=0)))
    assert {row.day.weekday() for row in days} >= {0}
    over = CapacityDay.objects.filter(hard__gt=F("capacity"))
    assert elsewhere(lambda: {row.overbooked for row in over}) <= {True}
    assert elsewhere(counted_wrongly) == []
    assert Decimal(0) == sum(row.capacity for row in days)
