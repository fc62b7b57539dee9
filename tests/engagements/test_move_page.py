import pytest
from django.urls import reverse

from engagements.choices import BallWith, Status
from engagements.models import Engagement
from psdelivery.history.models import Event
from psdelivery.people.choices import Role
from scheduling.choices import Hold
from tests.engagements.ticks import set_status, tick
from tests.factories.engagements import OfferingFactory, TeamMemberFactory, open_gate
from tests.factories.people import UserFactory
from tests.factories.scheduling import booked

pytestmark = pytest.mark.django_db


def url_of(engagement):
    return reverse("engagements:engagement-move", args=[engagement.pk])


def move(client, engagement, target, **typed):
    return client.post(url_of(engagement), {"target": target, **typed})


def ready_for_prospect(engagement):
    engagement.opportunity_url = "https://crm.example.com/1"
    engagement.save()
    engagement.offerings.add(OfferingFactory())


def test_a_move_leads_back_to_the_engagement(client, coordinator, consulting):
    ready_for_prospect(consulting)
    client.force_login(coordinator)

    response = move(client, consulting, "prospect")
    assert response.url == consulting.get_absolute_url()
    assert Engagement.objects.get().status == Status.PROSPECT


def test_r1_a_refused_move_says_all_that_is_missing_with_links(
    client, coordinator, consulting
):
    set_status(consulting, Status.IN_SETUP)
    client.force_login(coordinator)

    response = move(client, consulting, "okay_to_start")
    text = response.content.decode()
    url = consulting.get_absolute_url()
    assert response.status_code == 409
    assert f'href="{url}gate/customer_signature/"' in text
    assert f'href="{url}edit/#id_paper-billing_terms"' in text
    assert "The welcome mail is not sent" in text
    assert Engagement.objects.get().status == Status.IN_SETUP


def test_r1_the_refusal_goes_when_the_cures_are_taken(client, coordinator, consulting):
    set_status(consulting, Status.IN_SETUP)
    open_gate(consulting)
    tick(consulting, "welcome")
    client.force_login(coordinator)

    assert move(client, consulting, "okay_to_start").status_code == 302


def test_without_a_reload_the_refusal_is_a_fragment(client, coordinator, consulting):
    client.force_login(coordinator)

    response = client.post(
        url_of(consulting), {"target": "prospect"}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 409
    assert "<html" not in response.content.decode()
    assert "The link to the opportunity is missing." in response.content.decode()


def test_without_a_reload_a_move_sends_the_page_on(client, coordinator, consulting):
    ready_for_prospect(consulting)
    client.force_login(coordinator)

    response = client.post(
        url_of(consulting), {"target": "prospect"}, headers={"HX-Request": "true"}
    )
    assert response["HX-Redirect"] == consulting.get_absolute_url()


@pytest.mark.parametrize("target", ["", "party", "ACTIVE", "x" * 5000, "\x00"])
def test_an_unknown_status_is_said(client, coordinator, consulting, target):
    client.force_login(coordinator)

    assert move(client, consulting, target).status_code == 422
    assert Engagement.objects.get().status == Status.ESTIMATE


def test_r1_a_move_outside_the_table_names_those_that_there_are(
    client, coordinator, consulting
):
    client.force_login(coordinator)

    response = move(client, consulting, "active")
    assert response.status_code == 409
    assert "the next status is one of: Prospect, Cancelled" in response.content.decode()


def test_r1_a_reason_is_asked_for_and_what_was_typed_is_kept(client, pm, consulting):
    set_status(consulting, Status.ACTIVE)
    client.force_login(pm)

    assert move(client, consulting, "on_hold").status_code == 422
    assert move(client, consulting, "on_hold", reason=" ").status_code == 422
    too_long = move(client, consulting, "on_hold", reason="why " * 400)
    assert too_long.status_code == 422
    assert "why why" in too_long.content.decode()
    move(client, consulting, "on_hold", reason="Customer's summer break")
    assert Event.objects.get(verb="status-moved").reason == "Customer's summer break"


@pytest.mark.parametrize(
    ("status", "target", "allowed"),
    [
        (Status.ESTIMATE, "prospect", {Role.COORDINATOR, Role.EM}),
        (Status.PROSPECT, "in_setup", {Role.COORDINATOR}),
        (Status.IN_SETUP, "okay_to_start", {Role.COORDINATOR}),
        (Status.OKAY_TO_START, "active", {Role.COORDINATOR, Role.PM}),
        (Status.ACTIVE, "closed", {Role.PM}),
        (Status.CLOSED, "completed", {Role.COORDINATOR, Role.FINANCE}),
        (
            Status.CLOSED,
            "active",
            {Role.PM, Role.PRACTICE_MANAGER, Role.LEADERSHIP},
        ),
        (
            Status.ACTIVE,
            "cancelled",
            {Role.COORDINATOR, Role.PM, Role.PRACTICE_MANAGER, Role.LEADERSHIP},
        ),
    ],
)
def test_r1_a_role_that_does_not_stand_in_the_row_is_turned_away(
    client, consulting, status, target, allowed
):
    set_status(consulting, status)
    answered = set()
    for role in Role:
        person = UserFactory(roles=[role])
        TeamMemberFactory(engagement=consulting, role="sa", person=person)
        client.force_login(person)
        # An empty reason refuses where the role is right, so nothing moves.
        if move(client, consulting, target).status_code != 403:
            answered.add(role)
            set_status(consulting, status)

    assert answered == allowed


def test_r1_the_turned_away_are_told_who_makes_the_move(
    client, coordinator, consulting
):
    set_status(consulting, Status.ACTIVE)
    client.force_login(coordinator)

    response = move(client, consulting, "closed")
    assert response.status_code == 403
    assert "is set by: Project manager." in response.content.decode()


def test_a_foreign_project_manager_moves_nothing(client, consulting):
    set_status(consulting, Status.ACTIVE)
    client.force_login(UserFactory(roles=[Role.PM]))

    assert move(client, consulting, "cancelled", reason="No").status_code == 403


def test_who_does_not_see_it_does_not_find_it(client, consulting, pse):
    client.force_login(pse)

    # An engineer moves nothing at all.
    assert client.get(url_of(consulting)).status_code == 403


def test_before_cancelling_the_page_tells_what_it_touches(
    client, pm, consulting, pse, at_now
):
    set_status(consulting, Status.ACTIVE)
    booked(pse, open_gate(consulting), hold=Hold.HARD, now=at_now)
    client.force_login(pm)

    text = client.get(f"{url_of(consulting)}?target=cancelled").content.decode()
    count = consulting.steps.open().count()
    assert f"{count} open steps are cancelled." in text
    assert pse.display_name in text
    assert "Reason" in text


def test_before_a_hold_and_a_revival_too(client, pm, consulting):
    set_status(consulting, Status.ACTIVE)
    client.force_login(pm)
    hold = client.get(f"{url_of(consulting)}?target=on_hold").content.decode()
    assert "no reminder leaves" in hold

    consulting.steps.open().update(state="cancelled", next_reminder_at=None)
    set_status(consulting, Status.CANCELLED)
    revive = client.get(f"{url_of(consulting)}?target=prospect").content.decode()
    assert "What is ticked comes back" in revive
    assert "Send the Welcome to PS e-mail (Initiate)" in revive


def test_the_page_of_a_move_says_what_is_missing_before_the_click(
    client, coordinator, consulting
):
    client.force_login(coordinator)

    response = client.get(f"{url_of(consulting)}?target=prospect")
    assert response.status_code == 200
    assert "The link to the opportunity is missing." in response.content.decode()


@pytest.mark.parametrize("query", ["", "?target=", "?target=party", "?target=%00"])
def test_the_page_without_a_known_move_still_answers(
    client, coordinator, consulting, query
):
    client.force_login(coordinator)

    assert client.get(f"{url_of(consulting)}{query}").status_code == 200


def ball(client, engagement, **typed):
    url = reverse("engagements:engagement-ball", args=[engagement.pk])
    return client.post(url, typed)


def test_the_ball_is_passed_from_the_page(client, coordinator, consulting):
    client.force_login(coordinator)

    response = ball(client, consulting, ball_with="customer", reason="Asked for dates")
    assert response.url == consulting.get_absolute_url()
    assert Engagement.objects.get().ball_with == BallWith.CUSTOMER
    assert Event.objects.get(verb="ball-passed").reason == "Asked for dates"


@pytest.mark.parametrize(
    "typed",
    [{}, {"ball_with": "moon"}, {"ball_with": "us", "reason": "x" * 301},
     {"ball_with": "us", "reason": "a\x00b"}, {"ball_with": "customer"},
     {"ball_with": "customer", "reason": "  "}],
)  # fmt: skip
def test_a_ball_that_goes_nowhere_is_said(client, coordinator, consulting, typed):
    client.force_login(coordinator)

    assert ball(client, consulting, **typed).status_code == 422
    assert Engagement.objects.get().ball_with == BallWith.US


def test_only_who_may_edit_passes_the_ball(client, consulting):
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    assert ball(client, consulting, ball_with="us").status_code == 403


def test_resuming_tells_that_deadlines_count_again(client, pm, consulting):
    set_status(consulting, Status.ON_HOLD, before=Status.ACTIVE)
    client.force_login(pm)

    text = client.get(f"{url_of(consulting)}?target=active").content.decode()
    assert "Reminders and deadlines count again from now on." in text


def test_a_foreign_project_manager_is_told_why(client, consulting):
    set_status(consulting, Status.ACTIVE)
    client.force_login(UserFactory(roles=[Role.PM, Role.FINANCE]))

    response = move(client, consulting, "closed")
    assert response.status_code == 403
    assert "only engagements that you are on" in response.content.decode()
