from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from tests.factories.engagements import registered
from tests.factories.people import ContactFactory, UserFactory
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db

STEP = {
    "title": "Ask about the proxy",
    "owner": "role:pm",
    "due_day": "2027-04-12",
    "due_time": "",
    "phase": "3",
    "instructions": "",
    "subject_url": "",
    "evidence_wanted": "none",
}


@pytest.fixture
def pm():
    return UserFactory(roles=[Role.PM], zone="Europe/Berlin")


@pytest.fixture
def engagement(pm, client):
    ship_playbooks()
    client.force_login(pm)
    return registered(team=[(EngagementRole.PM, pm)])


def url(engagement):
    return reverse("engagements:step-add", args=[engagement.pk])


def added():
    return Step.objects.get(key="asked-1")


def test_a_step_is_added_from_the_checklist(client, engagement, pm):
    tab = client.get(f"{engagement.get_absolute_url()}checklist/").content.decode()
    answer = client.post(url(engagement), STEP, follow=True)

    assert url(engagement) in tab
    assert "The step is added: Ask about the proxy" in answer.content.decode()
    assert (added().assignee, added().due_day) == (pm, date(2027, 4, 12))
    assert added().phase == 3


def test_a_time_is_one_on_the_readers_clock(client, engagement):
    client.post(url(engagement), STEP | {"due_time": "14:30"})

    assert added().due_at == datetime(2027, 4, 12, 12, 30, tzinfo=UTC)


def test_a_contact_owns_it_and_the_lead_chases(client, engagement, pm):
    jane = ContactFactory(customer=engagement.customer)

    client.post(url(engagement), STEP | {"owner": f"contact:{jane.pk}"})

    assert (added().contact, added().assignee) == (jane, pm)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"owner": ""}, "owner"),
        ({"owner": "role:finance"}, "owner"),
        ({"owner": "person:0"}, "owner"),
        ({"due_day": ""}, "due_day"),
        ({"due_day": "1800-01-01"}, "due_day"),
        ({"phase": "9"}, "phase"),
        ({"subject_url": "javascript:alert(1)"}, "subject_url"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_written(
    client, engagement, wrong, field
):
    answer = client.post(url(engagement), STEP | wrong)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Step.objects.filter(key="asked-1").exists()


def test_a_contact_of_another_customer_is_not_on_offer(client, engagement):
    stranger = ContactFactory()

    answer = client.post(url(engagement), STEP | {"owner": f"contact:{stranger.pk}"})

    assert answer.status_code == 422


def test_strangers_and_onlookers_add_nothing(client, engagement):
    client.force_login(UserFactory(roles=[Role.PSE]))
    assert client.post(url(engagement), STEP).status_code == 404
    client.force_login(UserFactory(roles=[Role.EM]))
    assert client.post(url(engagement), STEP).status_code == 403
