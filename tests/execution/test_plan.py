"""Risks, responsibilities and deliverables: services and the tab."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.choices import Status
from engagements.execution.models import Deliverable, ProjectRisk, RaciRow
from engagements.execution.plan_personal_data import held_plans
from engagements.execution.rules.raci import RaciLine
from engagements.execution.services.plan import add_deliverable
from engagements.execution.services.plan_templates import take_template
from engagements.execution.services.raci import save_raci
from engagements.execution.services.risks import add_risk, change_risk
from engagements.models import Engagement
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.personal_data import personal_data_of
from psdelivery.playbooks.models import Step
from psdelivery.registry import Absentee
from tests.factories.engagements import NOW, EngagementFactory, TeamMemberFactory
from tests.factories.people import UserFactory
from tests.factories.plan import DeliverableFactory, RaciRowFactory, RiskFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


def url(name, record):
    return reverse(f"execution:{name}", args=[record.pk])


def tab(engagement):
    return f"{engagement.get_absolute_url()}plan/"


def step(engagement, key):
    return Step.objects.get(engagement=engagement, key=key)


@pytest.fixture
def engagement(db):
    return EngagementFactory(status=Status.ACTIVE)


@pytest.fixture
def lead(engagement):
    person = UserFactory(roles=[Role.PM])
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PM, person=person)
    return person


def test_the_risk_list_ticks_its_step_once_every_risk_is_looked_after(consulting, pm):
    risk = add_risk(
        consulting, title="No access", priority="high", impact="timeline",
        by=pm, now=NOW,
    )  # fmt: skip
    assert step(consulting, "plan-risks").is_open

    change_risk(risk, {"owner": pm, "mitigation": "Ask early"}, by=pm, now=NOW)

    assert not step(consulting, "plan-risks").is_open
    told = list(Event.objects.filter(verb__startswith="project-risk").values("verb"))
    assert [one["verb"] for one in told] == [
        "project-risk-changed", "project-risk-added",
    ]  # fmt: skip


def test_closing_a_risk_keeps_the_day_of_the_customer(engagement, lead):
    risk = RiskFactory(engagement=engagement)

    change_risk(risk, {"status": "closed"}, by=lead, now=NOW)
    risk.refresh_from_db()
    assert risk.closed_on == date(2027, 2, 1)

    change_risk(risk, {"status": "open"}, by=lead, now=NOW + timedelta(days=1))
    risk.refresh_from_db()
    assert risk.closed_on is None


def test_the_practice_manager_is_told_once_of_an_escalated_risk(engagement, lead):
    manager = UserFactory(roles=[Role.PRACTICE_MANAGER], email="m@ps.example")
    engagement.practice.manager = manager
    engagement.practice.save()
    risk = RiskFactory(engagement=engagement, title="They stop")

    change_risk(risk, {"is_escalated": True}, by=lead, now=NOW)
    change_risk(risk, {"is_escalated": True, "title": "All stop"}, by=lead, now=NOW)

    told = Message.objects.get(kind="risk-escalated")
    assert (told.to, told.subject) == (["m@ps.example"], "Risk escalated: They stop")


def test_a_template_is_taken_once_however_often_it_is_pressed(engagement, lead):
    RaciRowFactory(engagement=engagement, activity="Go-live party")

    added = take_template(engagement, by=lead, now=NOW)
    again = take_template(engagement, by=lead, now=NOW)

    assert added == RaciRow.objects.filter(engagement=engagement).count() - 1 > 3
    assert again == 0
    assert Event.objects.filter(verb="raci-changed").count() == 1


def test_the_table_is_written_in_its_order_and_rows_go(engagement, lead):
    first, second = RaciRowFactory.create_batch(2, engagement=engagement)
    lines = [RaciLine("New", "PM"), RaciLine("Kept", key=second.pk)]

    rows = save_raci(engagement, lines, by=lead, now=NOW)

    assert [(row.activity, row.responsible) for row in rows] == [
        ("New", "PM"), ("Kept", ""),
    ]  # fmt: skip
    assert rows[1].pk == second.pk
    assert not RaciRow.objects.filter(pk=first.pk).exists()


def test_a_row_of_another_engagement_is_not_touched(engagement, lead):
    foreign = RaciRowFactory(activity="Theirs")

    save_raci(engagement, [RaciLine("Mine", key=foreign.pk)], by=lead, now=NOW)

    foreign.refresh_from_db()
    assert foreign.activity == "Theirs"


def test_the_plan_is_agreed_when_it_is_whole(consulting, pm, as_):
    client = as_(pm)
    refused = client.post(url("plan-agree", consulting))
    assert refused.status_code == 409
    assert "No deliverable" in refused.content.decode()
    values = {"title": "Plan", "owner": pm, "due_on": date(2027, 3, 1),
              "acceptance_criteria": "Read"}  # fmt: skip
    add_deliverable(consulting, values, by=pm, now=NOW)

    client.post(url("plan-agree", consulting))
    client.post(url("template-take", consulting))
    client.post(url("raci-agree", consulting))

    for key in ("plan-milestones", "plan-raci"):
        assert not step(consulting, key).is_open
    assert "agreed to it" not in client.get(tab(consulting)).content.decode()


def test_the_tab_shows_what_is_missing_and_leads_there(engagement, lead, as_):
    DeliverableFactory(engagement=engagement, title="Report")
    RiskFactory(engagement=engagement, title="Nobody there", is_escalated=True)

    text = as_(lead).get(tab(engagement)).content.decode()

    assert "Missing: owner, day, acceptance criteria" in text
    assert "Missing: owner, mitigation" in text
    assert "escalated" in text
    assert url("deliverable-add", engagement) in text
    assert "Take the template" in text


def test_the_tab_comes_with_the_work_or_with_what_stands_on_it(lead, engagement, as_):
    client = as_(lead)
    for status, answer in (("in_setup", 200), ("estimate", 404), ("cancelled", 404)):
        Engagement.objects.filter(pk=engagement.pk).update(status=status)
        assert client.get(tab(engagement)).status_code == answer

    RiskFactory(engagement=engagement)
    assert client.get(tab(engagement)).status_code == 200
    Engagement.objects.filter(pk=engagement.pk).update(kind="training")
    assert client.get(tab(engagement)).status_code == 404
    assert client.get(url("risk-add", engagement)).status_code == 404


def test_queries_do_not_grow_with_rows(engagement, lead, as_):
    client = as_(lead)

    def asked(rows):
        for factory in (DeliverableFactory, RiskFactory, RaciRowFactory):
            factory.create_batch(rows, engagement=engagement)
        with CaptureQueriesContext(connection) as found:
            client.get(tab(engagement))
        return len(found)

    asked(0)
    assert asked(3) == asked(27)


def test_a_deliverable_is_planned_changed_and_taken_off(engagement, lead, as_):
    client = as_(lead)
    bad = {"title": "", "due_on": "someday"}
    assert client.post(url("deliverable-add", engagement), bad).status_code == 422
    client.post(url("deliverable-add", engagement), {"title": "Report"})
    report = Deliverable.objects.get()
    assert report.get_absolute_url() in client.get(tab(engagement)).content.decode()

    typed = {"title": "Report", "due_on": "2027-03-01", "owner": lead.pk}
    client.post(url("deliverable-edit", report), typed)
    report.refresh_from_db()
    assert (report.owner, report.due_on) == (lead, date(2027, 3, 1))

    client.post(url("deliverable-remove", report))
    assert not Deliverable.objects.exists()
    assert Event.objects.filter(verb="deliverable-removed").exists()


def test_what_was_accepted_is_not_edited(engagement, lead, as_):
    done = DeliverableFactory(engagement=engagement, state="accepted", decided_at=NOW)
    client = as_(lead)

    assert client.get(url("deliverable-edit", done)).status_code == 409
    assert client.post(url("deliverable-remove", done)).status_code == 409


def test_what_two_people_type_into_a_risk_is_not_overwritten(engagement, lead, as_):
    risk = RiskFactory(engagement=engagement, title="First")
    client = as_(lead)
    seen = {"priority": "medium", "impact": "timeline", "status": "open"}
    seen |= {f"initial-{name}": value for name, value in seen.items()}
    ProjectRisk.objects.update(title="Theirs")

    response = client.post(
        url("risk-edit", risk), seen | {"title": "Mine", "initial-title": "First"}
    )

    assert response.status_code == 422
    assert "Theirs" in response.content.decode()
    assert ProjectRisk.objects.get().title == "Theirs"


def test_a_table_that_changed_meanwhile_is_shown_beside_what_was_typed(
    engagement, lead, as_
):
    client, where = as_(lead), url("raci-edit", engagement)
    page = client.get(where)
    typed = {"seen": page.context["form"].initial["seen"]} | {
        "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-activity": "Mine",
    }  # fmt: skip
    RaciRowFactory(engagement=engagement, activity="Theirs")

    refused = client.post(where, typed)

    text = refused.content.decode()
    assert refused.status_code == 422
    assert "The table as it stands now" in text
    assert "Theirs" in text
    assert "Mine" in text
    typed["seen"] = refused.context["form"].data["seen"]
    assert client.post(where, typed).status_code == 302
    assert [row.activity for row in RaciRow.objects.all()] == ["Mine"]


def test_a_row_without_its_activity_is_refused_at_the_field(engagement, lead, as_):
    typed = {
        "rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0", "rows-0-responsible": "PM",
    }  # fmt: skip

    response = as_(lead).post(url("raci-edit", engagement), typed)

    assert response.status_code == 422
    assert "Say for what." in response.content.decode()


def test_the_steps_lead_to_where_they_are_done(consulting, pm, as_):
    text = as_(pm).get(step(consulting, "plan-risks").get_absolute_url())

    assert f"{tab(consulting)}#risks" in text.content.decode()


def test_a_person_can_have_what_the_plans_hold_on_them(engagement, lead):
    DeliverableFactory(engagement=engagement, owner=lead, title="Report")
    RiskFactory(engagement=engagement, owner=lead, title="Nobody there")

    told = personal_data_of(lead)["plans"]
    held = held_plans(Absentee(lead, NOW.date(), None), lead, NOW)

    assert [one["title"] for one in told["deliverables"]] == ["Report"]
    assert [one.items[0].title for one in held] == ["Report", "Nobody there"]
    assert held_plans(Absentee(lead, NOW.date(), NOW.date()), lead, NOW) == []
