from datetime import date, timedelta

import pytest

from engagements.choices import BillingTerms, Condition
from engagements.models import Engagement, Paper, TeamMember
from engagements.queries import gate_for, step_of
from engagements.rules.gate import Evidence
from engagements.services.gate import record_condition, withdraw_condition
from engagements.services.intake import Intake, register_engagement
from engagements.services.planned_dates import planned_dates
from psdelivery.documents.services import add_link
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.people import CustomerFactory

START = date(2027, 4, 1)


@pytest.fixture
def engagement(shipped, coordinator, region, practice, now):
    return register_engagement(
        Intake(
            engagement=Engagement(
                title="Roll-out",
                customer=CustomerFactory(),
                kind="consulting",
                region=region,
                practice=practice,
                wished_start=START,
            ),
            paper=Paper(billing_terms=BillingTerms.BY_MILESTONE),
            team=[TeamMember(role=EngagementRole.PC, person=coordinator)],
        ),
        by=coordinator,
        now=now,
    )


def sign(engagement, by, now):
    link = add_link(
        "https://drive.example/sow", title="SOW", engagement=engagement, by=by, now=now
    )
    evidence = Evidence(met_on=now.date(), document=link)
    return record_condition(
        engagement, Condition.CUSTOMER_SIGNATURE, evidence, by=by, now=now
    )


def anchored(engagement, key):
    return engagement.checklist.anchors.get(key=key).value


def test_r2_a_wished_start_dates_no_step_before_the_gate_is_open(engagement):
    assert anchored(engagement, "planned_start") is None
    assert step_of(engagement, "kickoff-held").due_at is None


def test_r2_the_opening_gate_dates_the_planned_start_and_the_usual_end(
    engagement, coordinator, now
):
    sign(engagement, coordinator, now)

    assert anchored(engagement, "gate_open") == now
    assert anchored(engagement, "planned_start") == START
    assert anchored(engagement, "planned_end") == START + timedelta(days=90)
    assert step_of(engagement, "kickoff-held").due_at is not None


def test_a_planned_end_of_its_own_wins_over_the_usual_length(engagement):
    engagement.planned_end = date(2027, 5, 7)

    dates = planned_dates(engagement, is_open=True, usual_days=90)

    assert dates["planned_end"] == date(2027, 5, 7)


def test_recording_the_signature_ticks_the_step_that_asks_for_it(
    engagement, coordinator, now
):
    for step in step_of(engagement, "signed-paper").blockers.all():
        engagement.steps.filter(pk=step.pk).update(state="done", done_at=now)

    condition = sign(engagement, coordinator, now)

    step = step_of(engagement, "signed-paper")
    assert (step.state, step.evidence) == ("done", condition.evidence)


def test_r2_a_withdrawn_signature_opens_the_step_and_takes_the_dates_back(
    engagement, coordinator, now
):
    for step in step_of(engagement, "signed-paper").blockers.all():
        engagement.steps.filter(pk=step.pk).update(state="done", done_at=now)
    sign(engagement, coordinator, now)

    withdraw_condition(
        engagement,
        Condition.CUSTOMER_SIGNATURE,
        by=coordinator,
        reason="Wrong entity signed",
        now=now,
    )

    assert step_of(engagement, "signed-paper").is_open
    assert anchored(engagement, "planned_start") is None
    assert anchored(engagement, "gate_open") is None


def test_r2_evidence_handed_in_with_the_step_is_evidence_for_the_gate(
    engagement, coordinator, now
):
    step = step_of(engagement, "signed-paper")
    link = add_link(
        "https://drive.example/sow",
        title="SOW",
        engagement=engagement,
        by=coordinator,
        now=now,
    )

    complete_step(step, Completion(evidence=link), by=coordinator, now=now)

    condition = engagement.conditions.get(code=Condition.CUSTOMER_SIGNATURE)
    assert (condition.is_met, condition.evidence) == (True, link)
    assert gate_for(Engagement.objects.get(pk=engagement.pk), now).is_open
