"""What the shipped playbooks ask of the customer (domain.md, section 4)."""

import pytest

from psdelivery.playbooks.services.shipped import shipped_playbooks

pytestmark = pytest.mark.unit


def steps_of(name):
    playbooks = {playbook["key"]: playbook for playbook in shipped_playbooks()}
    return {step["key"]: step for step in playbooks[name]["step"]}


HOMEWORK = {
    "consulting": {"customer-people", "customer-prerequisites", "customer-access"},
    "blended": {"customer-people", "customer-prerequisites", "customer-access"},
    "dedicated": {"customer-people", "customer-workplace"},
    "delivery": {"registrants-named", "room-ready"},
}


@pytest.mark.parametrize("name", HOMEWORK)
def test_the_customers_homework_has_its_calendar_and_somebody_who_asks(name):
    theirs = {
        step["key"]: step
        for step in steps_of(name).values()
        if step["owner"] == "contact"
    }

    assert set(theirs) == HOMEWORK[name]
    for step in theirs.values():
        # Its chaser ticks it, with who at the customer said so.
        assert (step["calendar"], step["evidence"]) == ("customer", "note")
        assert 2 in step["reminders"]["owner"]


@pytest.mark.parametrize("kind", ["consulting", "blended"])
def test_access_is_ready_a_week_before_the_start(kind):
    step = steps_of(kind)["customer-access"]

    assert (step["anchor"], step["offset"]) == ("planned_start", "-5 business days")


def test_who_takes_part_is_known_a_week_before_the_class():
    step = steps_of("delivery")["registrants-named"]

    assert (step["anchor"], step["offset"]) == ("first_session", "-7 days")
