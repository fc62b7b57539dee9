import pytest
from django.urls import reverse

from psdelivery.people.choices import Role
from psdelivery.people.models import User

pytestmark = pytest.mark.django_db

PROFILE = reverse("people:profile")


def valid(**values):
    return {
        "first_name": "Cora",
        "last_name": "Coordinator",
        "zone": "Europe/Berlin",
        "country": "",
        "subdivision": "",
        "theme": "dark",
        **values,
    }


def test_everybody_changes_name_zone_country_and_colours(as_coordinator, coordinator):
    response = as_coordinator.post(
        PROFILE, valid(zone="tokyo", country="JP", first_name="Córa")
    )

    coordinator.refresh_from_db()
    assert response.url == PROFILE
    assert (coordinator.zone, coordinator.country) == ("Asia/Tokyo", "JP")
    assert (coordinator.first_name, coordinator.theme) == ("Córa", "dark")


def test_a_profile_gives_nobody_more_than_its_fields(as_coordinator, coordinator):
    as_coordinator.post(
        PROFILE,
        valid(
            email="boss@example.com",
            username="boss",
            is_superuser="on",
            is_staff="on",
            roles="administrator",
        ),
    )

    person = User.objects.get(pk=coordinator.pk)
    assert (person.username, person.email) == (coordinator.username, coordinator.email)
    assert person.role_set == {Role.COORDINATOR}
    assert not person.is_staff


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Europe/Atlantis"),
        ("zone", ""),
        ("country", "XX"),
        ("subdivision", "BE"),
        ("theme", "pink"),
        ("first_name", "C\x00ora"),
        ("last_name", "x" * 151),
    ],
)
def test_bad_input_is_told_at_its_field_and_nothing_is_written(
    as_coordinator, coordinator, field, value
):
    response = as_coordinator.post(PROFILE, valid(**{field: value}))

    coordinator.refresh_from_db()
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert coordinator.theme == "auto"
    # The header still shows the name that is stored.
    assert response.context["user"].display_name == "Cora Coordinator"


def test_subdivisions_are_offered_for_the_country_chosen(as_coordinator):
    path = reverse("people:subdivision-options")

    assert '<option value="BE">Berlin</option>' in (
        as_coordinator.get(path, {"country": "DE"}).content.decode()
    )
    for unknown in ("", "XX", "<script>", "D\x00"):
        assert as_coordinator.get(path, {"country": unknown}).content == b""
