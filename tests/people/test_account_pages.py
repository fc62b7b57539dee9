import re

import pytest
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from psdelivery.outbox.models import Message
from psdelivery.people import services
from psdelivery.people.choices import Role
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LOG_IN = reverse("account_login")
RESET = reverse("account_reset_password")
PASSWORD = "a long and quiet river"
NEW_PASSWORD = "another green hill far away"


@pytest.fixture(autouse=True)
def _without_earlier_tries():
    cache.clear()


@pytest.fixture
def ada():
    return UserFactory(
        username="Ada", email="ada@example.com", password=PASSWORD, roles=[Role.PM]
    )


def is_logged_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["Ada", "ada", "ada@example.com", "ADA@Example.com"])
def test_people_log_in_by_name_or_address(client, ada, login):
    response = client.post(LOG_IN, {"login": login, "password": PASSWORD})

    assert response.url == "/"
    assert is_logged_in(client)


def test_the_log_in_leads_back_to_where_one_came_from(client, ada):
    data = {"login": "Ada", "password": PASSWORD}

    inside = client.post(f"{LOG_IN}?next=/people/", {**data, "next": "/people/"})
    client.logout()
    outside = client.post(LOG_IN, {**data, "next": "https://evil.example/"})

    assert inside.url == "/people/"
    assert outside.url == "/"


@pytest.mark.parametrize("next_page", ["http://[::1", "//evil.example", "\x00"])
def test_an_address_that_leads_nowhere_is_left_out(client, ada, next_page):
    data = {"login": "Ada", "password": PASSWORD, "next": next_page}

    assert client.get(LOG_IN, {"next": next_page}).status_code == 200
    assert client.post(LOG_IN, data).url == "/"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"login": "Ada", "password": "wrong"},
        {"login": "nobody", "password": PASSWORD},
        {"login": "A\x00da", "password": PASSWORD},
        {"login": "x" * 10_000, "password": PASSWORD},
        {"login": "Ada' OR 1=1 --", "password": PASSWORD},
    ],
)
def test_a_wrong_log_in_is_refused_in_the_form(client, ada, data):
    response = client.post(LOG_IN, data)

    assert response.status_code == 422
    assert response.context["form"].errors
    assert not is_logged_in(client)


def test_a_wrong_name_and_a_wrong_password_read_the_same(client, ada):
    known = client.post(LOG_IN, {"login": "Ada", "password": "wrong"})
    unknown = client.post(LOG_IN, {"login": "Bob", "password": "wrong"})

    assert known.context["form"].errors == unknown.context["form"].errors


def test_who_has_left_does_not_get_in(client, ada):
    ada.is_active = False
    ada.save()

    client.post(LOG_IN, {"login": "Ada", "password": PASSWORD})

    assert not is_logged_in(client)


def test_the_log_out_asks_first_and_then_ends_the_session(client, ada):
    client.force_login(ada)

    asked = client.get(reverse("account_logout"))
    assert asked.status_code == 200
    assert is_logged_in(client)

    response = client.post(reverse("account_logout"))
    assert response.url == LOG_IN
    assert not is_logged_in(client)


@pytest.mark.parametrize("name", ["account_signup", "account_email"])
def test_nobody_signs_up_or_changes_addresses_here(client, name):
    with pytest.raises(NoReverseMatch):
        reverse(name)

    assert client.get("/accounts/signup/").status_code == 404


def link_in(message):
    return re.search(r"http://\S+(/accounts/password/reset/key/\S+)", message.text)[1]


def test_a_forgotten_password_is_chosen_anew_by_a_secret_mail(client, ada):
    client.post(RESET, {"email": "ADA@example.com"})
    message = Message.objects.get()
    form = client.get(link_in(message), follow=True)

    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = client.post(form.redirect_chain[-1][0], new)

    assert (message.kind, message.is_secret) == ("account", True)
    assert message.to == ["ada@example.com"]
    assert response.url == reverse("account_reset_password_from_key_done")
    assert client.login(username="Ada", password=NEW_PASSWORD)


def test_a_new_person_comes_in_by_the_link(client, ada, now):
    values = {"username": "bob", "email": "bob@example.com"}
    services.add_person(values, send_link=True, by=ada, now=now)
    form = client.get(link_in(Message.objects.get()), follow=True)

    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(form.redirect_chain[-1][0], new)
    client.post(LOG_IN, {"login": "bob", "password": NEW_PASSWORD})

    assert is_logged_in(client)


def test_the_link_in_the_mail_is_the_portals_own_address(client, ada, settings):
    settings.SITE_URL = "https://delivery.example"
    settings.ALLOWED_HOSTS = ["*"]

    client.post(RESET, {"email": ada.email}, headers={"host": "evil.example"})

    text = Message.objects.get().text
    assert "https://delivery.example/accounts/password/reset/key/" in text
    assert "evil.example" not in text


def test_a_link_works_once(client, ada):
    client.post(RESET, {"email": ada.email})
    link = link_in(Message.objects.get())
    form = client.get(link, follow=True)
    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(form.redirect_chain[-1][0], new)

    page = client.get(link, follow=True).content.decode()

    assert "This link was used already or is too old." in page


@pytest.mark.parametrize("key", ["1-abc", "zz-abc-def", "0-set-password"])
def test_an_invented_link_opens_nothing(client, ada, key):
    page = client.get(f"/accounts/password/reset/key/{key}/")

    assert "This link was used already or is too old." in page.content.decode()


def test_known_and_unknown_addresses_get_the_same_answer(client, ada):
    known = client.post(RESET, {"email": "ada@example.com"})
    unknown = client.post(RESET, {"email": "stranger@example.com"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert Message.objects.count() == 1


def test_who_has_left_gets_no_link(client, ada):
    ada.is_active = False
    ada.save()

    client.post(RESET, {"email": "ada@example.com"})

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "email", ["", "ada", "a@b\x00.example", "a@b.example\r\nBcc: x"]
)
def test_an_address_that_is_none_is_refused(client, email):
    response = client.post(RESET, {"email": email})

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"email"}


def change(client, **values):
    data = {
        "oldpassword": PASSWORD,
        "password1": NEW_PASSWORD,
        "password2": NEW_PASSWORD,
        **values,
    }
    return client.post(reverse("account_change_password"), data)


def test_a_password_is_changed_and_the_session_stays(client, ada):
    client.force_login(ada)

    response = change(client)

    ada.refresh_from_db()
    assert response.url == reverse("people:profile")
    assert ada.check_password(NEW_PASSWORD)
    assert is_logged_in(client)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("oldpassword", {"oldpassword": "wrong"}),
        ("password2", {"password2": "something else"}),
        ("password1", {"password1": "12345678", "password2": "12345678"}),
        ("password1", {"password1": "short", "password2": "short"}),
    ],
)
def test_a_bad_password_is_told_at_its_field(client, ada, field, values):
    client.force_login(ada)

    response = change(client, **values)

    ada.refresh_from_db()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert ada.check_password(PASSWORD)


def test_who_never_chose_a_password_is_led_to_the_mail(client):
    person = UserFactory.build(username="new", email="new@example.com")
    person.set_unusable_password()
    person.save()
    client.force_login(person)

    assert client.get(reverse("account_change_password")).url == RESET


def test_demo_log_ins_are_shown_in_the_demo_alone(client, settings):
    settings.DEMO = False
    assert "Demo log-ins" not in client.get(LOG_IN).content.decode()

    settings.DEMO = True
    assert "coordinator" in client.get(LOG_IN).content.decode()
