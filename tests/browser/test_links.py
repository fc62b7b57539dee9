"""No link leads anybody to a page that is closed to them, or is not there."""

import re
from collections import Counter, deque
from html import unescape

import pytest

from psdelivery.people.choices import Role

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
LEFT_OUT = ("/admin/", "/accounts/logout/")
# Of many pages of one kind a few tell as much as all of them.
ENOUGH = 4
# A role to which most pages are closed; the full tier walks as each.
QUICK = {Role.FINANCE}


def kind_of(address):
    return re.sub(r"\d+|[0-9a-f-]{36}|=[^&]*", "", address)


def dead_links(client):
    """Walk from page to page as somebody would; return where that ends badly."""
    waiting, seen, kinds, dead = deque([("/", "")]), set(), Counter(), []
    while waiting:
        address, source = waiting.popleft()
        if address in seen or kinds[kind_of(address)] == ENOUGH:
            continue
        seen.add(address)
        kinds[kind_of(address)] += 1
        answer = client.get(address)
        if answer.status_code >= 400:
            dead.append(f"{source} leads to {address}: {answer.status_code}")
        elif "html" in answer.headers["Content-Type"] and not answer.streaming:
            found = map(unescape, LINK.findall(answer.content.decode()))
            links = (link for link in found if not link.startswith(LEFT_OUT))
            waiting.extend((link, address) for link in links)
    return dead


ROLES = [
    role if role in QUICK else pytest.param(role, marks=pytest.mark.full)
    for role in Role
]


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_link_leads_to_a_closed_page(client, office, role):
    client.force_login(office[role])

    assert dead_links(client) == []
