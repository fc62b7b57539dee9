"""Every form, one nasty field at a time: a message, nothing written, nothing lost."""

from collections import Counter

import pytest
from django.urls import reverse

from tests.access.walk import own_addresses
from tests.fuzz import (
    bodies,
    bodies_of_board,
    bodies_of_certification,
    bodies_of_dates,
    bodies_of_discovery,
    bodies_of_engagements,
    bodies_of_event_plans,
    bodies_of_facts,
    bodies_of_handoff,
    bodies_of_health,
    bodies_of_hours,
    bodies_of_labs,
    bodies_of_offers,
    bodies_of_playbooks,
    bodies_of_roster,
    bodies_of_scheduling,
    bodies_of_trainers,
    bodies_of_training,
    bodies_of_work,
    bodies_of_work_plan,
)
from tests.fuzz.rounds import Round, full_rounds, quick_rounds
from tests.fuzz.walk import case_of, complaints_about

SETTINGS = bodies.setting_bodies()
BODIES = {
    **bodies.ACCOUNT,
    **bodies.SECOND_FACTOR,
    **bodies.PEOPLE,
    **SETTINGS,
    **bodies.COMMENTS,
    **bodies.JOBS,
    **bodies.OUTBOX,
    **bodies.DRAFTS,
    **bodies.TEMPLATES,
    **bodies.PLAYBOOKS,
    **bodies_of_board.BOARD,
    **bodies_of_engagements.ENGAGEMENTS,
    **bodies_of_handoff.HANDOFF,
    **bodies_of_hours.HOURS,
    **bodies_of_offers.OFFERS,
    **bodies_of_scheduling.SCHEDULING,
    **bodies_of_facts.FACTS,
    **bodies_of_playbooks.BOOKS,
    **bodies_of_roster.ROSTER,
    **bodies_of_training.TRAINING,
    **bodies_of_trainers.TRAINERS,
    **bodies_of_labs.LABS,
    **bodies_of_certification.CERTIFICATION,
    **bodies_of_dates.DATES,
    **bodies_of_event_plans.EVENT_PLANS,
    **bodies_of_work.WORK,
    **bodies_of_discovery.DISCOVERY,
    **bodies_of_work_plan.WORK_PLAN,
    **bodies_of_health.HEALTH,
}
QUICK = [
    name for name in BODIES if name not in SETTINGS or name in bodies.one_of_each_type()
]


def quick_for_some(names):
    """Every form, of which the quick tier takes the first two of each place.

    For what all forms owe to the same few lines of the portal.
    """
    taken = Counter()
    for name in names:
        place = name.partition(":")[0]
        taken[place] += 1
        marks = [pytest.mark.full] if taken[place] > 2 else []
        yield pytest.param(name, marks=marks)


SOME = list(quick_for_some(QUICK))
NO_ROW = {
    "uidb36": "zz",
    "key": "no-key",
    "tab": "no-tab",
    "code": "no-code",
    "version": 9,
    "record": 9,
}
NO_MAIL = "00000000-0000-0000-0000-000000000000"
OF_A_CONTACT = "outbox:contact-address"
NOT_THIS_WAY = 405


def path_to_nothing(address):
    """An address of the view whose object is not there: it answers the method first."""
    is_mail = address.namespace == "outbox" and address.name != OF_A_CONTACT
    row = NO_MAIL if is_mail else 999_999
    kwargs = {name: NO_ROW.get(name, row) for name in address.arguments}
    return reverse(address.name, kwargs=kwargs)


@pytest.mark.parametrize("address", own_addresses(), ids=lambda address: address.name)
def test_every_view_that_takes_a_post_has_a_body(address, world, client):
    client.force_login(world.me)
    takes_post = client.post(path_to_nothing(address)).status_code != NOT_THIS_WAY
    named = {name.partition(",")[0] for name in BODIES}

    assert (address.name in named) == takes_post, f"{address.name}: see bodies.py"


def opened(name, world, client):
    spec = BODIES[name]
    if not spec.anonymous:
        client.force_login(world.me)
    return case_of(spec, world, client)


def walk(case, rounds):
    """Send all rounds; all that is wrong is told at once."""
    found = [
        f"{one.label}: {complaint}"
        for one in rounds(case)
        for complaint in complaints_about(case, one)
    ]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("name", SOME)
def test_a_proper_body_passes(name, world, client):
    case = opened(name, world, client)

    assert complaints_about(case, Round("proper", case.body), must_pass=True) == []


@pytest.mark.parametrize("name", SOME)
def test_nasty_fields_do_no_harm(name, world, client):
    walk(opened(name, world, client), quick_rounds)


@pytest.mark.full
@pytest.mark.parametrize("name", BODIES)
def test_anything_in_any_field_does_no_harm(name, world, client):
    walk(opened(name, world, client), full_rounds)
