"""Pages on a phone: what is tapped is high enough, and small phones do as well."""

import pytest

from tests.browser.pages import NOBODY, OPENED_BY, addresses_of
from tests.browser.touch import too_small

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.full]


@pytest.mark.parametrize("role", OPENED_BY, ids=lambda role: str(role) or "nobody")
def test_everything_to_tap_is_44_pixels_high(office, open_as, role):
    user = office[role] if role != NOBODY else None
    page = open_as(user, width=390, is_mobile=True, has_touch=True)
    small = []

    for address in addresses_of(role, office):
        page.goto(address)
        small += [f"{address}: {words}" for words in too_small(page)]

    assert "\n".join(small) == ""


@pytest.mark.parametrize("role", OPENED_BY, ids=lambda role: str(role) or "nobody")
def test_no_page_scrolls_sideways_at_320_pixels(office, open_as, role):
    user = office[role] if role != NOBODY else None
    page = open_as(user, width=320)
    wide = []

    for address in addresses_of(role, office):
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(address)

    assert wide == []
