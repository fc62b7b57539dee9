"""R-8 with several workers at once, and with a requester who is as fast."""

from datetime import timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from psdelivery.registry import RuleRefused
from scheduling.choices import AllocationState
from scheduling.models import Allocation, AllocationDay, CapacityDay
from scheduling.services.expiry import look_at_holds
from scheduling.services.soft_holds import extend_hold
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW, booked, startable
from tests.together import at_once, elsewhere, move_to_disk
from tests.told import told_of

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 4
HOLDS = 6


def later(days):
    return NOW + timedelta(days=days)


@pytest.fixture
def carla(db):
    return UserFactory(roles=[Role.COORDINATOR])


@pytest.fixture
def holds(carla, tmp_path, monkeypatch):
    engagement = startable()
    made = [booked(UserFactory(), engagement, by=carla) for _n in range(HOLDS)]
    move_to_disk(tmp_path, monkeypatch)
    return made


def told(subject):
    return len(told_of(subject, "soft-hold"))


def test_r8_two_workers_free_and_tell_once(holds):
    treated = at_once(lambda _n: look_at_holds(later(14)), WORKERS)

    assert sum(treated) == HOLDS
    assert elsewhere(lambda: told("The soft hold has ended")) == HOLDS
    assert elsewhere(lambda: AllocationDay.objects.count()) == 0
    assert not elsewhere(lambda: CapacityDay.objects.filter(soft__gt=0).exists())
    expired = Event.objects.filter(verb="allocation-expired")
    assert elsewhere(expired.count) == HOLDS


def test_r8_two_workers_warn_once(holds):
    treated = at_once(lambda _n: look_at_holds(later(11)), WORKERS)

    assert sum(treated) == HOLDS
    assert elsewhere(lambda: told("A soft hold ends soon")) == HOLDS
    steps = Allocation.objects.filter(expiry_step__isnull=False)
    assert elsewhere(steps.count) in {0, HOLDS}


def test_r8_what_is_extended_meanwhile_does_not_expire(holds, carla):
    def act(number):
        if number < WORKERS:
            return look_at_holds(later(14))
        try:
            extend_hold(holds[number - WORKERS], "Wait", by=carla, now=later(14))
        except RuleRefused:
            return 0
        return 100

    outcomes = at_once(act, WORKERS + HOLDS)
    extended = sum(one >= 100 for one in outcomes)
    assert sum(one for one in outcomes if one < 100) == HOLDS - extended
    standing = Allocation.objects.filter(state=AllocationState.ACTIVE, extended=1)
    assert elsewhere(standing.count) == extended
    assert elsewhere(lambda: told("The soft hold has ended")) == HOLDS - extended
    days = AllocationDay.objects.count
    assert elsewhere(days) == 5 * extended
