from uuid import UUID

import pytest
from django.urls import NoReverseMatch, reverse
from django.urls.base import set_script_prefix

from psdelivery.people.addresses import address_of

pytestmark = pytest.mark.unit

VIEWS = [
    ("engagements:engagement-detail", 7),
    ("playbooks:step-complete", 0),
    ("people:customer-detail", 10**12),
    ("outbox:message-detail", UUID("0b0e0a5e-6f0c-4f5e-9a55-2b5d3f0c9d11")),
]


@pytest.mark.parametrize(("view_name", "pk"), VIEWS)
def test_an_address_is_that_of_the_view(view_name, pk):
    assert address_of(view_name, pk) == reverse(view_name, args=[pk])


def test_an_address_begins_where_the_portal_is_mounted():
    before = address_of("playbooks:step-detail", 7)

    set_script_prefix("/delivery/")
    try:
        assert address_of("playbooks:step-detail", 7) == f"/delivery{before}"
    finally:
        set_script_prefix("/")
    assert address_of("playbooks:step-detail", 7) == before


def test_what_is_not_stored_has_no_address():
    with pytest.raises(NoReverseMatch):
        address_of("playbooks:step-detail", None)
