import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.models import Practice, Region, User
from tests.factories.people import PracticeFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_administrators_reach_the_registers(as_administrator):
    page = as_administrator.get(reverse("admin:index")).content.decode()

    assert "/admin/people/region/" in page
    assert "/admin/people/practice/" in page
    # Rights and addresses are kept elsewhere.
    assert "/admin/auth/group/" not in page
    assert "/admin/account/emailaddress/" not in page


def test_a_region_added_stands_in_the_history(as_administrator, administrator):
    values = {"name": "EMEA", "code": "emea", "zone": "Europe/Berlin", "country": "DE"}

    as_administrator.post(reverse("admin:people_region_add"), values)

    event = Event.objects.get()
    assert Region.objects.get().name == "EMEA"
    assert (event.verb, event.actor) == ("region-added", administrator)


def test_a_practice_gets_its_manager_and_the_history_tells_it(as_administrator):
    practice, manager = PracticeFactory(name="DevOps"), UserFactory()
    path = reverse("admin:people_practice_change", args=[practice.pk])

    as_administrator.post(path, {"name": "DevOps", "manager": manager.pk})

    assert Practice.objects.get().manager == manager
    assert Event.objects.get().changes["manager"][1] == {"person": manager.pk}


@pytest.mark.parametrize("manager", ["na", "9" * 21, "9" * 5_000, "0"])
def test_a_manager_who_is_nobody_is_refused(as_administrator, manager):
    practice = PracticeFactory(name="DevOps", manager=None)
    path = reverse("admin:people_practice_change", args=[practice.pk])

    answer = as_administrator.post(path, {"name": "DevOps", "manager": manager})

    assert answer.status_code == 200
    assert "Select a valid choice" in answer.content.decode()
    assert Event.objects.count() == 0


def test_people_are_only_looked_at(as_administrator):
    person = UserFactory(first_name="Ann")
    path = reverse("admin:people_user_change", args=[person.pk])

    assert as_administrator.get(path).status_code == 200
    as_administrator.post(path, {"first_name": "Bob", "is_superuser": "on"})

    person.refresh_from_db()
    assert (person.first_name, person.is_superuser) == ("Ann", False)
    assert as_administrator.get(reverse("admin:people_user_add")).status_code == 403
    delete = reverse("admin:people_user_delete", args=[person.pk])
    assert as_administrator.post(delete).status_code == 403


def test_a_password_set_for_somebody_stands_in_the_history(as_administrator):
    person = UserFactory()
    path = reverse("admin:auth_user_password_change", args=[person.pk])

    as_administrator.post(
        path,
        {
            "usable_password": "true",
            "password1": "a long and quiet river",
            "password2": "a long and quiet river",
        },
    )

    assert User.objects.get(pk=person.pk).check_password("a long and quiet river")
    assert "password-set" in Event.objects.values_list("verb", flat=True)
