import pytest
from django.urls import reverse

from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Playbook
from psdelivery.playbooks.services.editing import (
    note_draft,
    publish_draft,
    start_draft,
)
from tests.factories.engagements import NOW, registered
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    person = UserFactory(roles=[Role.COORDINATOR])
    client.force_login(person)
    return person


@pytest.fixture
def engagement(coordinator):
    ship_playbooks()
    return registered(team=[(EngagementRole.PC, coordinator)], by=coordinator)


@pytest.fixture
def newer(engagement, coordinator):
    draft = start_draft(engagement.checklist.playbook.key, by=coordinator, now=NOW)
    draft.steps.filter(key="qualify").update(title="Ask the five questions")
    draft.steps.filter(key="recap").delete()
    note_draft(draft, "Shorter", title=draft.title, by=coordinator, now=NOW)
    return publish_draft(draft, by=coordinator, now=NOW)


def checklist_tab(client, engagement):
    return client.get(f"{engagement.get_absolute_url()}checklist/").content.decode()


def test_an_engagement_offers_the_newer_playbook_and_takes_over_what_is_ticked(
    client, engagement, newer
):
    address = reverse("playbooks:checklist-adopt", args=[engagement.checklist_id])
    assert address in checklist_tab(client, engagement)
    page = client.get(address).content.decode()
    assert "Ask the five questions" not in page.split("<form")[0]
    assert "Steps that are gone" in page

    client.post(address, {"version": newer.version, "keys": ["qualify"]})

    steps = engagement.checklist.steps
    assert steps.get(key="qualify").title == "Ask the five questions"
    assert steps.get(key="recap").is_open
    assert address not in checklist_tab(client, engagement)


def test_a_version_that_came_meanwhile_is_refused(client, engagement, newer):
    address = reverse("playbooks:checklist-adopt", args=[engagement.checklist_id])

    answer = client.post(address, {"version": newer.version - 1, "keys": ["qualify"]})

    assert answer.status_code == 409
    assert "look again" in answer.content.decode()
    assert (
        engagement.checklist.steps.filter(title="Ask the five questions").count() == 0
    )


def test_who_may_not_edit_is_not_asked(client, engagement, newer):
    finance = UserFactory(roles=[Role.FINANCE])
    client.force_login(finance)
    address = reverse("playbooks:checklist-adopt", args=[engagement.checklist_id])

    assert address not in checklist_tab(client, engagement)
    assert client.get(address).status_code == 403


def test_a_checklist_of_the_current_version_has_nothing_to_take_over(
    client, engagement
):
    address = reverse("playbooks:checklist-adopt", args=[engagement.checklist_id])

    assert "Nothing to take over" in client.get(address).content.decode()
    assert Playbook.objects.current().count() > 1
