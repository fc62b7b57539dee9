import pytest

from psdelivery.people.choices import Role
from psdelivery.people.models import Pool, User
from psdelivery.people.queries import (
    PeopleFilter,
    addresses_of_pools,
    administrators,
    coordinator_pool,
    people_matching,
    pool_members,
    pools_of,
    report_ids,
)
from tests.factories.people import (
    PoolFactory,
    PracticeFactory,
    RegionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def test_reports_are_counted_through_all_levels_in_one_query(django_assert_num_queries):
    chief = UserFactory()
    lead = UserFactory(manager=chief)
    engineer = UserFactory(manager=lead)
    UserFactory(manager=UserFactory())

    with django_assert_num_queries(1):
        assert report_ids(chief) == {lead.pk, engineer.pk}
    assert report_ids(engineer) == set()


def test_a_circle_of_managers_does_not_run_forever():
    chief = UserFactory()
    lead = UserFactory(manager=chief)
    User.objects.filter(pk=chief.pk).update(manager=lead)

    assert report_ids(chief) == {lead.pk}


def test_a_pool_holds_the_active_people_of_its_role_and_region():
    region = RegionFactory()
    pool = PoolFactory(role=Role.COORDINATOR, region=region)
    here = UserFactory(roles=[Role.COORDINATOR], region=region)
    there = UserFactory(roles=[Role.COORDINATOR], region=RegionFactory())
    UserFactory(roles=[Role.COORDINATOR], region=region, is_active=False)
    UserFactory(roles=[Role.PM], region=region)

    assert set(pool_members(pool)) == {here}
    assert set(pool_members(PoolFactory(region=None))) == {here, there}


def test_the_pools_of_a_person_are_those_that_the_person_is_a_member_of():
    region = RegionFactory()
    person = UserFactory(roles=[Role.COORDINATOR], region=region)
    pools = [PoolFactory(region=region), PoolFactory(region=None)]
    PoolFactory(region=RegionFactory())
    PoolFactory(region=region, role=Role.PM)

    assert pools_of(person) == [pool.pk for pool in pools]
    assert all(person in pool_members(pool) for pool in pools)


def test_the_coordinators_of_a_region_are_one_pool():
    region = RegionFactory(name="EMEA")

    pool = coordinator_pool(region)

    assert coordinator_pool(region) == pool
    assert (pool.role, pool.region, pool.name) == (
        Role.COORDINATOR,
        region,
        "Coordinators EMEA",
    )
    assert Pool.objects.count() == 1


def test_mail_to_pools_is_addressed_in_two_queries(django_assert_num_queries):
    regions = [RegionFactory() for _ in range(5)]
    pools = [PoolFactory(region=region) for region in regions]
    people = [UserFactory(roles=[Role.COORDINATOR], region=one) for one in regions]

    with django_assert_num_queries(2):
        found = addresses_of_pools({pool.pk for pool in pools})

    assert found == {
        pool.pk: [person.email] for pool, person in zip(pools, people, strict=True)
    }


def test_mail_to_an_empty_pool_goes_to_its_role_elsewhere_and_never_to_nobody():
    empty = PoolFactory(region=RegionFactory())
    # Made at the command line, so without a granted role.
    first = User.objects.create_superuser("root", "root@example.com", "x")

    assert addresses_of_pools([empty.pk]) == {empty.pk: [first.email]}

    elsewhere = UserFactory(roles=[Role.COORDINATOR], region=RegionFactory())

    assert addresses_of_pools([empty.pk]) == {empty.pk: [elsewhere.email]}


def test_administrators_are_those_with_the_role_and_the_first_person():
    granted = UserFactory(roles=[Role.ADMINISTRATOR])
    first = User.objects.create_superuser("root", "root@example.com", "x")
    UserFactory(roles=[Role.ADMINISTRATOR], is_active=False)

    assert set(administrators()) == {granted, first}


def test_people_are_narrowed_by_everything_at_once():
    region, practice = RegionFactory(), PracticeFactory()
    place = {"region": region, "practice": practice}
    wanted = UserFactory(first_name="Ada", roles=[Role.PM], **place)
    UserFactory(first_name="Ada", roles=[Role.PM], practice=practice)
    UserFactory(first_name="Ada", roles=[Role.EM], **place)
    UserFactory(first_name="Bob", roles=[Role.PM], **place)
    left = UserFactory(first_name="Ada", roles=[Role.PM], is_active=False, **place)
    chosen = {
        "text": f"ada {wanted.last_name[:2]}",
        "role": Role.PM,
        "practice_id": practice.pk,
        "region_id": region.pk,
    }

    assert list(people_matching(PeopleFilter(**chosen))) == [wanted]
    assert list(people_matching(PeopleFilter(**chosen, has_left=True))) == [left]
