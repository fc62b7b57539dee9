import pytest
from django.urls import reverse

from engagements.models import TeamMember
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def add_url(engagement):
    return reverse("engagements:team-member-add", args=[engagement.pk])


def edit_url(member):
    return reverse(
        "engagements:team-member-edit", args=[member.engagement_id, member.pk]
    )


def remove_url(member):
    return reverse(
        "engagements:team-member-remove", args=[member.engagement_id, member.pk]
    )


def test_the_role_in_the_address_is_filled_in_with_fitting_people_first(
    client, coordinator, pm, pse
):
    client.force_login(coordinator)

    form = client.get(f"{add_url(EngagementFactory())}?role=pm").context["form"]
    assert form["role"].value() == "pm"
    groups = form.fields["person"].choices[1:]
    assert [str(words) for words, _people in groups] == ["Project manager", "Others"]
    assert [pk for pk, _name in groups[0][1]] == [pm.pk]
    assert pse.pk in [pk for pk, _name in groups[1][1]]


def test_lead_and_contact_are_not_named_by_hand(client, coordinator, consulting):
    client.force_login(coordinator)

    choices = client.get(add_url(consulting)).context["form"].fields["role"].choices
    offered = {value for value, _words in choices if value}
    assert offered == set(EngagementRole.values) - {"lead", "contact"}


def test_a_person_is_put_on_the_team(client, coordinator, consulting, pse):
    client.force_login(coordinator)

    response = client.post(add_url(consulting), {"role": "pse", "person": pse.pk})
    assert response.url == f"{consulting.get_absolute_url()}team/"
    assert consulting.team.get(role="pse").person == pse
    assert Event.objects.filter(verb="team-member-added").exists()


def test_a_role_stays_empty_with_a_reason(client, coordinator, consulting):
    client.force_login(coordinator)

    client.post(add_url(consulting), {"role": "csm", "none_reason": "No CSM yet"})
    assert consulting.team.get(role="csm").none_reason == "No CSM yet"
    text = client.get(f"{consulting.get_absolute_url()}team/").content.decode()
    assert "No CSM yet" in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"role": "wizard", "person": "me"}, "role"),
        ({"role": "lead", "person": "me"}, "role"),
        ({"role": "pse"}, "person"),
        ({"role": "pse", "person": "999999"}, "person"),
        ({"role": "pse", "person": "me", "none_reason": "x"}, "none_reason"),
        ({"role": "pse", "none_reason": "a\x00"}, "none_reason"),
        ({"role": "pse", "person": "9" * 30}, "person"),
        ({"role": "pse", "none_reason": "x" * 201}, "none_reason"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_written(
    client, coordinator, typed, field
):
    engagement = EngagementFactory()
    if typed.get("person") == "me":
        typed = typed | {"person": coordinator.pk}
    client.force_login(coordinator)

    response = client.post(add_url(engagement), typed)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not TeamMember.objects.exists()


def test_r2_nobody_is_booked_by_the_form_of_the_team(
    client, coordinator, consulting, pse
):
    client.force_login(coordinator)

    typed = {"role": "pse", "person": pse.pk, "booking": "hard", "hours": "40"}
    assert client.post(add_url(consulting), typed).status_code == 302
    member = consulting.team.get(role="pse")
    assert (member.booking, member.hours) == ("", None)


def test_the_same_person_twice_is_refused(client, coordinator, consulting, pm):
    client.force_login(coordinator)

    response = client.post(add_url(consulting), {"role": "pm", "person": pm.pk})
    assert response.status_code == 422
    assert "has this role already" in response.content.decode()


def test_an_entry_is_changed_and_keeps_its_role(client, coordinator, consulting, pse):
    member = consulting.team.get(role="pm")
    client.force_login(coordinator)

    response = client.post(edit_url(member), {"role": "em", "person": pse.pk})
    member.refresh_from_db()
    assert response.status_code == 302
    assert (member.role, member.person) == ("pm", pse)


def test_a_refused_change_shows_who_it_is_now(client, coordinator, consulting, pse):
    member = consulting.team.get(role="pm")
    client.force_login(coordinator)

    typed = {"person": pse.pk, "none_reason": "No"}
    response = client.post(edit_url(member), typed)
    assert response.status_code == 422
    assert f"<title>Project manager: {member.person}" in response.content.decode()


def test_who_has_left_is_still_shown_and_can_be_replaced(
    client, coordinator, consulting, pm, pse
):
    pm.is_active = False
    pm.save()
    member = consulting.team.get(role="pm")
    client.force_login(coordinator)

    assert pm.display_name in client.get(edit_url(member)).content.decode()
    assert client.post(edit_url(member), {"person": pm.pk}).status_code == 422
    assert client.post(edit_url(member), {"person": pse.pk}).status_code == 302


def test_somebody_is_taken_off_the_team_with_a_word_why(
    client, coordinator, consulting
):
    member = consulting.team.get(role="pm")
    client.force_login(coordinator)

    response = client.post(remove_url(member), {"reason": "On leave"})
    assert response.status_code == 302
    assert not consulting.team.filter(role="pm").exists()
    assert Event.objects.get(verb="team-member-removed").reason == "On leave"


def test_a_bad_word_why_removes_nobody(client, coordinator, consulting):
    member = consulting.team.get(role="pm")
    client.force_login(coordinator)

    assert client.post(remove_url(member), {"reason": "\x00"}).status_code == 422
    assert client.get(remove_url(member)).status_code == 405
    assert consulting.team.filter(role="pm").exists()


def test_a_member_of_another_engagement_is_not_found(client, coordinator, consulting):
    other = TeamMemberFactory()
    url = reverse("engagements:team-member-edit", args=[consulting.pk, other.pk])
    client.force_login(coordinator)

    assert client.get(url).status_code == 404


def test_the_team_is_not_for_who_may_only_see(client, consulting):
    client.force_login(UserFactory(roles=[Role.PM]))
    member = consulting.team.get(role="pm")

    assert client.get(add_url(consulting)).status_code == 403
    assert client.post(edit_url(member), {}).status_code == 403
    assert client.post(remove_url(member), {}).status_code == 403


def test_without_a_role_everybody_is_offered_in_one_list(client, coordinator):
    client.force_login(coordinator)

    form = client.get(add_url(EngagementFactory())).context["form"]
    groups = form.fields["person"].choices[1:]
    assert [str(words) for words, _people in groups] == ["People"]
