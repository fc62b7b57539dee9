"""Wrong passwords are counted by person and by address, and then refused in words."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from psdelivery.people.choices import Role
from tests.factories.people import UserFactory

LOG_IN = reverse("account_login")
PASSWORD = "a long and quiet river"
NOW = datetime(2027, 3, 9, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _without_earlier_tries():
    cache.clear()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada():
    return UserFactory(
        username="Ada", email="ada@example.com", password=PASSWORD, roles=[Role.PM]
    )


@pytest.fixture
def behind_a_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def post(login="Ada", password="wrong", **headers):
    data = {"login": login, "password": password}
    return Client(headers=headers).post(LOG_IN, data)


def is_in(response):
    return response.status_code == 302


def test_the_sixth_try_is_refused_in_words_even_with_the_right_password(ada):
    tries = [post().status_code for _ in range(5)]

    sixth = post(password=PASSWORD)

    assert tries == [422] * 5
    assert sixth.status_code == 429
    page = sixth.content.decode()
    assert "Too many wrong passwords. Wait 15 minutes" in page
    assert reverse("account_reset_password") in page
    assert "wrong" not in sixth.context["form"].data.get("login")


def test_name_and_address_of_one_person_count_together(ada):
    for login in ("Ada", "ada", "ada@example.com", "ADA@example.com", "Ada"):
        assert post(login).status_code == 422

    assert post("ada@example.com", PASSWORD).status_code == 429
    assert post("Ada", PASSWORD).status_code == 429


def test_after_a_quarter_of_an_hour_the_person_gets_in_again(ada, clock):
    for _ in range(6):
        post()

    clock.shift(timedelta(minutes=14))
    assert not is_in(post(password=PASSWORD))
    clock.shift(timedelta(minutes=2))
    assert is_in(post(password=PASSWORD))


def test_who_is_locked_does_not_lock_the_others(ada):
    UserFactory(username="Bob", password=PASSWORD, roles=[Role.PM])
    for _ in range(6):
        post("Ada")

    assert is_in(post("Bob", PASSWORD))


def test_a_right_password_is_not_counted(ada):
    for _ in range(12):
        assert is_in(post(password=PASSWORD))


def test_right_passwords_between_do_not_forgive_the_wrong_ones(ada, clock):
    for _ in range(5):
        post()
        clock.shift(1)
        post(password=PASSWORD)
        clock.shift(1)

    assert post(password=PASSWORD).status_code == 429


def test_a_new_password_ends_the_wait(ada, client):
    for _ in range(6):
        post()
    client.force_login(ada)
    client.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another green hill far away",
            "password2": "another green hill far away",
        },
    )

    assert is_in(post(password="another green hill far away"))


def test_somebody_unknown_is_locked_like_somebody_known(ada):
    known = [post("Ada").status_code for _ in range(6)]
    unknown = [post("Nobody").status_code for _ in range(6)]

    assert known == unknown == [422] * 5 + [429]


def test_names_tried_one_by_one_are_stopped_by_the_address(ada):
    answers = [post(f"somebody-{n}").status_code for n in range(20)]

    assert set(answers) == {422}
    assert post("Ada", PASSWORD).status_code == 429


@pytest.mark.usefixtures("behind_a_proxy")
def test_behind_a_proxy_the_address_is_the_one_that_it_saw(ada):
    for n in range(20):
        # What stands before the proxy's own entry, anybody may write.
        post(f"somebody-{n}", **{"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7"})

    same = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}
    assert post("Ada", PASSWORD, **same).status_code == 429
    assert is_in(post("Ada", PASSWORD, **{"X-Forwarded-For": "198.51.100.8"}))


@pytest.mark.usefixtures("behind_a_proxy")
def test_a_person_is_locked_from_wherever_the_tries_come(ada):
    for n in range(5):
        post(**{"X-Forwarded-For": f"198.51.100.{n}"})

    answer = post(password=PASSWORD, **{"X-Forwarded-For": "198.51.100.99"})
    assert answer.status_code == 429


def test_without_a_proxy_nobody_chooses_an_address(ada):
    for n in range(20):
        post(f"somebody-{n}", **{"X-Forwarded-For": f"203.0.113.{n}"})

    assert post("Ada", PASSWORD).status_code == 429


def test_the_operator_reads_of_a_lock_in_the_log(ada, caplog):
    for _ in range(6):
        post()

    assert "Log-in locked for 'ada' from 127.0.0.1" in caplog.text
    assert "wrong" not in caplog.text


def test_djangos_admin_has_no_log_in_of_its_own(client, ada):
    response = client.post("/admin/login/", {"username": "Ada", "password": PASSWORD})

    assert response.status_code == 302
    assert response.url.startswith(LOG_IN)
