import pytest

from psdelivery.access import Action, Scope
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import (
    my_steps,
    step_condition,
    step_rows,
    steps_within,
    visible_steps,
)
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import (
    PoolFactory,
    PracticeFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.playbooks import ChecklistFactory, StepFactory

pytestmark = pytest.mark.django_db


def step_on(engagement=None, **fields):
    return StepFactory(checklist=ChecklistFactory(engagement=engagement), **fields)


def test_own_steps_are_mine_and_those_of_my_pools():
    region = RegionFactory()
    person = UserFactory(roles=[Role.COORDINATOR], region=region)
    mine = step_on(assignee=person)
    pooled = step_on(pool=PoolFactory(region=region))
    step_on(pool=PoolFactory())
    step_on(assignee=UserFactory())

    assert set(my_steps(person)) == {mine, pooled}


def test_my_day_leaves_out_what_is_on_hold_or_done():
    person = UserFactory()
    step_on(assignee=person, done=True)
    StepFactory(checklist=ChecklistFactory(is_paused=True), assignee=person)

    assert not my_steps(person).exists()


def test_one_step_of_mine_shows_me_all_of_its_engagement():
    engagement, person = EngagementFactory(), UserFactory(roles=[Role.PSE])
    mine, other = step_on(engagement, assignee=person), step_on(engagement)
    step_on(EngagementFactory())

    assert set(visible_steps(person)) == {mine, other}
    assert set(steps_within(person, Action.STEP_TICK)) == {mine}


def test_a_project_manager_ticks_on_the_engagements_of_the_team():
    member = TeamMemberFactory(person=UserFactory(roles=[Role.PM]))
    on_team, elsewhere = step_on(member.engagement), step_on(EngagementFactory())

    assert set(visible_steps(member.person)) == {on_team, elsewhere}
    assert set(steps_within(member.person, Action.STEP_TICK)) == {on_team}


def test_a_practice_manager_ticks_on_those_of_the_practice():
    practice = PracticeFactory()
    person = UserFactory(roles=[Role.PRACTICE_MANAGER], practice=practice)
    ours = step_on(EngagementFactory(practice=practice))
    step_on(EngagementFactory())

    assert set(steps_within(person, Action.STEP_TICK)) == {ours}


def test_without_a_role_only_what_one_owns_is_seen():
    person = UserFactory()
    mine = step_on(EngagementFactory(), assignee=person)
    step_on(EngagementFactory())

    assert set(visible_steps(person)) == {mine}
    assert not steps_within(person, Action.STEP_TICK).exists()
    assert not Step.objects.filter(step_condition(person, Scope.NONE)).exists()


def test_rows_know_which_steps_their_reader_may_tick():
    engagement, person = EngagementFactory(), UserFactory(roles=[Role.PSE])
    mine, other = step_on(engagement, assignee=person), step_on(engagement)
    everything = UserFactory(roles=[Role.COORDINATOR])

    rows = step_rows(person, Step.objects.order_by("pk"))
    assert [(row, bool(row.may_tick)) for row in rows] == [(mine, True), (other, False)]
    assert all(row.may_tick for row in step_rows(everything, Step.objects.all()))
    assert steps_within(everything, Action.STEP_TICK).count() == 2
