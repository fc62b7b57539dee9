import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery.people.choices import EngagementRole, Role
from tests.factories.people import UserFactory
from tests.factories.playbooks import PlaybookFactory, PlaybookStepFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))


def test_playbooks_are_listed_in_their_present_version(client, coordinator):
    old = PlaybookFactory(title="Class", version=1, is_current=False)
    PlaybookFactory(key=old.key, title="Class", version=2)

    page = client.get(reverse("playbooks:playbook-list"))

    assert [item.version for item in page.context["playbooks"]] == [2]
    assert reverse("playbooks:playbook-detail", args=[old.key]) in page.content.decode()


def test_a_playbook_shows_each_step_with_owner_and_moment(client, coordinator):
    playbook = PlaybookFactory(title="Class")
    PlaybookStepFactory(
        playbook=playbook,
        title="Send the link",
        owner_role=EngagementRole.TC,
        anchor="first_session",
        offset_value=-14,
        instructions="Ask them to *pass it on*.",
    )

    page = client.get(reverse("playbooks:playbook-detail", args=[playbook.key]))

    text = page.content.decode()
    assert "Send the link" in text
    assert "14 days before the first session" in text
    assert "<em>pass it on</em>" in text


def test_an_unknown_playbook_is_not_found(client, coordinator):
    assert (
        client.get(reverse("playbooks:playbook-detail", args=["x"])).status_code == 404
    )


def test_who_delivers_has_no_register_of_playbooks(client):
    client.force_login(UserFactory(roles=[Role.PSE]))

    assert client.get(reverse("playbooks:playbook-list")).status_code == 403


@pytest.mark.parametrize("name", ["list", "detail"])
def test_playbook_pages_take_the_same_queries_with_3_and_30_steps(
    client, coordinator, name
):
    counts = []
    for count in (3, 30):
        playbook = PlaybookFactory()
        for _ in range(count):
            PlaybookStepFactory(playbook=playbook)
        address = reverse(
            f"playbooks:playbook-{name}",
            args=[playbook.key] if name == "detail" else [],
        )
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]
