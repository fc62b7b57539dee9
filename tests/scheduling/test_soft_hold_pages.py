from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.choices import Condition
from psdelivery.people.choices import Role
from scheduling.choices import AllocationState, Hold
from scheduling.models import Allocation
from scheduling.services.bookings import Change, change
from scheduling.services.expiry import look_at_holds
from tests.factories.engagements import EngagementFactory, TeamMemberFactory, meet
from tests.factories.people import RegionFactory, UserFactory
from tests.factories.scheduling import NOW, booked, startable, wanted, workdays

pytestmark = pytest.mark.django_db
LIST = reverse("scheduling:soft-hold-list")


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def carla():
    return UserFactory(roles=[Role.COORDINATOR])


@pytest.fixture
def paul():
    return UserFactory(roles=[Role.PM])


@pytest.fixture
def engagement(paul):
    engagement = EngagementFactory(opportunity_stage=5, forecast_category="commit")
    TeamMemberFactory(engagement=engagement, role="pm", person=paul)
    return engagement


@pytest.fixture
def hold(engagement, carla):
    return booked(
        UserFactory(first_name="Ann", last_name="Soft", roles=[Role.PSE]),
        engagement,
        by=carla,
    )


def url_of(hold, action="extend"):
    return reverse(f"scheduling:allocation-{action}", args=[hold.pk])


def rows_of(client, query=""):
    page = client.get(f"{LIST}{query}").context["page"]
    return [one.pk for one in page.object_list]


def test_the_list_has_the_next_to_end_first_and_hard_ones_not(client, carla, hold):
    meet(hold.engagement, Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS)
    booked(engagement=hold.engagement, hold=Hold.HARD)
    sooner = booked(engagement=startable(), now=NOW - timedelta(days=9))
    client.force_login(carla)

    assert rows_of(client) == [sooner.pk, hold.pk]
    text = client.get(LIST).content.decode()
    assert "Ann Soft" in text
    assert "Make hard" in text


def test_the_list_is_narrowed_by_the_address(client, carla, hold):
    region = RegionFactory()
    sooner = booked(engagement=startable(region=region), now=NOW - timedelta(days=12))
    client.force_login(carla)

    assert rows_of(client, "?within=3") == [sooner.pk]
    assert rows_of(client, f"?region={region.pk}") == [sooner.pk]
    assert rows_of(client, "?mine=on") == [hold.pk]
    assert rows_of(client, "?within=moon") == [sooner.pk, hold.pk]


def test_a_pm_sees_the_holds_of_the_own_work_alone(client, paul, hold):
    booked(engagement=startable())
    client.force_login(paul)

    assert rows_of(client) == [hold.pk]
    assert "Make hard" not in client.get(LIST).content.decode()


def test_whose_days_are_held_has_no_say_in_it(client, hold):
    client.force_login(hold.person)

    assert rows_of(client) == []
    assert client.get(url_of(hold)).status_code == 403
    assert client.post(url_of(hold), {"reason": "Keep me"}).status_code == 403


def test_an_empty_list_says_what_a_soft_hold_is(client, carla):
    client.force_login(carla)

    assert "keeps days free for two weeks" in client.get(LIST).content.decode()


def test_a_stranger_does_not_find_it_and_finance_may_not(client, hold):
    client.force_login(UserFactory(roles=[Role.ACCOUNT]))
    assert client.get(url_of(hold)).status_code in {403, 404}

    client.force_login(UserFactory(roles=[Role.FINANCE]))
    assert client.get(LIST).status_code == 403
    assert client.get(url_of(hold)).status_code == 403


def test_the_page_says_until_when_it_would_stand(client, paul, hold):
    client.force_login(paul)

    text = client.get(url_of(hold)).content.decode()
    assert "It is extended by 14 days" in text
    assert "Mon 29 Mar 2027" in text
    assert "Make hard" not in text


def test_extending_leads_back_to_the_list(client, paul, hold):
    client.force_login(paul)

    typed = {"reason": "The paper comes", "version": hold.version}
    response = client.post(url_of(hold), typed, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "stands until Mon 29 Mar 2027" in response.content.decode()
    hold.refresh_from_db()
    assert (hold.extended, hold.changed_by) == (1, paul)


@pytest.mark.parametrize("action", ["extend", "convert"])
@pytest.mark.parametrize("bad", [{"reason": ""}, {"reason": "x\x00"}, {"version": "x"}])
def test_bad_input_is_said_at_its_field_and_changes_nothing(
    client, carla, hold, action, bad
):
    client.force_login(carla)

    typed = {"reason": "Because of it", "version": hold.version, **bad}
    response = client.post(url_of(hold, action), typed)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == set(bad)
    if "version" in bad:
        assert "Because of it" in response.content.decode()
    stored = Allocation.objects.get()
    assert (stored.extended, stored.hold) == (0, Hold.SOFT)


@pytest.mark.parametrize("action", ["extend", "convert"])
def test_what_somebody_changed_meanwhile_is_told(
    client, carla, paul, hold, engagement, action
):
    seen = hold.version
    fewer = wanted(hold.person, engagement, days=workdays(count=2))
    change(hold, fewer, Change(reason="Less"), by=paul, now=NOW)
    client.force_login(carla)

    typed = {"reason": "They signed", "version": seen}
    response = client.post(url_of(hold, action), typed)
    assert response.status_code == 409
    text = response.content.decode()
    assert f"{paul} changed this booking meanwhile" in text
    assert "They signed" in text
    assert Allocation.objects.get().hold == Hold.SOFT


@pytest.mark.parametrize("action", ["extend", "convert"])
def test_what_has_expired_meanwhile_is_told(client, carla, hold, action):
    look_at_holds(NOW + timedelta(days=14))
    client.force_login(carla)

    assert "no soft hold any more" in client.get(url_of(hold, action)).content.decode()
    response = client.post(url_of(hold, action), {"reason": "Too late"})
    assert response.status_code == 409
    hold.refresh_from_db()
    assert hold.state == AllocationState.EXPIRED


def test_r2_making_hard_names_the_missing_evidence_with_its_link(
    client, carla, hold, engagement
):
    client.force_login(carla)

    response = client.post(url_of(hold, "convert"), {"reason": "They said yes"})
    assert response.status_code == 422
    text = response.content.decode()
    assert f'href="{engagement.get_absolute_url()}gate/customer_signature/"' in text
    assert "They said yes" in text
    meet(engagement, Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS)
    response = client.post(url_of(hold, "convert"), {"reason": "Signed"}, follow=True)
    assert "Booked hard: Ann Soft" in response.content.decode()
    assert Allocation.objects.get().hold == Hold.HARD


def test_only_coordination_makes_hard(client, paul, hold):
    client.force_login(paul)

    assert client.get(url_of(hold, "convert")).status_code == 403


def test_the_list_costs_the_same_queries_with_3_and_with_30_rows(
    client, carla, engagement, django_assert_max_num_queries
):
    client.force_login(carla)

    def queries():
        with django_assert_max_num_queries(12) as asked:
            client.get(LIST)
        return len(asked)

    for _n in range(3):
        booked(engagement=engagement, by=carla)
    client.get(LIST)
    few = queries()
    for _n in range(27):
        booked(engagement=engagement, by=carla)
    assert queries() == few
