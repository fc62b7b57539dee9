"""The pages that only somebody with a second factor comes to."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from psdelivery.people.choices import Role
from tests.browser.test_axe import look
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]

PASSWORD = "correct horse battery staple"


def test_its_pages_are_accessible_and_the_log_in_asks_for_it(open_as):
    person = UserFactory(username="anna", roles=[Role.PSE], password=PASSWORD)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    names = ["", "again/", "codes/", "codes/new/", "remove/"]
    inside = [f"/accounts/second-factor/{name}" for name in names]

    assert look(open_as(person), inside) == []
    page = open_as(None)
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("anna")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/second-factor/code/")
    assert look(page, ["/accounts/second-factor/code/"]) == []
