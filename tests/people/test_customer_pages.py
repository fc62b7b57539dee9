import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from psdelivery.people.models import Contact, Customer
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory
from tests.people.bad_input import (
    UNKNOWN_ZONES,
    UNSHOWABLE,
    UNSHOWABLE_LINES,
    WELL_MEANT,
)

pytestmark = pytest.mark.django_db

LIST = reverse("people:customer-list")
ADD = reverse("people:customer-add")


def valid(**values):
    return {
        "name": "Acme",
        "zone": "Europe/Berlin",
        "country": "DE",
        "subdivision": "",
        "notes": "",
        **values,
    }


def names(response):
    return [customer.name for customer in response.context["page"]]


def errors(response):
    return set(response.context["form"].errors)


def test_a_customer_is_added_with_zone_and_holidays(as_coordinator, coordinator):
    response = as_coordinator.post(
        ADD, valid(zone="sydney", country="AU", subdivision="NSW")
    )

    customer = Customer.objects.get()
    assert response.url == customer.get_absolute_url()
    assert (customer.zone, customer.country) == ("Australia/Sydney", "AU")
    assert (customer.subdivision, customer.created_by) == ("NSW", coordinator)


@pytest.mark.parametrize("name", WELL_MEANT)
def test_names_in_every_script_are_kept_and_shown_as_typed(as_coordinator, name):
    as_coordinator.post(ADD, valid(name=name))

    response = as_coordinator.get(LIST)

    assert names(response) == [name]
    assert "<b>Sons" not in response.content.decode()


@pytest.mark.parametrize("name", [*UNSHOWABLE_LINES, "", "x" * 201])
def test_a_bad_name_is_told_at_its_field_and_nothing_is_written(as_coordinator, name):
    response = as_coordinator.post(ADD, valid(name=name, notes="Typed with care"))

    assert response.status_code == 422
    assert errors(response) == {"name"}
    assert "Typed with care" in response.content.decode()
    assert not Customer.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("zone", zone) for zone in ["", *UNKNOWN_ZONES]],
        ("country", "XX"),
        ("country", "Germany"),
        ("subdivision", "Atlantis"),
        ("subdivision", "x" * 61),
        *[("notes", text.values[0]) for text in UNSHOWABLE],
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_written(
    as_coordinator, field, value
):
    response = as_coordinator.post(ADD, valid(**{field: value}))

    assert response.status_code == 422
    assert errors(response) == {field}
    assert not Customer.objects.exists()


def test_an_empty_form_names_what_is_missing(as_coordinator):
    response = as_coordinator.post(ADD)

    assert response.status_code == 422
    assert errors(response) == {"name", "zone"}


@pytest.mark.parametrize("again", ["Acme", "ACME", " acme ", "Ａcme"])
def test_a_second_customer_of_the_name_is_refused_at_the_name(as_coordinator, again):
    CustomerFactory(name="Ａcme" if again == "Ａcme" else "Acme")

    response = as_coordinator.post(ADD, valid(name=again))

    assert response.status_code == 422
    assert errors(response) == {"name"}
    assert Customer.objects.count() == 1


def test_a_customer_is_edited_and_the_history_tells_it(as_coordinator):
    customer = CustomerFactory(name="Acme")
    path = reverse("people:customer-edit", args=[customer.pk])

    response = as_coordinator.post(path, valid(name="Acme Ltd"))

    customer.refresh_from_db()
    assert response.url == customer.get_absolute_url()
    assert customer.name == "Acme Ltd"
    assert Event.objects.get().changes == {"name": ["Acme", "Acme Ltd"]}


def test_the_customer_page_shows_contacts_and_what_may_be_done(as_coordinator):
    contact = ContactFactory(name="Ann Example")

    page = as_coordinator.get(contact.customer.get_absolute_url()).content.decode()

    assert "Ann Example" in page
    assert reverse("people:contact-add", args=[contact.customer.pk]) in page


def test_who_may_only_see_has_no_buttons_and_no_way_around_them(client):
    engineer = UserFactory(roles=[Role.PSE])
    customer = CustomerFactory(created_by=engineer)
    client.force_login(engineer)

    page = client.get(customer.get_absolute_url()).content.decode()
    edit = reverse("people:customer-edit", args=[customer.pk])

    assert edit not in page
    assert client.post(edit, valid(name="Mine")).status_code == 403


def test_an_engagement_manager_edits_own_customers_alone(client):
    manager = UserFactory(roles=[Role.EM])
    own, foreign = CustomerFactory(created_by=manager), CustomerFactory()
    client.force_login(manager)

    assert client.get(reverse("people:customer-edit", args=[own.pk])).status_code == 200
    assert client.get(foreign.get_absolute_url()).status_code == 404
    assert names(client.get(LIST)) == [own.name]


def test_the_list_is_filtered_and_sorted_by_the_address(as_coordinator):
    CustomerFactory(name="Beta", country="AU", zone="Australia/Sydney")
    CustomerFactory(name="Alpha", country="DE")
    CustomerFactory(name="Gamma", country="AU", zone="Australia/Perth")

    assert names(as_coordinator.get(LIST)) == ["Alpha", "Beta", "Gamma"]
    assert names(as_coordinator.get(LIST, {"sort": "-name"})) == [
        "Gamma",
        "Beta",
        "Alpha",
    ]
    assert names(as_coordinator.get(LIST, {"country": "AU", "sort": "zone"})) == [
        "Gamma",
        "Beta",
    ]
    assert names(as_coordinator.get(LIST, {"q": "alp"})) == ["Alpha"]
    assert names(as_coordinator.get(LIST, {"sort": "secret"})) == [
        "Alpha",
        "Beta",
        "Gamma",
    ]


@pytest.mark.parametrize("query", [{"country": "XX"}, {"q": "x" * 101}, {"q": "a\x00"}])
def test_a_filter_that_does_not_exist_is_told(as_coordinator, query):
    CustomerFactory()

    response = as_coordinator.get(LIST, query)

    assert response.status_code == 422
    assert names(response) == []


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "1e9", "9" * 30])
def test_a_page_out_of_range_is_the_nearest(as_coordinator, page):
    CustomerFactory(name="Acme")

    assert names(as_coordinator.get(LIST, {"page": page})) == ["Acme"]


def test_an_empty_list_says_what_to_do_first(as_coordinator):
    page = as_coordinator.get(LIST).content.decode()

    assert "No customer yet" in page
    assert ADD in page


def test_the_list_takes_the_same_queries_for_three_and_for_thirty(
    as_coordinator, queries_of
):
    ContactFactory.create_batch(3)
    few = queries_of(LIST)
    ContactFactory.create_batch(27)

    assert queries_of(LIST) == few


def contact_values(**values):
    return {"name": "Ann", "email": "ann@acme.example", "is_active": "on", **values}


def test_a_contact_is_added_and_edited(as_coordinator):
    customer = CustomerFactory()
    as_coordinator.post(
        reverse("people:contact-add", args=[customer.pk]), contact_values()
    )
    contact = Contact.objects.get()

    response = as_coordinator.post(
        reverse("people:contact-edit", args=[contact.pk]),
        contact_values(phone="+49 40 1", is_active=""),
    )

    contact.refresh_from_db()
    assert response.url == customer.get_absolute_url()
    assert (contact.customer, contact.phone) == (customer, "+49 40 1")
    assert not contact.is_active


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "A\x00nn"),
        ("name", "x" * 151),
        ("email", "ann at acme"),
        ("email", "ann@acme.example\r\nBcc: all@example.com"),
        ("email", f"{'x' * 250}@acme.example"),
        ("phone", "1\x1b2"),
        ("phone", "1" * 41),
        ("job_title", "\u200b"),
    ],
)
def test_a_bad_contact_is_told_at_its_field(as_coordinator, field, value):
    path = reverse("people:contact-add", args=[CustomerFactory().pk])

    response = as_coordinator.post(path, contact_values(**{field: value}))

    assert response.status_code == 422
    assert errors(response) == {field}
    assert not Contact.objects.exists()


def test_an_address_twice_with_one_customer_is_refused_at_the_address(as_coordinator):
    contact = ContactFactory(email="ann@acme.example")
    path = reverse("people:contact-add", args=[contact.customer.pk])

    response = as_coordinator.post(path, contact_values(email="ANN@acme.example"))

    assert response.status_code == 422
    assert errors(response) == {"email"}
    assert Contact.objects.count() == 1


def test_two_who_edit_at_once_are_told_field_by_field(as_coordinator):
    customer = CustomerFactory(name="Acme", notes="")
    path = reverse("people:customer-edit", args=[customer.pk])
    seen = {f"initial-{name}": value for name, value in valid().items()}
    Customer.objects.update(notes="From Bob", zone="Asia/Tokyo")

    refused = as_coordinator.post(path, {**valid(notes="From Ann"), **seen})

    customer.refresh_from_db()
    assert refused.status_code == 422
    assert errors(refused) == {"notes"}
    assert "From Bob" in refused.content.decode()
    assert "From Ann" in refused.content.decode()
    assert customer.notes == "From Bob"

    seen["initial-notes"] = "From Bob"
    as_coordinator.post(path, {**valid(notes="From Ann"), **seen})

    customer.refresh_from_db()
    assert (customer.notes, customer.zone) == ("From Ann", "Asia/Tokyo")
