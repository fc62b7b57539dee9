from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from engagements.choices import ChangeKind, ChangeState, UnitKind
from engagements.models import Change, SoldUnits
from engagements.queries import step_of
from engagements.rules.changes import reasons_against_request
from engagements.services.changes import (
    add_evidence,
    allowed_hours,
    approve_change,
    refuse_change,
    request_change,
    withdraw_change,
)
from engagements.services.units import set_units, units_of
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from tests.factories.engagements import NOW, registered, with_value
from tests.factories.people import PracticeFactory, UserFactory
from tests.factories.shipped import ship_playbooks
from tests.factories.training import plan_class
from training.services.deliveries import cancel_delivery

pytestmark = pytest.mark.django_db
LINK = {"evidence_link": "https://example.com/signed"}


@pytest.fixture
def boss():
    return UserFactory(roles=[Role.PRACTICE_MANAGER])


@pytest.fixture
def pm():
    return UserFactory(roles=[Role.PM])


@pytest.fixture
def engagement(pm, boss):
    ship_playbooks()
    practice = PracticeFactory(manager=boss)
    boss.practice = practice
    boss.save()
    found = registered(
        team=[(EngagementRole.PM, pm)],
        practice=practice,
        planned_end=date(2027, 6, 30),
        by=pm,
    )
    with_value(found)
    found.paper.hours = Decimal(100)
    found.paper.save()
    return found


def change(engagement, **fields):
    given = {"kind": ChangeKind.SCOPE, "title": "More", "reason": "They grew"}
    return Change(engagement=engagement, **{**given, "hours": Decimal(20), **fields})


def asked(engagement, by, **fields):
    return request_change(change(engagement, **fields), by=by, now=NOW)


def test_hours_and_value_change_only_with_the_approval(engagement, pm, boss):
    value = engagement.paper.value
    found = asked(engagement, pm, value=Decimal(5000), new_end=date(2027, 9, 30))
    engagement.paper.refresh_from_db()
    assert engagement.paper.hours == 100

    add_evidence(found, LINK, by=pm, now=NOW)
    approve_change(found, "Fine", by=boss, now=NOW)

    engagement.refresh_from_db()
    engagement.paper.refresh_from_db()
    assert engagement.paper.hours == 120
    assert engagement.paper.value == value + 5000
    assert engagement.planned_end == date(2027, 9, 30)


def test_a_change_order_needs_the_customers_word(engagement, pm, boss):
    found = asked(engagement, pm)

    with pytest.raises(RuleRefused) as refused:
        approve_change(found, "", by=boss, now=NOW)

    assert [r.code for r in refused.value.reasons] == ["evidence-missing"]


def test_the_manager_gets_a_step_that_the_decision_closes(engagement, pm, boss):
    found = asked(engagement, pm)
    step = Step.objects.get(pk=found.step_id)
    assert (step.assignee, step.is_open) == (boss, True)
    assert step.subject_url == found.get_absolute_url()

    refuse_change(found, "Too late", by=boss, now=NOW)

    step.refresh_from_db()
    assert not step.is_open
    assert Event.objects.get(verb="change-refused").reason == "Too late"
    mail = engagement.messages.get(kind="approval", to=[pm.email])
    assert "Too late" in mail.text


def test_an_exception_widens_what_may_be_worked_but_not_the_paper(engagement, pm, boss):
    found = asked(engagement, pm, kind=ChangeKind.OVER_TIME, label="scoping")
    approve_change(found, "", by=boss, now=NOW)

    engagement.paper.refresh_from_db()
    assert engagement.paper.hours == 100
    assert allowed_hours(engagement) == 120


def test_what_was_decided_stays_decided(engagement, pm, boss):
    found = asked(engagement, pm)
    withdraw_change(found, by=pm, now=NOW)

    for decide in (approve_change, refuse_change):
        with pytest.raises(RuleRefused):
            decide(found, "Yes", by=boss, now=NOW)
    assert Change.objects.get().state == ChangeState.WITHDRAWN


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, []),
        ({"hours": None}, ["nothing-changes"]),
        ({"kind": "dates"}, ["end-missing"]),
        (
            {"kind": "dates", "new_end": date(2027, 9, 1), "value": 1},
            ["value-of-dates"],
        ),
        ({"kind": "over_budget"}, ["label-missing"]),
        ({"kind": "over_time", "label": "ps", "hours": None}, ["hours-missing"]),
        ({"kind": "extension"}, ["end-missing"]),
    ],
)
def test_a_request_says_what_it_changes(fields, codes):
    found = Change(**{"kind": "scope", "hours": Decimal(4), **fields})

    assert [reason.code for reason in reasons_against_request(found)] == codes


def test_money_of_a_change_is_for_those_who_may_see_it(client, engagement, pm):
    asked(engagement, pm, value=Decimal("4321.00"))
    coordinator = UserFactory(roles=[Role.COORDINATOR])

    client.force_login(coordinator)
    tab = f"{engagement.get_absolute_url()}changes/"
    assert "4321" not in client.get(tab).content.decode()
    client.force_login(pm)
    assert "4321" in client.get(tab).content.decode()
    assert Event.objects.filter(verb="change-requested", is_money=True).count() == 1


def test_a_project_manager_asks_and_the_manager_decides_by_the_pages(
    client, engagement, pm, boss
):
    client.force_login(pm)
    add = reverse("engagements:change-add", args=[engagement.pk])
    given = {"kind": "scope", "title": "More", "reason": "They grew", "hours": "20"}
    assert client.post(add, {"kind": "scope", "title": ""}).status_code == 422
    assert client.post(add, {**given, **LINK}).status_code == 302
    found = Change.objects.get()
    decide = reverse("engagements:change-decide", args=[engagement.pk, found.pk])
    assert client.post(decide, {"decision": "approve"}).status_code == 403

    client.force_login(boss)
    assert client.post(decide, {"decision": "refuse"}).status_code == 409
    assert client.post(decide, {"decision": "approve"}).status_code == 302
    found.refresh_from_db()
    assert found.state == ChangeState.APPROVED


# Units


@pytest.fixture
def training(pm):
    ship_playbooks()
    found = registered(kind="training", team=[(EngagementRole.TC, pm)], by=pm)
    found.paper.use_by = NOW.date() + timedelta(days=200)
    found.paper.save()
    return found


def sold(kind, count, **fields):
    return SoldUnits(kind=kind, sold=count, **fields)


def test_the_warning_comes_with_the_units_and_closes_when_all_are_dated(training, pm):
    assert step_of(training, "units-dated") is None
    set_units(training, [sold(UnitKind.CLASS, 1)], by=pm, now=NOW)
    step = step_of(training, "units-dated")
    assert step.due_day == training.paper.use_by
    assert step.reminder_days["owner"][:3] == [120, 60, 30]
    assert step.next_reminder_at.date() <= NOW.date() + timedelta(days=80)

    delivery = plan_class(training, by=pm)
    assert not step_of(training, "units-dated").is_open
    assert [(one.dated, one.left) for one in units_of(training)] == [(1, 0)]

    cancel_delivery(delivery, by=pm, reason="Ill", now=NOW)
    assert step_of(training, "units-dated").is_open


def test_units_that_nobody_counts_are_typed(engagement, pm, client):
    client.force_login(pm)
    address = reverse("engagements:units-edit", args=[engagement.pk])
    given = {"hour_block_sold": "4", "hour_block_dated": "1", "hour_block_held": "2"}

    assert client.post(address, given).status_code == 422
    assert client.post(address, given | {"hour_block_held": "1"}).status_code == 302

    (blocks,) = units_of(engagement)
    assert (blocks.sold, blocks.dated, blocks.held, blocks.left) == (4, 1, 1, 3)
    page = client.get(f"{engagement.get_absolute_url()}changes/").content.decode()
    assert "4 sold, 1 dated, 1 held, 3 left" in page
