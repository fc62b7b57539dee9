import pytest
from allauth.account.models import EmailAddress

from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people import services
from psdelivery.people.choices import Role
from psdelivery.people.events import PersonLeft
from psdelivery.people.models import Customer, User
from psdelivery.registry import RuleRefused, reactions
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory

pytestmark = pytest.mark.django_db


def last_event():
    return Event.objects.latest("pk")


def new_person(**values):
    return {"username": "newbie", "email": "new@example.com", "zone": "UTC", **values}


def test_a_customer_is_registered_and_belongs_to_who_did_it(coordinator, now):
    values = {"name": "Acme", "zone": "Europe/Berlin"}

    customer = services.add_customer(values, by=coordinator, now=now)

    assert customer.created_by == coordinator
    assert (last_event().verb, last_event().subject_label) == ("customer-added", "Acme")


def test_the_second_of_two_clicks_is_refused_and_writes_nothing(coordinator, now):
    services.add_customer({"name": "Acme"}, by=coordinator, now=now)

    with pytest.raises(RuleRefused):
        services.add_customer({"name": "acme"}, by=coordinator, now=now)

    assert Customer.objects.count() == Event.objects.count() == 1


def test_an_edit_tells_old_and_new_and_leaves_the_rest_alone(coordinator, now):
    customer = CustomerFactory(name="Acme", zone="Europe/Berlin", notes="old")
    Customer.objects.update(notes="written meanwhile")

    services.edit_customer(customer, {"zone": "Asia/Tokyo"}, by=coordinator, now=now)

    customer.refresh_from_db()
    assert (customer.zone, customer.notes) == ("Asia/Tokyo", "written meanwhile")
    assert last_event().changes == {"zone": ["Europe/Berlin", "Asia/Tokyo"]}


def test_an_edit_without_a_difference_tells_nothing(coordinator, now):
    contact = ContactFactory(name="Ann")

    services.edit_contact(contact, {"name": "Ann"}, by=coordinator, now=now)

    assert not Event.objects.exists()


def test_a_contact_is_added_to_its_customer(coordinator, now):
    customer = CustomerFactory()

    contact = services.add_contact(customer, {"name": "Ann"}, by=coordinator, now=now)

    assert list(customer.contacts.all()) == [contact]
    assert last_event().verb == "contact-added"


def test_a_new_person_gets_a_link_and_no_password(administrator, now):
    person = services.add_person(
        new_person(), send_link=True, by=administrator, now=now
    )

    message = Message.objects.get()
    assert not person.has_usable_password()
    assert message.to == ["new@example.com"]
    assert message.is_secret
    assert "/accounts/password/reset/key/" in message.text
    assert [event.verb for event in Event.objects.order_by("pk")] == [
        "person-added",
        "log-in-link-sent",
    ]


def test_a_new_person_may_wait_for_the_link(administrator, now):
    services.add_person(new_person(), by=administrator, now=now)

    assert not Message.objects.exists()


def test_a_circle_of_managers_is_refused(administrator, now):
    chief = UserFactory()
    lead = UserFactory(manager=chief)

    with pytest.raises(RuleRefused):
        services.edit_person(chief, {"manager": lead}, by=administrator, now=now)


def test_an_address_given_up_gets_no_reset_link_any_more(administrator, now):
    person = UserFactory(email="old@example.com")
    EmailAddress.objects.create(user=person, email="old@example.com", verified=True)

    services.edit_person(
        person, {"email": "new@example.com"}, by=administrator, now=now
    )

    assert not EmailAddress.objects.exists()


def test_roles_are_exactly_those_given(administrator, now):
    person = UserFactory(roles=[Role.PM, Role.EM])

    services.set_roles(person, [Role.EM, Role.TRAINER], by=administrator, now=now)

    assert person.role_set == User.objects.get(pk=person.pk).role_set
    assert person.role_set == {"em", "trainer"}
    assert last_event().changes == {"roles": [["em", "pm"], ["em", "trainer"]]}


def test_the_same_roles_again_tell_nothing(administrator, now):
    person = UserFactory(roles=[Role.PM])

    services.set_roles(person, [Role.PM], by=administrator, now=now)

    assert not Event.objects.exists()


def test_an_administrator_reaches_djangos_admin_and_loses_it_again(administrator, now):
    person = UserFactory()

    services.set_roles(person, [Role.ADMINISTRATOR], by=administrator, now=now)
    assert (person.is_staff, person.is_superuser) == (True, True)

    services.set_roles(person, [Role.PM], by=administrator, now=now)
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (False, False)
    assert person.role_set == {"pm"}


def test_the_last_administrator_stays(administrator, now):
    with pytest.raises(RuleRefused):
        services.set_roles(administrator, [], by=administrator, now=now)

    assert administrator.role_grants.count() == 1


def test_who_leaves_cannot_log_in_and_the_places_below_are_told(
    administrator, now, monkeypatch
):
    told = []
    monkeypatch.setattr(reactions, "_by_event", dict(reactions._by_event))
    reactions.register(PersonLeft, told.append)
    person = UserFactory()

    services.mark_left(person, reason="New job", by=administrator, now=now)

    person.refresh_from_db()
    assert not person.is_active
    assert (last_event().verb, last_event().reason) == ("person-left", "New job")
    assert [event.person for event in told] == [person]


def test_who_comes_back_has_the_roles_held_before(administrator, now):
    person = UserFactory(roles=[Role.PSE], is_active=False)

    services.bring_back(person, by=administrator, now=now)

    person.refresh_from_db()
    assert person.is_active
    assert person.role_set == {"pse"}
    assert last_event().verb == "person-returned"


def test_who_has_left_gets_no_link(administrator, now):
    with pytest.raises(RuleRefused):
        services.send_log_in_link(
            UserFactory(is_active=False), by=administrator, now=now
        )

    assert not Message.objects.exists()
