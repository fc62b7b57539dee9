"""axe finds nothing on any page, and no page scrolls sideways on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from psdelivery.people.choices import Role
from tests.access.walk import own_addresses
from tests.browser.pages import NO_PAGES, NOBODY, OPENED_BY, addresses_of

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PHONE = {"width": 390, "height": 844}
FACES = [
    ("light", 1280),
    pytest.param(("dark", 1280), marks=pytest.mark.full),
    pytest.param(("light", 390), marks=pytest.mark.full),
    pytest.param(("dark", 390), marks=pytest.mark.full),
]


@pytest.mark.unit
def test_every_address_is_a_page_that_is_looked_at_or_named_as_none():
    looked_at = {name for names in OPENED_BY.values() for name in names}

    assert {address.name for address in own_addresses()} == looked_at | NO_PAGES


def look(page, addresses):
    """What is wrong with the pages, in words."""
    return [words for address in addresses for words in faults(page, address)]


def faults(page, address):
    page.goto(address)
    for fault in Axe().run(page, options=WCAG).response["violations"]:
        yield f"{address}: {fault['id']}: {fault['nodes'][0]['html'][:200]}"
    size = page.viewport_size
    for here in (size, PHONE):
        page.set_viewport_size(here)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > here["width"]:
            yield f"{address}: {width} pixels wide where {here['width']} are seen"
    page.set_viewport_size(size)


# One pass over a few pages in the quick tier; the full one looks at all of them.
QUICK_ROLES = {NOBODY, Role.TRAINER}
ROLES = [
    role if role in QUICK_ROLES else pytest.param(role, marks=pytest.mark.full)
    for role in OPENED_BY
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ROLES, ids=lambda role: str(role) or "nobody")
@pytest.mark.parametrize("face", FACES, ids=lambda face: f"{face[0]}-{face[1]}")
def test_pages_are_accessible_and_fit(office, open_as, role, face):
    user = office[role] if role != NOBODY else None
    theme, width = face
    page = open_as(user, color_scheme=theme, width=width)

    assert "\n".join(look(page, addresses_of(role, office))) == ""
