"""Two people decide, or confirm, the same hours at once."""

import pytest

from psdelivery.people.choices import Role
from psdelivery.registry import RuleRefused
from scheduling.choices import HoursState
from scheduling.models import HoursPart
from scheduling.rules.hours_approval import DECIDED
from scheduling.services.hours.approving import approve
from tests.factories.hours import (
    as_planned,
    deciding,
    part_of,
    planned,
    running,
)
from tests.factories.people import UserFactory
from tests.together import at_once, elsewhere, move_to_disk

pytestmark = pytest.mark.django_db(transaction=True)


def outcome(work):
    """What came of it: nothing, or the code of what stands against it."""
    try:
        work()
    except RuleRefused as refusal:
        return refusal.reasons[0].code
    return ""


def test_of_two_approvers_at_once_the_second_is_told(tmp_path, monkeypatch):
    ann, pm = UserFactory(roles=[Role.PSE]), UserFactory(roles=[Role.PM])
    leader = UserFactory(roles=[Role.LEADERSHIP])
    work = running(pm)
    planned(ann, work)
    part = part_of(as_planned(ann), work)
    move_to_disk(tmp_path, monkeypatch)

    def decide(number):
        by = (pm, leader)[number]
        return outcome(lambda: approve(part, part.version, deciding(by)))

    found = at_once(decide, 2)

    assert sorted(found) == ["", DECIDED]
    stored = elsewhere(lambda: HoursPart.objects.get(pk=part.pk))
    assert (stored.state, stored.approved_hours) == (HoursState.APPROVED, 40)
    assert stored.version == part.version + 1


def test_two_clicks_at_once_confirm_a_week_once(tmp_path, monkeypatch):
    ann, work = UserFactory(roles=[Role.PSE]), running()
    planned(ann, work)
    move_to_disk(tmp_path, monkeypatch)

    at_once(lambda number: outcome(lambda: as_planned(ann)), 2)

    parts = elsewhere(lambda: list(HoursPart.objects.all()))
    assert [(part.hours, part.state) for part in parts] == [(40, HoursState.SUBMITTED)]
