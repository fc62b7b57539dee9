import pytest
import time_machine
from django.urls import reverse

from engagements.choices import Status
from engagements.execution.models import Assumption, ProjectRisk, WorkItem
from engagements.execution.services.assumptions import (
    Decision,
    RiskOfAssumption,
    add_assumption,
    decide_assumption,
    drop_assumption,
    take_over_assumptions,
    waiting_lines,
)
from engagements.models import Assessment, Engagement
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from tests.factories.discovery import session_of
from tests.factories.engagements import NOW, registered
from tests.factories.people import CustomerFactory, UserFactory
from tests.factories.shipped import ship_playbooks

pytestmark = pytest.mark.django_db
OVERTURNED = "Look at what discovery overturned"
RISK = RiskOfAssumption(priority="high", impact="timeline", mitigation="Ask early")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def paul():
    return UserFactory(roles=[Role.PM], zone="Europe/Berlin", country="DE")


@pytest.fixture
def pia():
    return UserFactory(roles=[Role.PSE])


@pytest.fixture
def work(paul, pia):
    ship_playbooks()
    made = registered(
        title="Move",
        customer=CustomerFactory(zone="Europe/Berlin", country="DE"),
        team=[(EngagementRole.PM, paul), (EngagementRole.PSE, pia)],
    )
    Engagement.objects.filter(pk=made.pk).update(status=Status.ACTIVE)
    Assessment.objects.create(
        engagement=made, assumptions="- One site\n- No proxy", changed_at=NOW
    )
    return Engagement.objects.select_related("checklist", "customer").get(pk=made.pk)


def texts(work):
    return list(work.assumptions.values_list("text", "is_initial"))


def decided(assumption, state="invalidated", *, by, **more):
    decision = Decision(state=state, evidence="Ben said so", **more)
    return decide_assumption(assumption, decision, by=by, now=NOW)


def test_the_first_session_takes_the_assumptions_over_and_nothing_doubles(work, pia):
    session_of(work, by=pia)
    assert texts(work) == [("One site", True), ("No proxy", True)]
    assert Event.objects.filter(verb="assumptions-taken").count() == 1

    Assessment.objects.update(assumptions="one site\nNo proxy\nNo SSO")
    assert waiting_lines(work) == ["No SSO"]
    assert take_over_assumptions(work, by=pia, now=NOW) == 1
    assert take_over_assumptions(work, by=pia, now=NOW) == 0
    assert [text for text, _initial in texts(work)][-1] == "No SSO"


def test_a_decision_keeps_what_shows_it_who_when_and_where(work, pia):
    session = session_of(work, by=pia)
    assumption = decided(work.assumptions.first(), "validated", by=pia, session=session)

    assert assumption.evidence == "Ben said so"
    assert (assumption.decided_by, assumption.decided_at) == (pia, NOW)
    assert assumption.session == session
    told = Event.objects.get(verb="assumption-decided")
    assert (told.changes, told.reason) == (
        {"assumption_state": ["open", "validated"]},
        "Ben said so",
    )

    again = decided(assumption, "open", by=pia)
    assert (again.decided_by, again.decided_at) == (None, None)
    assert again.session == session


def test_r10_an_invalidated_assumption_becomes_a_risk_of_the_lead_once(work, pia, paul):
    assumption = add_assumption(work, "x" * 300, by=pia, now=NOW)

    decided(assumption, by=pia, risk=RISK)
    risk = ProjectRisk.objects.get()
    assumption.refresh_from_db()
    assert assumption.risk == risk
    assert (risk.priority, risk.impact, risk.owner) == ("high", "timeline", paul)
    assert len(risk.title) == 200
    # A risk has its owner: nobody has to look at it besides.
    assert not Step.objects.filter(title=OVERTURNED).exists()
    with pytest.raises(RuleRefused):
        decided(assumption, "open", by=pia, risk=RISK)
    assert ProjectRisk.objects.count() == 1


def test_what_is_overturned_gives_the_lead_one_step_for_the_same_day(work, pia, paul):
    take_over_assumptions(work, by=pia, now=NOW)
    first, second = work.assumptions.all()

    decided(first, by=pia)
    decided(second, by=pia)
    step = Step.objects.get(title=OVERTURNED)
    assert (step.assignee, step.due_day) == (paul, NOW.date())
    assert "One site" in step.instructions
    assert step.subject_url.endswith("discovery/#assumptions")


def test_nobody_asks_themselves(work, paul):
    decided(add_assumption(work, "No proxy", by=paul, now=NOW), by=paul)

    assert not Step.objects.filter(title=OVERTURNED).exists()


def test_an_assumption_added_by_mistake_goes_unless_work_rests_on_it(work, pia):
    mistake, used = (
        add_assumption(work, text, by=pia, now=NOW) for text in ("Typo", "Used")
    )
    item = WorkItem.objects.create(engagement=work, title="Build", created_at=NOW)
    item.assumptions.add(used)

    drop_assumption(mistake, by=pia, now=NOW)
    with pytest.raises(RuleRefused):
        drop_assumption(used, by=pia, now=NOW)
    assert [one.text for one in Assumption.objects.all()] == ["Used"]


def test_nothing_is_decided_once_the_work_is_over(work, pia):
    assumption = add_assumption(work, "No proxy", by=pia, now=NOW)
    work.status = Status.COMPLETED

    for try_it in (
        lambda: decided(assumption, by=pia),
        lambda: drop_assumption(assumption, by=pia, now=NOW),
        lambda: add_assumption(work, "More", by=pia, now=NOW),
        lambda: take_over_assumptions(work, by=pia, now=NOW),
    ):
        assumption.engagement = work
        with pytest.raises(RuleRefused):
            try_it()


# Pages


def url(name, pk):
    return reverse(f"execution:{name}", args=[pk])


@pytest.fixture
def as_pia(client, pia):
    client.force_login(pia)
    return client


@pytest.fixture
def assumption(work, pia):
    take_over_assumptions(work, by=pia, now=NOW)
    return work.assumptions.first()


def test_the_tab_takes_over_adds_and_leads_to_the_decision(as_pia, work):
    tab = f"{work.get_absolute_url()}discovery/"
    assert "Take over 2 from the assessment" in as_pia.get(tab).content.decode()
    as_pia.post(url("assumptions-take", work.pk))
    add = url("assumption-add", work.pk)
    assert as_pia.post(add, {"text": " Git  only "}).url == f"{tab}#assumptions"
    assert as_pia.post(add, {"text": ""}).status_code == 422

    page = as_pia.get(tab).content.decode()
    assert "3 open, 0 validated, 0 invalidated" in page
    assert "Take over" not in page
    assert "Git only" in page


def test_an_assumption_is_decided_from_a_session_and_leads_back(
    as_pia, work, assumption
):
    session = session_of(work)
    page = url("assumption-decide", assumption.pk)
    back = f"{session.get_absolute_url()}#assumptions"
    typed = {"state": "invalidated", "evidence": "They have three", "as_risk": "on"}
    typed |= {"priority": "high", "impact": "scope", "mitigation": ""}

    answer = as_pia.post(page, typed | {"session": session.pk, "next": back})
    assert answer.url == back
    assumption.refresh_from_db()
    assert (assumption.session, assumption.risk.impact) == (session, "scope")
    shown = as_pia.get(page)
    assert "as_risk" not in shown.context["form"].fields
    assert "It is a risk:" in shown.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"state": "nonsense"}, "state"),
        ({"evidence": ""}, "evidence"),
        ({"evidence": "nul\x00"}, "evidence"),
        ({"state": "validated", "as_risk": "on"}, "as_risk"),
        ({"as_risk": "on", "impact": ""}, "impact"),
        ({"priority": "urgent"}, "priority"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_decided(
    as_pia, assumption, typed, field
):
    filled = {"state": "invalidated", "evidence": "Three", "priority": "low"}
    filled |= {"impact": "scope"}

    answer = as_pia.post(url("assumption-decide", assumption.pk), filled | typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assumption.refresh_from_db()
    assert assumption.state == "open"


def test_who_decides_what_another_has_just_decided_is_told_once(
    as_pia, assumption, paul
):
    page = url("assumption-decide", assumption.pk)
    seen = as_pia.get(page).context["form"]["seen"].value()
    decided(assumption, "validated", by=paul)

    typed = {"state": "invalidated", "evidence": "Three", "seen": seen}
    late = as_pia.post(page, typed)
    assert late.status_code == 409
    assumption.refresh_from_db()
    assert assumption.state == "validated"
    typed["seen"] = late.context["form"]["seen"].value()
    assert as_pia.post(page, typed).status_code == 302


def test_an_assumption_of_the_assessment_stays(as_pia, assumption):
    assert as_pia.post(url("assumption-drop", assumption.pk)).status_code == 409
    assert Assumption.objects.filter(pk=assumption.pk).exists()
