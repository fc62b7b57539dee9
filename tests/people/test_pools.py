import pytest
from django.urls import reverse

from psdelivery.people.choices import Role
from psdelivery.people.models import Pool
from psdelivery.people.queries.pools import pool_rows
from tests.factories.people import PoolFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db


def row_of(pool):
    return next(row for row in pool_rows() if row.pool == pool)


def test_r23_behind_an_empty_pool_stands_its_role_then_the_administrators():
    administrator = UserFactory(roles=[Role.ADMINISTRATOR])
    region = RegionFactory()
    pool = PoolFactory(region=region)
    assert (row_of(pool).members, row_of(pool).behind) == ([], [administrator])

    elsewhere = UserFactory(roles=[Role.COORDINATOR], region=RegionFactory())
    assert (row_of(pool).members, row_of(pool).behind) == ([], [elsewhere])

    here = UserFactory(roles=[Role.COORDINATOR], region=region)
    assert (row_of(pool).members, row_of(pool).behind) == ([here], [])
    assert row_of(PoolFactory(region=None)).members == [elsewhere, here]


def test_managers_edit_pools_and_each_place_has_one(client):
    client.force_login(UserFactory(roles=[Role.PRACTICE_MANAGER]))
    typed = {"name": "Trainers", "role": Role.TRAINER, "region": ""}
    client.post(reverse("people:pool-add"), typed)
    pool = Pool.objects.get()

    again = client.post(reverse("people:pool-add"), {**typed, "name": "More"})
    client.post(
        reverse("people:pool-edit", args=[pool.pk]), {**typed, "name": "Teachers"}
    )

    assert again.status_code == 422
    assert "There is a pool for this role" in again.content.decode()
    assert Pool.objects.get().name == "Teachers"


def test_the_page_takes_the_same_queries_for_3_and_for_30(as_coordinator, queries_of):
    def make(count):
        for _ in range(count):
            pool = PoolFactory()
            UserFactory(roles=[Role.COORDINATOR], region=pool.region)

    make(3)
    few = queries_of(reverse("people:pool-list"))
    make(27)

    assert queries_of(reverse("people:pool-list")) == few
