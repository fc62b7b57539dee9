import pytest
from django.urls import reverse

from engagements.models import Offering
from engagements.services.shipped import load_offerings
from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from tests.factories.engagements import OfferingFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse("engagements:offering-list")
ADD = reverse("engagements:offering-add")
FILLED = {
    "category": "Consulting",
    "type": "Advisory",
    "title": "Health check",
    "maturity": "viable",
    "kind": "consulting",
    "is_active": "on",
}


@pytest.fixture
def manager(db):
    return UserFactory(roles=[Role.PRACTICE_MANAGER])


def edit_url(offering):
    return reverse("engagements:offering-edit", args=[offering.pk])


def test_offerings_stand_under_their_category(client, coordinator):
    OfferingFactory(category="Education", title="Git basics")
    OfferingFactory(category="Consulting", title="Migration")
    client.force_login(coordinator)

    text = client.get(LIST).content.decode()
    places = [
        text.index(w) for w in ("Consulting", "Migration", "Education", "Git basics")
    ]
    assert places == sorted(places)
    # A coordinator proposes changes, and makes none.
    assert "Add an offering" not in text


def test_a_manager_adds_an_offering(client, manager):
    client.force_login(manager)
    lines = {
        "kit_links": "https://kits.example.com/health Health kit\nhttps://kits.example.com/2",
        "role_hours": "pse 40\nPM: 8,5",
    }

    assert client.post(ADD, FILLED | lines).url == LIST
    offering = Offering.objects.get()
    assert offering.key == "health-check"
    assert offering.kit_links == [
        {"url": "https://kits.example.com/health", "title": "Health kit"},
        {"url": "https://kits.example.com/2", "title": "https://kits.example.com/2"},
    ]
    assert offering.role_hours == {"pse": 40, "pm": 8.5}
    assert Event.objects.filter(verb="offering-added").exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "???"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "taken"}, "title"),
        ({"maturity": "ripe"}, "maturity"),
        ({"kind": "party"}, "kind"),
        ({"course": "999"}, "course"),
        ({"kit_links": "javascript:alert(1) Kit"}, "kit_links"),
        ({"kit_links": "https://x.example/\n" * 21}, "kit_links"),
        ({"kit_links": "nul\x00"}, "kit_links"),
        ({"role_hours": "wizard 4"}, "role_hours"),
        ({"role_hours": "pse many"}, "role_hours"),
        ({"role_hours": "pse -4"}, "role_hours"),
        ({"role_hours": "pse nan"}, "role_hours"),
        ({"role_hours": "pse"}, "role_hours"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_written(
    client, manager, typed, field
):
    OfferingFactory(title="Taken", key="taken")
    client.force_login(manager)

    response = client.post(ADD, FILLED | typed)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert Offering.objects.count() == 1


def test_two_titles_that_make_the_same_key_are_told_apart(client, manager):
    OfferingFactory(title="Health-check", key="health-check")
    client.force_login(manager)

    response = client.post(ADD, FILLED)
    assert response.status_code == 422
    assert Offering.objects.count() == 1


def test_an_edited_offering_is_left_alone_by_shipped_data(client, manager):
    load_offerings()
    offering = Offering.objects.first()
    client.force_login(manager)

    typed = FILLED | {"title": "Our own name", "kind": offering.kind}
    assert client.post(edit_url(offering), typed).status_code == 302
    load_offerings()
    offering.refresh_from_db()
    assert offering.title == "Our own name"
    assert offering.edited_at is not None
    assert (
        Event.objects.get(verb="offering-edited").changes["title"][1] == "Our own name"
    )


def test_an_edit_that_changes_nothing_is_no_edit(client, manager):
    offering = OfferingFactory(
        role_hours={"pse": 40.0},
        kit_links=[{"url": "https://k.example/", "title": "K"}],
    )
    client.force_login(manager)
    shown = client.get(edit_url(offering)).context["form"]

    typed = {name: shown[name].value() or "" for name in shown.fields}
    assert client.post(edit_url(offering), typed).status_code == 302
    offering.refresh_from_db()
    assert offering.edited_at is None
    assert offering.hours_words == "PSE 40"


def test_offerings_are_changed_by_managers_only(client, coordinator, pse):
    client.force_login(coordinator)
    assert client.get(ADD).status_code == 403
    assert client.get(edit_url(OfferingFactory())).status_code == 403

    client.force_login(pse)
    assert client.get(LIST).status_code == 403


def test_the_list_costs_the_same_queries_for_any_number_of_offerings(
    client, manager, django_assert_num_queries
):
    client.force_login(manager)
    OfferingFactory.create_batch(3)
    client.get(LIST)

    with django_assert_num_queries(4):
        client.get(LIST)
    OfferingFactory.create_batch(27)
    with django_assert_num_queries(4):
        client.get(LIST)
