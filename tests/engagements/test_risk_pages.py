from datetime import date, timedelta

import pytest
from django.urls import reverse

from engagements.choices import Condition, RiskState, Status
from engagements.models import TeamMember, WorkAtRisk
from engagements.services.gate import withdraw_condition
from psdelivery.people.choices import Role
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold
from tests.engagements.ticks import set_status
from tests.factories.engagements import (
    NOW,
    EngagementFactory,
    asked,
    meet,
    open_gate,
    waived,
)
from tests.factories.people import UserFactory
from tests.factories.scheduling import booked, workdays
from tests.factories.training import make_engagement, plan_class

pytestmark = pytest.mark.django_db
TERMS = {
    "codes": ["countersignature"],
    "reason": "The customer waits",
    "hours_cap": "40",
    "expires_on": "2027-02-06",
}


@pytest.fixture(autouse=True)
def clock(at_now):
    return at_now


@pytest.fixture
def manager(consulting, practice):
    return UserFactory(roles=[Role.PRACTICE_MANAGER], practice=practice)


def url(name, engagement, risk=None):
    arguments = [engagement.pk, risk.pk] if risk else [engagement.pk]
    return reverse(f"engagements:{name}", args=arguments)


def text_of(client, engagement, tab=""):
    response = client.get(f"{engagement.get_absolute_url()}{tab}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_pm_asks_for_work_at_risk(client, consulting, pm):
    client.force_login(pm)

    response = client.post(url("risk-add", consulting), TERMS)
    risk = WorkAtRisk.objects.get()
    assert response.url == risk.get_absolute_url()
    assert (risk.state, risk.codes) == (RiskState.REQUESTED, ["countersignature"])
    assert "Take the question back" in client.get(response.url).content.decode()


def test_a_manager_grants_at_once(client, consulting, manager):
    client.force_login(manager)
    assert "Grant work at risk" in text_of(client, consulting, "gate/")

    client.post(url("risk-add", consulting), TERMS)
    assert WorkAtRisk.objects.get().state == RiskState.GRANTED


def test_only_what_is_missing_can_be_named(client, consulting, pm):
    meet(consulting, Condition.AGREEMENT)
    client.force_login(pm)

    form = client.get(url("risk-add", consulting)).context["form"]
    offered = [code for code, _label in form.fields["codes"].choices]
    assert offered == [
        "customer_signature",
        "billing_terms",
        "closed_won",
        "countersignature",
    ]


def test_nothing_to_waive_is_said(client, consulting, pm):
    meet(consulting)
    client.force_login(pm)

    text = client.get(url("risk-add", consulting)).content.decode()
    assert "Nothing needs a waiver" in text


@pytest.mark.parametrize(
    "bad",
    [
        {"codes": []},
        {"codes": ["quote"]},
        {"codes": ["x" * 5000]},
        {"reason": ""},
        {"reason": "a" * 1001},
        {"hours_cap": "0"},
        {"hours_cap": "NaN"},
        {"hours_cap": "1e9"},
        {"expires_on": "2027-01-31"},
        {"expires_on": "9999-12-31"},
        {"expires_on": "tomorrow"},
    ],
)
def test_bad_terms_are_said_and_nothing_is_written(client, consulting, pm, bad):
    client.force_login(pm)

    response = client.post(url("risk-add", consulting), TERMS | bad)
    assert response.status_code == 422
    assert not WorkAtRisk.objects.exists()
    assert "The customer waits" in response.content.decode() or "reason" in bad


def test_who_does_not_decide_finds_no_way_to(client, consulting, pm, coordinator):
    risk = asked(consulting, "agreement", by=pm)
    for person in (pm, coordinator):
        client.force_login(person)
        assert "Grant it" not in client.get(risk.get_absolute_url()).content.decode()
        assert client.post(url("risk-grant", consulting, risk)).status_code == 403
    assert WorkAtRisk.objects.get().state == RiskState.REQUESTED


def test_a_coordinator_does_not_ask_for_it(client, consulting, coordinator):
    client.force_login(coordinator)

    assert client.get(url("risk-add", consulting)).status_code == 403


def test_a_manager_decides_on_its_page(client, consulting, pm, manager):
    risk = asked(consulting, "agreement", by=pm)
    client.force_login(manager)
    assert "Decide what is asked for" in text_of(client, consulting, "gate/")

    response = client.post(
        url("risk-grant", consulting, risk), {"grant-note": "Until Friday"}
    )
    risk.refresh_from_db()
    assert response.url == risk.get_absolute_url()
    assert (risk.state, risk.decision_note) == (RiskState.GRANTED, "Until Friday")


def test_a_refusal_without_words_is_said(client, consulting, pm, manager):
    risk = asked(consulting, "agreement", by=pm)
    client.force_login(manager)
    address = url("risk-refuse", consulting, risk)

    assert client.post(address, {"refusal-note": ""}).status_code == 422
    assert client.post(address, {"refusal-note": "Too early"}).status_code == 302
    assert WorkAtRisk.objects.get().state == RiskState.REFUSED


def test_what_was_decided_meanwhile_is_a_conflict(client, consulting, pm, manager):
    risk = asked(consulting, "agreement", by=pm)
    client.force_login(manager)
    client.post(url("risk-grant", consulting, risk))

    again = client.post(url("risk-grant", consulting, risk))
    back = client.post(url("risk-take-back", consulting, risk))
    assert (again.status_code, back.status_code) == (409, 409)
    assert "This was decided meanwhile: granted." in again.content.decode()


def test_a_manager_ends_it_early(client, consulting, manager):
    risk = waived(consulting, "agreement", by=manager)
    client.force_login(manager)
    address = url("risk-end", consulting, risk)

    assert client.post(address, {"end-reason": " "}).status_code == 422
    assert client.post(address, {"end-reason": "Enough"}).status_code == 302
    risk.refresh_from_db()
    assert risk.state == RiskState.ENDED
    assert "Enough" in client.get(risk.get_absolute_url()).content.decode()


def test_the_risk_of_another_engagement_is_not_found(client, consulting, manager):
    other = EngagementFactory(practice=consulting.practice)
    risk = waived(other, "agreement", by=manager)
    client.force_login(manager)

    assert client.get(url("risk-detail", consulting, risk)).status_code == 404


def test_internal_work_has_no_gate_to_go_around(client, manager):
    internal = EngagementFactory(kind="internal", practice=manager.practice)
    client.force_login(manager)

    assert client.get(url("risk-add", internal)).status_code == 404
    assert client.get(f"{internal.get_absolute_url()}gate/").status_code == 404


def test_r3_the_banner_and_the_list_say_that_work_is_at_risk(
    client, consulting, coordinator, manager
):
    set_status(consulting, Status.IN_SETUP)
    open_gate(consulting)
    waived(consulting, Condition.COUNTERSIGNATURE, by=manager, days=5)
    client.force_login(coordinator)

    text = text_of(client, consulting, "team/")
    assert "Work at risk" in text
    assert "waived for up to 40 hours" in text
    rows = client.get(reverse("engagements:engagement-list")).context["rows"]
    assert rows[0].at_risk_until == date(2027, 2, 6)
    assert "at risk until" in client.get("/engagements/").content.decode()


def test_r3_after_its_end_the_banner_says_what_is_refused(
    client, consulting, coordinator, manager, clock
):
    set_status(consulting, Status.IN_SETUP)
    early = NOW - timedelta(days=20)
    waived(consulting, "agreement", by=manager, now=early, days=5)
    client.force_login(coordinator)

    text = text_of(client, consulting)
    assert "Work at risk is over" in text
    assert "New hard bookings are refused" in text


def test_r2_the_gate_says_state_supplier_and_since_when(
    client, consulting, coordinator, manager
):
    meet(consulting, Condition.CUSTOMER_SIGNATURE)
    waived(consulting, "agreement", by=manager)
    client.force_login(coordinator)

    response = client.get(f"{consulting.get_absolute_url()}gate/")
    text = response.content.decode()
    groups = response.context["groups"]
    assert [len(group.rows) for group in groups] == [2, 3, 3]
    assert "from account team (SAL/AE)" in text
    assert "since 1 Feb (0 days)" in text
    assert f"by {manager.display_name}" in text


def test_r4_the_welcome_clock_is_shown_and_stands_still_without_closed_won(
    client, consulting, coordinator
):
    client.force_login(coordinator)
    assert "The clock stands still" in text_of(client, consulting, "gate/")

    meet(consulting, Condition.CLOSED_WON)
    assert "72 business hours after closed-won" in text_of(client, consulting, "gate/")
    withdraw_condition(
        consulting, "closed_won", by=coordinator, reason="Not yet", now=NOW
    )
    assert "The clock stands still" in text_of(client, consulting, "gate/")


def test_r2_bookings_are_marked_when_the_gate_closes(
    client, consulting, coordinator, pse
):
    open_gate(consulting)
    booked(pse, consulting, hold=Hold.HARD, now=NOW)
    withdraw_condition(
        consulting, "customer_signature", by=coordinator, reason="Wrong", now=NOW
    )
    client.force_login(coordinator)

    assert "booked before the gate closed" in text_of(client, consulting, "team/")
    assert "booked before the gate closed" in text_of(client, consulting, "schedule/")


def test_r3_the_refused_booking_leads_to_the_work_at_risk(consulting, pse, manager):
    open_gate(consulting)
    risk = waived(consulting, "countersignature", by=manager, hours=4)

    with pytest.raises(RuleRefused) as refused:
        booked(pse, consulting, hold=Hold.HARD, days=workdays(count=1), now=NOW)
    (reason,) = refused.value.reasons
    assert "Work at risk covers 4 hours" in reason.sentence
    assert reason.fix_url == risk.get_absolute_url()
    assert not TeamMember.objects.filter(person=pse).exists()


def test_the_gate_costs_the_same_queries_however_much_was_waived(
    client, consulting, coordinator, manager, django_assert_max_num_queries
):
    client.force_login(coordinator)
    for code in ("agreement", "closed_won", "countersignature"):
        waived(consulting, code, by=manager)

    with django_assert_max_num_queries(25):
        text_of(client, consulting, "gate/")


def test_r3_the_page_of_a_class_says_so_too(client, coordinator, manager, shipped):
    engagement = make_engagement(title="Classes", practice=manager.practice)
    delivery = plan_class(engagement)
    waived(engagement, "countersignature", by=manager)
    client.force_login(coordinator)

    text = client.get(delivery.get_absolute_url()).content.decode()
    assert "waived for up to 40 hours" in text
