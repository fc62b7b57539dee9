import json

import pytest
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.models import Contact, User
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db

FIND = reverse("people:personal-data")
SURE = {"reason": "Asked us to", "is_sure": "on"}


@pytest.fixture
def grace(db):
    return UserFactory(first_name="Grace", last_name="Hopper", is_active=False)


def path_of(name, subject):
    kind = "person" if isinstance(subject, User) else "contact"
    return reverse(f"people:{kind}-{name}", args=[subject.pk])


def test_people_and_contacts_are_found_by_name_and_address(as_administrator, grace):
    sheila = ContactFactory(name="Sheila Hopper", email="sheila@acme.example")
    UserFactory(first_name="Bob")

    found = as_administrator.get(FIND, {"q": "hopper"})
    by_address = as_administrator.get(FIND, {"q": "sheila@"})

    assert list(found.context["people"]) == [grace]
    assert list(found.context["contacts"]) == [sheila]
    assert list(by_address.context["contacts"]) == [sheila]


def test_nobody_is_listed_before_a_name_is_typed(as_administrator, grace):
    page = as_administrator.get(FIND)

    assert list(page.context["people"]) == []
    assert "Whom is it about?" in page.content.decode()


def test_the_page_costs_the_same_with_3_and_with_30(as_administrator, queries_of):
    counts = []
    for number in (3, 27):
        for _n in range(number):
            UserFactory(last_name="Hopper", is_active=False)
            ContactFactory(name="Hopper", is_active=False)
        counts.append(queries_of(f"{FIND}?q=hopper"))

    assert counts[0] == counts[1]


def test_a_person_is_erased_and_the_page_says_so(as_administrator, grace):
    answer = as_administrator.post(path_of("erase", grace), SURE, follow=True)

    html = answer.content.decode()
    assert f"Erased person {grace.pk}" in html
    assert "Grace" not in html
    assert "Edit" not in html
    assert Event.objects.get().reason == "Asked us to"


def test_a_contact_is_erased_from_the_page_of_personal_data(as_administrator):
    sheila = ContactFactory(name="Sheila", is_active=False)

    answer = as_administrator.post(path_of("erase", sheila), SURE)

    assert answer.url == FIND
    assert Contact.objects.get().name == f"Erased contact {sheila.pk}"


@pytest.mark.parametrize(
    ("field", "value"), [("reason", ""), ("reason", "a\nb"), ("is_sure", "")]
)
def test_bad_input_is_told_and_erases_nobody(as_administrator, grace, field, value):
    answer = as_administrator.post(path_of("erase", grace), SURE | {field: value})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert User.objects.get(pk=grace.pk).first_name == "Grace"


def test_who_still_works_here_is_not_erased(as_administrator):
    active = UserFactory(first_name="Grace")

    for answer in (
        as_administrator.get(path_of("erase", active)),
        as_administrator.post(path_of("erase", active), SURE),
    ):
        assert answer.status_code == 409
        assert "has not left" in answer.content.decode()
    assert User.objects.get(pk=active.pk).first_name == "Grace"


def test_who_was_erased_does_not_come_back(as_administrator, grace):
    as_administrator.post(path_of("erase", grace), SURE)

    returned = as_administrator.post(path_of("return", grace))
    edited = as_administrator.post(
        path_of("edit", grace),
        {"username": "new", "email": "new@example.com", "zone": "UTC"},
    )

    assert (returned.status_code, edited.status_code) == (409, 422)
    assert not User.objects.get(pk=grace.pk).is_active


def test_a_copy_is_a_file_that_nobody_keeps(as_administrator, grace):
    answer = as_administrator.post(path_of("export", grace))

    assert json.loads(answer.content)["person"]["name"] == "Grace Hopper"
    name = f"personal-data-user-{grace.pk}.json"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "private, no-store"


def test_a_copy_is_taken_by_a_click_only(as_administrator, grace):
    assert as_administrator.get(path_of("export", grace)).status_code == 405


def test_an_erased_person_is_offered_no_further_erasing(as_administrator, grace):
    as_administrator.post(path_of("erase", grace), SURE)

    page = as_administrator.get(FIND, {"q": "erased"})

    assert list(page.context["people"]) == [User.objects.get(pk=grace.pk)]
    assert path_of("erase", grace) not in page.content.decode()
