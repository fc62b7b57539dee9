import pytest
from django.urls import reverse

from psdelivery.people.choices import Role
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
URL = "/people/profile/theme/"


@pytest.fixture
def reader(client):
    user = UserFactory(roles=[Role.PSE])
    client.force_login(user)
    return user


def test_theme_is_kept_for_the_person(client, reader):
    answer = client.post(URL, {"theme": "dark", "next": "/people/profile/"})

    reader.refresh_from_db()
    assert reader.theme == "dark"
    assert answer.url == "/people/profile/"


def test_page_is_drawn_in_the_chosen_theme(client, reader):
    client.post(URL, {"theme": "dark"})

    page = client.get(reverse("people:profile")).content.decode()

    assert 'data-theme="dark"' in page
    assert 'data-bs-theme="dark"' in page


@pytest.mark.parametrize("address", ["", "https://evil.example/", "//evil.example"])
def test_way_back_stays_in_the_portal(client, reader, address):
    answer = client.post(URL, {"theme": "light", "next": address})

    assert answer.url == reverse("people:profile")


def test_unknown_theme_is_refused(client, reader):
    answer = client.post(URL, {"theme": "pink"})

    reader.refresh_from_db()
    assert answer.status_code == 422
    assert reader.theme == "auto"


def test_stranger_is_asked_to_log_in(client):
    answer = client.post(URL, {"theme": "dark"})

    assert answer.url.startswith(reverse("account_login"))
