import pytest
from django.urls import reverse

from psdelivery import access
from psdelivery.people.choices import Role
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def test_the_log_in_page_leads_back_to_the_page_that_was_wanted(client):
    response = client.get(reverse("people:person-list") + "?role=pm")

    back = "next=/people/%3Frole%3Dpm"
    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?{back}"


def test_a_post_of_nobody_leads_to_the_log_in_without_coming_back_to_it(client):
    response = client.post(reverse("people:person-add"))

    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next=/"


def test_a_fragment_of_nobody_sends_the_whole_page_to_the_log_in(client):
    response = client.get(
        reverse("people:subdivision-options"),
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://testserver/people/profile/",
        },
    )

    assert response["HX-Redirect"] == (
        f"{reverse('account_login')}?next=/people/profile/"
    )


def test_a_fragment_of_no_page_leads_to_the_log_in_alone(client):
    response = client.get(
        reverse("people:subdivision-options"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://[::1"},
    )

    assert response["HX-Redirect"] == f"{reverse('account_login')}?next=/"


def test_a_view_without_an_entry_opens_for_nobody(admin_client, monkeypatch):
    monkeypatch.delitem(access.URLS, "people:profile")

    assert admin_client.get(reverse("people:profile")).status_code == 403


def test_a_person_without_a_role_is_told_so(client):
    client.force_login(UserFactory())

    response = client.get(reverse("people:person-list"))

    assert response.status_code == 403
    assert "Your role does not include this page." in response.content.decode()


def test_a_person_who_left_is_logged_out_at_once(client):
    person = UserFactory(roles=[Role.PM])
    client.force_login(person)
    person.is_active = False
    person.save()

    assert client.get(reverse("people:profile")).status_code == 302


def test_djangos_own_log_in_page_is_not_used(client):
    response = client.get(reverse("admin:login"))

    assert response.url.startswith(reverse("account_login"))
