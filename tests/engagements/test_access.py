import pytest

from engagements.access import (
    Rights,
    engagement_condition,
    may,
    nearness,
    remember_near,
    rights_of,
    visible_engagements,
)
from engagements.models import Engagement
from engagements.rules.status import find_move
from psdelivery.access import Action, Scope
from psdelivery.people.choices import Role
from tests.factories.engagements import EngagementFactory, TeamMemberFactory, registered
from tests.factories.people import PracticeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(db):
    """A practice manager with reports, directly and not."""
    return UserFactory(roles=[Role.PRACTICE_MANAGER], practice=PracticeFactory())


def engagements_around(person):
    """One engagement for each way to be near, and one that is far."""
    found = {
        "member": EngagementFactory(),
        "report": EngagementFactory(),
        "report's report": EngagementFactory(),
        "my practice": EngagementFactory(practice=person.practice),
        "practice I manage": EngagementFactory(practice__manager=person),
        "colleague": EngagementFactory(),
        "far": EngagementFactory(),
    }
    report = UserFactory(manager=person)
    TeamMemberFactory(engagement=found["member"], person=person)
    TeamMemberFactory(engagement=found["report"], person=report)
    indirect = UserFactory(manager=report)
    TeamMemberFactory(engagement=found["report's report"], person=indirect)
    colleague = UserFactory(practice=person.practice)
    TeamMemberFactory(engagement=found["colleague"], person=colleague)
    TeamMemberFactory(engagement=found["far"])
    return found


def test_team_is_own_and_what_my_reports_and_my_practice_are_on(manager):
    found = engagements_around(manager)
    near = {
        name: rights_of(manager, engagement).near for name, engagement in found.items()
    }

    assert near == {
        "member": Scope.OWN,
        "report": Scope.TEAM,
        "report's report": Scope.TEAM,
        "my practice": Scope.TEAM,
        "practice I manage": Scope.TEAM,
        "colleague": Scope.TEAM,
        "far": Scope.ALL,
    }


def test_who_owns_a_step_or_is_in_its_pool_is_near_by_that_step(shipped, region):
    # Without anybody on the team all steps wait for the coordinators of the region.
    engagement = registered(region=region)
    in_pool = UserFactory(roles=[Role.COORDINATOR], region=region)
    elsewhere = UserFactory(roles=[Role.COORDINATOR])

    assert rights_of(in_pool, engagement).near == Scope.OWN_STEPS
    assert rights_of(elsewhere, engagement).near == Scope.ALL


@pytest.mark.parametrize("scope", list(Scope))
def test_nearness_and_the_condition_of_a_scope_say_the_same(
    shipped, manager, scope, region
):
    engagements_around(manager)
    registered(region=region, team=[("pm", manager)])
    within = Engagement.objects.filter(engagement_condition(manager, scope, ""))
    near = Engagement.objects.annotate(near=nearness(manager))
    reached = {e.pk for e in near if e.near <= scope}

    assert set(within.values_list("pk", flat=True)) == reached


def test_rights_and_the_query_say_the_same_for_every_action(manager):
    for engagement in engagements_around(manager).values():
        rights = rights_of(manager, engagement)
        for action in (
            Action.ENGAGEMENT_SEE,
            Action.ENGAGEMENT_EDIT,
            Action.VALUE_SEE,
            Action.STATUS_MOVE,
            Action.ENGAGEMENT_CREATE,
        ):
            assert rights.may(action) is may(manager, action, engagement)


def test_how_near_it_is_to_its_reader_says_nothing_of_another_person(
    manager, django_assert_num_queries
):
    engagement, other = EngagementFactory(), UserFactory(roles=[Role.PSE])
    remember_near(manager, engagement, Scope.TEAM)

    assert not may(other, Action.WORK_EDIT, engagement)
    with django_assert_num_queries(1):  # the roles
        assert may(manager, Action.WORK_EDIT, engagement)


def test_nobody_sees_anything_without_a_role():
    stranger = UserFactory()
    engagement = EngagementFactory()
    TeamMemberFactory(engagement=engagement, person=stranger)

    assert not visible_engagements(stranger).exists()
    assert not rights_of(stranger, engagement).may(Action.ENGAGEMENT_SEE)


def test_an_account_manager_sees_own_engagements(pm):
    account = UserFactory(roles=[Role.ACCOUNT])
    own, _foreign = EngagementFactory(), EngagementFactory()
    TeamMemberFactory(engagement=own, role="sal", person=account)

    assert list(visible_engagements(account)) == [own]
    assert visible_engagements(pm).count() == 2


@pytest.mark.unit
@pytest.mark.parametrize(
    ("roles", "near", "allowed"),
    [
        ({Role.PM}, Scope.OWN, True),
        ({Role.PM}, Scope.TEAM, False),
        ({Role.PM, Role.LEADERSHIP}, Scope.ALL, False),
        ({Role.COORDINATOR}, Scope.OWN, False),
        ({Role.LEADERSHIP}, Scope.OWN, False),
        (set(), Scope.OWN_STEPS, False),
    ],
)
def test_r1_a_move_is_made_by_a_role_of_its_row_as_far_as_that_role_reaches(
    roles, near, allowed
):
    close = find_move("consulting", "active", "closed")

    assert Rights(frozenset(roles), lambda: near).may_make(close) is allowed
