import pytest

from engagements.models import Engagement, TeamMember
from engagements.services.team import (
    add_member,
    change_member,
    follow_team,
    remove_member,
)
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.services import mark_left
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def refused(member, now):
    with pytest.raises(RuleRefused) as refusal:
        add_member(member, by=None, now=now)
    return [reason.code for reason in refusal.value.reasons]


def test_steps_follow_who_takes_the_role(consulting, coordinator, pse, now):
    steps = Step.objects.filter(engagement=consulting, owner_role="pse")
    assert set(steps.values_list("assignee", flat=True)) == {coordinator.pk}

    member = TeamMember(engagement=consulting, role="pse", person=pse)
    add_member(member, by=coordinator, now=now)
    assert set(steps.values_list("assignee", flat=True)) == {pse.pk}

    remove_member(member, by=coordinator, reason="Ill", now=now)
    assert set(steps.values_list("assignee", flat=True)) == {coordinator.pk}


def test_nobody_who_left_is_put_on_a_team(consulting, now):
    gone = UserFactory(is_active=False)

    assert refused(TeamMember(engagement=consulting, role="sa", person=gone), now) == [
        "left"
    ]


def test_a_person_holds_a_role_once(consulting, pm, now):
    assert refused(TeamMember(engagement=consulting, role="pm", person=pm), now) == [
        "twice"
    ]


def test_a_role_with_a_person_has_no_reason_for_nobody(consulting, now):
    nobody = TeamMember(engagement=consulting, role="pm", none_reason="Not needed")

    assert refused(nobody, now) == ["nobody"]


def test_a_role_without_anybody_is_filled_by_changing_its_entry(consulting, pse, now):
    nobody = TeamMember(engagement=consulting, role="csm", none_reason="None yet")
    add_member(nobody, by=None, now=now)
    person = TeamMember(engagement=consulting, role="csm", person=pse)

    assert refused(person, now) == ["nobody"]
    nobody.person, nobody.none_reason = pse, ""
    assert change_member(nobody, by=None, now=now).person == pse


def test_two_people_can_share_a_role(consulting, pse, now):
    other = UserFactory(roles=[Role.PSE])
    for person in (pse, other):
        member = TeamMember(engagement=consulting, role="pse", person=person)
        add_member(member, by=None, now=now)

    assert consulting.team.filter(role="pse").count() == 2


def test_the_history_tells_who_held_the_role_and_who_holds_it(
    consulting, coordinator, pm, pse, now
):
    member = consulting.team.get(role=EngagementRole.PM)
    member.person = pse

    change_member(member, by=coordinator, now=now)
    event = Event.objects.get(verb="team-member-changed")
    assert event.changes == {"pm": [{"person": pm.pk}, {"person": pse.pk}]}


def test_r23_a_leavers_open_steps_go_to_who_stands_in(consulting, coordinator, pm, now):
    steps = Step.objects.open().filter(engagement=consulting, owner_role="pm")
    assert set(steps.values_list("assignee", flat=True)) == {pm.pk}

    mark_left(pm, reason="Moved on", by=None, now=now)
    assert set(steps.values_list("assignee", flat=True)) == {coordinator.pk}


def test_r23_without_a_coordinator_steps_go_to_the_regions_pool(
    consulting, coordinator, pm, now
):
    for person in (coordinator, pm):
        mark_left(person, reason="Gone", by=None, now=now)

    owned = Step.objects.open().filter(engagement=consulting, owner_role="pm")
    assert {step.pool.region for step in owned} == {consulting.region}
    assert {step.assignee for step in owned} == {None}


def test_r23_escalations_do_not_go_to_a_practice_manager_who_left(
    consulting, practice, now
):
    manager = UserFactory(roles=[Role.PRACTICE_MANAGER])
    practice.manager = manager
    practice.save()
    follow_team(Engagement.objects.get(pk=consulting.pk), by=None, now=now)
    assert consulting.checklists.get().manager == manager

    mark_left(manager, reason="Moved on", by=None, now=now)
    assert consulting.checklists.get().manager is None
