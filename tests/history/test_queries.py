import pytest

from psdelivery.history.queries import events_for, events_for_subject
from psdelivery.history.services import record
from psdelivery.people.models import Region

pytestmark = pytest.mark.django_db


def verbs(events):
    return [event.verb for event in events]


def test_an_engagement_has_its_own_history_newest_first(engagement, now):
    record("dated", by=None, engagement=engagement, now=now)
    record("elsewhere", by=None, now=now)
    record("moved", by=None, engagement=engagement, now=now)

    assert verbs(events_for(engagement.pk, money=True)) == ["moved", "dated"]


def test_who_may_not_see_values_sees_no_event_that_tells_them(engagement, now):
    record("dated", by=None, engagement=engagement, now=now)
    record("priced", by=None, engagement=engagement, money=True, now=now)

    assert verbs(events_for(engagement.pk, money=False)) == ["dated"]
    assert verbs(events_for(engagement.pk, money=True)) == ["priced", "dated"]


def test_a_record_has_its_own_history_without_money(now):
    north = Region.objects.create(name="North", code="north")
    south = Region.objects.create(name="South", code="south")
    record("opened", by=None, subject=north, now=now)
    record("opened", by=None, subject=south, now=now)
    record("priced", by=None, subject=north, money=True, now=now)

    assert verbs(events_for_subject(north)) == ["opened"]
