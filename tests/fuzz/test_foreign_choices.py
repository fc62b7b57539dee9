"""What is there, but not for this form: people who left, other customers' contacts."""

import pytest
from django.urls import reverse

from tests.fuzz.rounds import Round
from tests.fuzz.test_forms import opened
from tests.fuzz.walk import complaints_about, is_accepted, post_case

FOREIGN = [
    ("engagements:engagement-add", "main_contact", "foreign_contact"),
    ("engagements:engagement-edit", "main_contact", "foreign_contact"),
    ("engagements:engagement-add", "people-coordinator", "left"),
    ("engagements:engagement-add", "people-em", "colleague"),
    ("engagements:engagement-add", "people-sal", "colleague"),
    ("engagements:team-member-add", "person", "left"),
    ("people:person-edit", "manager", "left"),
    ("people:person-edit", "manager", "colleague"),
    ("training:delivery-add", "course", "old_course"),
    ("training:delivery-add", "trainer", "left"),
    ("training:delivery-trainer", "trainer", "left"),
    ("training:delivery-meeting", "alternative_host", "left"),
    ("training:meeting-add", "attendees", "left"),
    ("training:meeting-add", "contacts", "foreign_contact"),
    ("training:meeting-add", "contacts", "gone_contact"),
    ("training:proposal-add", "option-0-trainer", "left"),
    ("training:submission-add", "reviewer", "left"),
    ("training:submission-reviewer", "reviewer", "left"),
]


@pytest.mark.parametrize(("name", "field", "who"), FOREIGN)
def test_what_is_not_offered_is_refused(name, field, who, world, client):
    case = opened(name, world, client)
    body = case.body | {field: [str(getattr(world, who).pk)]}
    is_hidden = case.form.controls[field].kind == "hidden"

    assert complaints_about(case, Round(who, body, tampered=is_hidden)) == []
    assert not is_accepted(case, post_case(case, body))


@pytest.mark.parametrize("action", ["edit", "remove"])
def test_a_member_is_found_on_their_own_engagement_only(action, world, me):
    path = reverse(
        f"engagements:team-member-{action}", args=[world.training.pk, world.member.pk]
    )

    assert me.client.post(path).status_code == 404


@pytest.mark.parametrize("action", ["engagement-condition", "condition-withdraw"])
def test_a_condition_is_one_that_the_gate_has(action, world, me):
    path = reverse(f"engagements:{action}", args=[world.training.pk, "no-condition"])

    assert me.client.post(path).status_code == 404
