import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from psdelivery.calendars import Calendar
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from tests.factories.people import (
    ContactFactory,
    CustomerFactory,
    PoolFactory,
    RegionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()
    return True


def test_an_address_belongs_to_one_person_in_any_case():
    UserFactory(email="ada@example.com")

    assert refused(lambda: UserFactory(email="ADA@example.com"))


def test_a_log_in_name_belongs_to_one_person_in_any_case():
    UserFactory(username="ada")

    assert refused(lambda: UserFactory(username="Ada"))


def test_a_customer_stands_in_the_register_once():
    CustomerFactory(name="Acme")

    assert refused(lambda: CustomerFactory(name="ACME"))


def test_a_contact_stands_with_a_customer_once_but_may_be_without_address():
    contact = ContactFactory(email="a@acme.example")
    for name in ("Ann", "Bob"):
        ContactFactory(customer=contact.customer, name=name, email="")

    assert refused(
        lambda: ContactFactory(customer=contact.customer, email="A@acme.example")
    )
    assert contact.customer.contacts.count() == 3


def test_there_is_one_pool_per_role_and_region():
    region = RegionFactory()
    PoolFactory(region=region)
    PoolFactory(region=None)

    assert refused(lambda: PoolFactory(region=region))
    assert refused(lambda: PoolFactory(region=None))


def test_nobody_is_their_own_manager():
    person = UserFactory()

    assert refused(lambda: User.objects.filter(pk=person.pk).update(manager=person))


def test_roles_are_read_once(django_assert_num_queries):
    person = User.objects.get(pk=UserFactory(roles=[Role.PM, Role.EM]).pk)

    with django_assert_num_queries(1):
        assert person.role_set == {"pm", "em"}
        assert person.role_set == {"pm", "em"}


def test_the_first_person_made_at_the_command_line_is_administrator():
    person = User.objects.create_superuser("root", "root@example.com", "x")

    assert person.role_set == {"administrator"}


def test_a_person_is_called_by_name_or_else_by_log_in():
    person = UserFactory.build(first_name="Ada", last_name="Lovelace")

    assert person.display_name == str(person) == "Ada Lovelace"
    assert (
        UserFactory.build(first_name="", last_name="", username="x").display_name == "x"
    )


def test_the_calendar_is_zone_and_holidays():
    customer = CustomerFactory.build(
        zone="Europe/Berlin", country="DE", subdivision="BE"
    )

    assert customer.calendar == Calendar("Europe/Berlin", "DE", "BE")
    assert customer.place == "Germany (BE)"


@pytest.mark.parametrize(
    ("field", "value"),
    [("zone", "Europe/Atlantis"), ("country", "XX"), ("subdivision", "XX")],
)
def test_a_place_that_does_not_exist_is_refused_at_its_field(field, value):
    customer = CustomerFactory.build(**{field: value})

    with pytest.raises(ValidationError) as error:
        customer.full_clean()

    assert set(error.value.error_dict) == {field}


def test_people_are_found_by_any_of_their_roles_once():
    both = UserFactory(roles=[Role.PSE, Role.TRAINER])
    UserFactory(roles=[Role.PM])
    UserFactory(roles=[Role.PSE], is_active=False)

    found = User.objects.with_role(Role.PSE, Role.TRAINER).active()

    assert list(found) == [both]
