from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.choices import BallWith, Kind, Status
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from tests.engagements.ticks import set_status
from tests.factories.engagements import (
    EngagementFactory,
    TeamMemberFactory,
    registered,
    with_value,
)
from tests.factories.people import PracticeFactory, UserFactory

pytestmark = pytest.mark.django_db
URL = reverse("engagements:engagement-list")


def shown(client, query=""):
    """The titles that the list shows, in their order."""
    response = client.get(f"{URL}{query}")
    assert response.status_code == 200
    return [row.engagement.title for row in response.context["rows"]]


def test_the_list_shows_what_is_next_and_who_leads(
    client, coordinator, consulting, at_now
):
    client.force_login(coordinator)

    (row,) = client.get(URL).context["rows"]
    assert row.phase == "Pre-project"
    assert row.next_step.due_at > at_now
    assert row.lead.username == "paul"
    assert row.late == 0


def test_the_lead_of_training_is_the_training_coordinator(client, coordinator, pm):
    training = EngagementFactory(kind=Kind.TRAINING)
    TeamMemberFactory(engagement=training, role=EngagementRole.PM, person=pm)
    TeamMemberFactory(engagement=training, role=EngagementRole.TC, person=coordinator)
    client.force_login(coordinator)

    (row,) = client.get(URL).context["rows"]
    assert row.lead == coordinator


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("?q=acme", {"Rollout"}),
        ("?q=acm roll", {"Rollout"}),
        ("?q=acme other", set()),
        ("?status=active", {"Other"}),
        ("?status=active&status=estimate", {"Rollout", "Other"}),
        ("?kind=training", {"Other"}),
        ("?ball_with=finance", {"Other"}),
        ("?phase=1", {"Rollout"}),
        ("?phase=5", set()),
        ("?due=14", {"Rollout"}),
        ("?late=1", set()),
        ("?mine=on", {"Rollout"}),
        ("?mine=", {"Rollout", "Other"}),
    ],
)
def test_every_filter_stands_in_the_address(
    client, coordinator, consulting, at_now, query, titles
):
    EngagementFactory(
        title="Other",
        kind=Kind.TRAINING,
        status=Status.ACTIVE,
        ball_with=BallWith.FINANCE,
    )
    client.force_login(coordinator)

    assert set(shown(client, query)) == titles


def test_practice_and_region_are_filters(client, coordinator, consulting):
    other = EngagementFactory(title="Other")
    client.force_login(coordinator)

    assert shown(client, f"?practice={other.practice_id}") == ["Other"]
    assert shown(client, f"?region={consulting.region_id}") == ["Rollout"]


def test_late_counts_nothing_that_is_on_hold(client, coordinator, consulting, at_now):
    Step.objects.update(due_at=at_now - timedelta(days=1))
    client.force_login(coordinator)
    assert shown(client, "?late=1") == ["Rollout"]

    consulting.checklists.update(is_paused=True)
    assert shown(client, "?late=1") == []
    (row,) = client.get(URL).context["rows"]
    assert (row.late, row.next_step) == (0, None)


@pytest.mark.parametrize(
    "query",
    ["?status=gone", "?practice=9999", "?practice=x", "?due=0", "?due=nan", "?phase=9",
     "?q=%00", "?q=" + "x" * 200, "?due=99999999999999999999", "?region=" + "9" * 30],
)  # fmt: skip
def test_a_filter_that_does_not_fit_is_said(client, coordinator, consulting, query):
    client.force_login(coordinator)

    response = client.get(f"{URL}{query}")
    assert response.status_code == 422
    assert response.context["form"].errors


@pytest.mark.parametrize(
    "sort", ["customer", "-kind", "status", "-status", "phase", "due", "-late", "ball"]
)
def test_every_heading_sorts(client, coordinator, consulting, sort):
    EngagementFactory(title="Other")
    client.force_login(coordinator)

    assert set(shown(client, f"?sort={sort}")) == {"Rollout", "Other"}


def test_statuses_sort_by_life_and_not_by_alphabet(client, coordinator):
    for status in (Status.ACTIVE, Status.ESTIMATE, Status.CLOSED, Status.PROSPECT):
        EngagementFactory(title=status, status=status)
    client.force_login(coordinator)

    order = ["estimate", "prospect", "active", "closed"]
    assert shown(client, "?sort=status") == order
    assert shown(client, "?sort=-status") == order[::-1]
    assert shown(client, "?sort=nonsense") == [
        "prospect",
        "closed",
        "estimate",
        "active",
    ]


def test_fifty_stand_on_a_page(client, coordinator):
    for number in range(51):
        EngagementFactory(title=f"No. {number}")
    client.force_login(coordinator)

    assert len(shown(client)) == 50
    assert shown(client, "?page=2") == ["No. 0"]


def test_an_engineer_sees_own_engagements_only(client, consulting, pse):
    own = EngagementFactory(title="Own")
    TeamMemberFactory(engagement=own, role="pse", person=pse)
    client.force_login(pse)

    assert shown(client) == ["Own"]


def test_an_administrator_does_not_see_engagements(client):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))

    assert client.get(URL).status_code == 403


def test_a_coordinator_sees_no_money(client, coordinator, consulting):
    with_value(consulting)
    client.force_login(coordinator)

    text = client.get(URL).content.decode()
    assert "Rollout" in text
    assert "120" not in text
    assert "Value" not in text


def test_an_engagement_manager_sees_the_value_of_own_engagements(
    client, em, coordinator, consulting
):
    with_value(consulting, 120_000)
    own = with_value(EngagementFactory(title="Own"), 77_000)
    TeamMemberFactory(engagement=own, role="em", person=em)
    client.force_login(em)

    text = client.get(URL).content.decode()
    assert {"Rollout", "Own"} == set(shown(client))
    assert "77,000 EUR" in text
    assert "120,000" not in text


def test_a_practice_manager_sees_the_value_of_the_practice(client, consulting):
    with_value(consulting, 120_000)
    with_value(EngagementFactory(practice=PracticeFactory()), 55_000)
    manager = UserFactory(roles=[Role.PRACTICE_MANAGER], practice=consulting.practice)
    client.force_login(manager)

    text = client.get(URL).content.decode()
    assert "120,000 EUR" in text
    assert "55,000" not in text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PRACTICE_MANAGER, Role.EM])
def test_the_list_costs_the_same_queries_for_any_number_of_rows(
    client, shipped, role, django_assert_num_queries, django_assert_max_num_queries
):
    person = UserFactory(roles=[role])
    client.force_login(person)
    query = f"{URL}?late=&mine=&sort=due&q=e"

    def make(count):
        for _ in range(count):
            registered(team=[("pm", person), ("pc", UserFactory())])

    make(3)
    with django_assert_max_num_queries(12) as few:
        client.get(query)
    make(27)
    with django_assert_num_queries(len(few)):
        assert len(client.get(query).context["rows"]) == 30


def test_a_status_that_somebody_else_moved_is_shown_at_once(
    client, coordinator, consulting
):
    client.force_login(coordinator)
    set_status(consulting, Status.ON_HOLD)

    assert "On hold" in client.get(f"{URL}?status=on_hold").content.decode()


def test_the_empty_list_says_what_to_do_first(client, coordinator, pse):
    client.force_login(coordinator)
    assert "Register an engagement" in client.get(URL).content.decode()

    client.force_login(pse)
    text = client.get(URL).content.decode()
    assert "Register an engagement" not in text
    assert "No engagement yet" in text


def test_leadership_sees_every_value(client, consulting):
    with_value(consulting, 120_000)
    client.force_login(UserFactory(roles=[Role.LEADERSHIP]))

    assert "120,000 EUR" in client.get(URL).content.decode()
