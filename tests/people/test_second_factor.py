import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from psdelivery.people.models import User
from psdelivery.people.second_factor import NEEDED, ROLES_SETTING
from psdelivery.people.services import change_setting
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
SET_UP = "/accounts/second-factor/set-up/"


def code_for(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def log_in(client, person):
    return client.post(
        reverse("account_login"), {"login": person.username, "password": PASSWORD}
    )


@pytest.fixture
def anna():
    return UserFactory(username="anna", roles=[Role.PSE], password=PASSWORD)


@pytest.fixture
def secret(anna):
    """Anna's second factor, set up."""
    found = generate_totp_secret()
    TOTP.activate(anna, found)
    RecoveryCodes.activate(anna)
    return found


def test_setting_it_up_shows_a_picture_and_gives_recovery_codes(
    client, anna, django_capture_on_commit_callbacks
):
    log_in(client, anna)
    page = client.get(SET_UP).content.decode()
    found = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(SET_UP, {"code": code_for(found)})

    assert 'src="data:image/svg+xml;base64,' in page
    assert answer.url == reverse("mfa_view_recovery_codes")
    codes = client.get(answer.url).content.decode()
    assert len(re.findall(r"^[0-9a-f]{8}$|^[0-9]{8}$", codes, re.M)) >= 9
    assert Event.objects.filter(verb="second-factor-added", actor=anna).exists()


def test_the_secret_rests_encrypted(anna, secret):
    stored = Authenticator.objects.get(type="totp")

    assert secret not in str(stored.data)
    assert stored.wrap().validate_code(code_for(secret))


def test_a_wrong_code_is_told_and_sets_up_nothing(client, anna):
    log_in(client, anna)
    client.get(SET_UP)

    answer = client.post(SET_UP, {"code": "000000"})

    assert answer.status_code == 422
    assert "Incorrect code" in answer.content.decode()
    assert not Authenticator.objects.exists()


def test_the_log_in_asks_for_the_code(client, anna, secret):
    answer = log_in(client, anna)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("dashboards:my-day")).status_code == 302

    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    right = client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})

    assert wrong.status_code == 422
    assert right.url == reverse("dashboards:my-day")
    assert client.get(right.url).status_code == 200


def test_a_recovery_code_opens_once(client, anna, secret):
    codes = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()
    for expected in (302, 422):
        log_in(client, anna)
        answer = client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert answer.status_code == expected
        client.logout()


def test_a_role_that_needs_it_sets_it_up_before_anything_else(client, anna, now):
    change_setting(ROLES_SETTING, ["pse"], by=None, now=now)
    log_in(client, anna)

    answer = client.get(reverse("dashboards:my-day"))
    assert answer.url == SET_UP
    page = client.get(SET_UP).content.decode()
    client.post(
        SET_UP, {"code": code_for(re.search(r"<code>([A-Z2-7]+)</code>", page)[1])}
    )

    assert client.get(reverse("dashboards:my-day")).status_code == 200
    assert NEEDED not in client.session


def test_other_roles_are_not_asked(client, anna, now):
    change_setting(ROLES_SETTING, ["administrator"], by=None, now=now)
    log_in(client, anna)

    assert client.get(reverse("dashboards:my-day")).status_code == 200


def test_changing_it_asks_for_the_password_once_more(client, anna, secret, settings):
    settings.MFA_REAUTHENTICATION_REQUIRED = True
    client.force_login(anna)

    answer = client.get(reverse("mfa_deactivate_totp"))

    assert answer.url.startswith(reverse("account_reauthenticate"))
    wrong = client.post(answer.url, {"password": "wrong"})
    right = client.post(answer.url, {"password": PASSWORD})
    assert (wrong.status_code, right.url) == (422, reverse("mfa_deactivate_totp"))
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert Event.objects.filter(verb="second-factor-removed").exists()


def test_an_administrator_resets_what_somebody_lost(as_administrator, anna, secret):
    as_administrator.post(reverse("people:second-factor-reset", args=[anna.pk]))

    assert not Authenticator.objects.filter(user=anna).exists()
    event = Event.objects.get(verb="second-factor-reset")
    assert event.subject_id == str(anna.pk)
    as_administrator.logout()
    assert log_in(as_administrator, anna).url == reverse("dashboards:my-day")


def test_who_has_none_is_led_to_the_overview(client, anna):
    log_in(client, anna)

    for name in ("mfa_deactivate_totp", "mfa_view_recovery_codes"):
        assert client.get(reverse(name)).url == reverse("mfa_index")
    assert User.objects.get() == anna
