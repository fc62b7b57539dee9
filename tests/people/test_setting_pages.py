import pytest
from django.urls import reverse

from psdelivery.people import services
from psdelivery.people.choices import Role
from psdelivery.people.models import SettingValue
from psdelivery.people.register import portal_settings
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("people:setting-list")


def edit(key):
    return reverse("people:setting-edit", args=[key])


@pytest.fixture
def as_manager(client):
    manager = UserFactory(
        roles=[Role.PRACTICE_MANAGER], first_name="Greta", last_name="Lind"
    )
    client.force_login(manager)
    return client


def test_the_register_shows_values_and_who_changed_them(as_manager, now):
    services.change_setting(
        "reminders.hour", 9, by=UserFactory(first_name="Bo", last_name="Ek"), now=now
    )

    page = as_manager.get(LIST).content.decode()

    assert "Hour at which reminders leave" in page
    assert "Bo Ek" in page
    assert "as shipped" in page
    assert "Germany" in page


def test_a_manager_changes_a_setting(as_manager):
    response = as_manager.post(edit("company.zone"), {"value": "sydney"})

    assert response.url == LIST
    assert portal_settings()["company.zone"] == "Australia/Sydney"
    assert SettingValue.objects.get().changed_by.first_name == "Greta"


def test_a_coordinator_sees_the_register_and_changes_nothing(as_coordinator):
    page = as_coordinator.get(LIST).content.decode()

    assert edit("company.zone") not in page
    assert (
        as_coordinator.post(edit("company.zone"), {"value": "UTC"}).status_code == 403
    )
    assert not SettingValue.objects.exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reminders.hour", ""),
        ("reminders.hour", "24"),
        ("reminders.hour", "-1"),
        ("reminders.hour", "8.5"),
        ("reminders.hour", "eight"),
        ("reminders.hour", "9" * 5000),
        ("company.zone", "Europe/Atlantis"),
        ("company.zone", ""),
        ("company.country", "XX"),
        ("company.subdivision", "x" * 11),
        ("company.subdivision", "B\x00E"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(as_manager, key, value):
    response = as_manager.post(edit(key), {"value": value})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"value"}
    assert not SettingValue.objects.exists()


def test_an_optional_setting_may_be_emptied(as_manager):
    as_manager.post(edit("company.subdivision"), {"value": "BE"})
    as_manager.post(edit("company.subdivision"), {"value": ""})

    assert portal_settings()["company.subdivision"] == ""


def test_a_setting_that_does_not_exist_is_not_found(as_manager):
    assert as_manager.get(edit("company.mood")).status_code == 404


def test_the_register_takes_the_same_queries_however_many_were_changed(
    as_manager, queries_of, now
):
    few = queries_of(LIST)
    for key, value in {"reminders.hour": 9, "company.zone": "UTC"}.items():
        services.change_setting(key, value, by=UserFactory(), now=now)

    assert queries_of(LIST) == few
