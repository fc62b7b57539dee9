import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from scheduling.models import HostAccount
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
VALUES = {"name": "PS webinar 1", "platform": "zoom", "is_active": "on"}


@pytest.fixture
def as_manager(client):
    client.force_login(UserFactory(roles=[Role.PRACTICE_MANAGER]))
    return client


def test_a_host_account_is_added_and_changed(as_manager):
    page = as_manager.post(reverse("scheduling:host-add"), VALUES, follow=True)
    assert "PS webinar 1" in page.text
    host = HostAccount.objects.get()

    as_manager.post(
        reverse("scheduling:host-edit", args=[host.pk]),
        {**VALUES, "registrant_limit": "500", "has_webinars": "on"},
    )

    host.refresh_from_db()
    assert (host.registrant_limit, host.has_webinars) == (500, True)
    assert Event.objects.filter(verb__startswith="host-").count() == 2


def test_two_of_one_name_are_told_at_the_field(as_manager):
    as_manager.post(reverse("scheduling:host-add"), VALUES)
    page = as_manager.post(reverse("scheduling:host-add"), VALUES)

    assert page.status_code == 422
    assert "already exists" in page.text
    assert HostAccount.objects.count() == 1


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_takes_the_same_queries(
    as_manager, count, django_assert_max_num_queries
):
    HostAccount.objects.bulk_create(HostAccount(name=f"PS {n}") for n in range(count))
    with django_assert_max_num_queries(10):
        as_manager.get(reverse("scheduling:host-list"))
