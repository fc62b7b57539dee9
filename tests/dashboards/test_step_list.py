import pytest
import time_machine

from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from tests.dashboards.conftest import NOW
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def shown(client, query):
    answer = client.get(f"/steps/?{query}")
    assert answer.status_code == 200
    return {step.pk for step in answer.context["page"]}


def test_when_chooses_late_coming_and_undated_steps(client, register, due, coordinator):
    engagement = register()
    late, ahead, far = due(engagement, -5, 5, 24 * 40)
    client.force_login(coordinator)

    assert shown(client, "when=late") == {late.pk}
    assert shown(client, "when=ahead") == {ahead.pk}
    assert shown(client, "when=dated") == {late.pk, ahead.pk, far.pk}
    assert len(shown(client, "when=undated")) == min(25, engagement.steps.count() - 3)


def test_every_word_must_be_in_step_or_customer(client, register, due, coordinator):
    engagement = register()
    (step,) = due(engagement, 5)
    Step.objects.filter(pk=step.pk).update(title="Polish the brass")
    client.force_login(coordinator)
    name = engagement.customer.name

    assert shown(client, f"q=brass {name}") == {step.pk}
    assert shown(client, "q=brass nowhere") == set()


def test_mine_leaves_out_what_others_own(client, register, due, coordinator):
    first, second = due(register(), 5, 6)
    other = UserFactory(roles=[Role.PSE])
    Step.objects.filter(pk=second.pk).update(assignee=other, pool=None)
    client.force_login(coordinator)

    assert shown(client, "when=dated&mine=true") == {first.pk}
    assert shown(client, f"when=dated&owner={other.pk}") == {second.pk}


def test_an_engineer_sees_the_steps_of_own_engagements_only(client, register, due):
    pse = UserFactory(roles=[Role.PSE])
    mine = due(register(team=[("pse", pse)]), 5)
    due(register(), 5)
    client.force_login(pse)

    assert shown(client, "when=dated") == {step.pk for step in mine}


@pytest.mark.parametrize(
    "query",
    ["when=never", "owner=999999", "kind=x", "phase=abc", "pool=%00", "q=" + "x" * 500],
)
def test_a_filter_that_is_not_understood_is_answered_with_422(
    client, coordinator, query
):
    client.force_login(coordinator)

    assert client.get(f"/steps/?{query}").status_code == 422


def test_the_owner_of_the_address_is_named_and_can_be_left_out(
    client, register, due, coordinator
):
    due(register(), 5)
    client.force_login(coordinator)

    answer = client.get(f"/steps/?when=dated&owner={coordinator.pk}")

    assert answer.context["owner"] == coordinator
    assert 'href="?when=dated"' in answer.content.decode()


def test_words_find_the_owner_too(client, register, due, coordinator):
    first, second = due(register(), 5, 6)
    other = UserFactory(roles=[Role.PSE], last_name="Quillfeather")
    Step.objects.filter(pk=second.pk).update(assignee=other, pool=None)
    client.force_login(coordinator)

    assert shown(client, "q=quillfeather") == {second.pk}


def test_no_filter_is_chosen_before_somebody_chooses(client, coordinator):
    client.force_login(coordinator)

    form = client.get("/steps/").context["form"]

    assert {form[name].value() for name in ("when", "pool", "kind", "phase")} <= {
        None,
        "",
    }
    assert all(form.fields[name].choices[0][0] == "" for name in ("kind", "phase"))


def test_who_has_no_portfolio_is_not_asked_for_it(client, coordinator):
    client.force_login(UserFactory(roles=[Role.PSE]))
    assert "portfolio" not in client.get("/steps/").context["form"].fields

    client.force_login(coordinator)
    assert "portfolio" in client.get("/steps/").context["form"].fields


def test_the_tick_of_a_row_does_not_take_the_filters_for_its_own_form(
    client, register, due, coordinator
):
    (step,) = due(register(), 5)
    Step.objects.filter(pk=step.pk).update(sets_anchor="kickoff")
    client.force_login(coordinator)

    page = client.get("/steps/?when=dated").content.decode()
    assert 'value="2027-03-03"' in page


def test_a_very_long_list_is_cut_and_says_so(
    client, register, due, coordinator, monkeypatch
):
    monkeypatch.setattr("psdelivery.dashboards.views.MOST_LISTED", 2)
    monkeypatch.setattr("psdelivery.dashboards.views.PAGE_SIZE", 1)
    due(register(), 5, 6, 7)
    client.force_login(coordinator)

    html = client.get("/steps/?when=dated").content.decode()

    assert "2+ steps" in html
    assert "The first 2 are listed" in html
    assert "1–1 of 2+" in " ".join(html.split())
    assert len(shown(client, "when=dated&page=3")) == 1
