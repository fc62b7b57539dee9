from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engagements.choices import Blocks, Booking, Condition, ForecastCategory
from engagements.events import GateChanged
from engagements.models import Engagement, TeamMember
from engagements.queries import condition_url, gate_for
from engagements.rules.gate import (
    SPECS,
    ConditionState,
    Evidence,
    gate_of,
    may_book_hard,
    reasons_against_evidence,
    reasons_against_first_day,
    reasons_against_hard_booking,
    reasons_against_soft_booking,
)
from engagements.services.gate import record_condition, withdraw_condition
from psdelivery.history.models import Event
from psdelivery.people.register import setting_by_key
from psdelivery.people.services import change_setting
from psdelivery.playbooks.models import Anchor, Step
from psdelivery.registry import RuleRefused, reactions
from scheduling.choices import Hold
from scheduling.services.bookings import Change, change
from tests.factories.engagements import NOW, EngagementFactory, meet, open_gate
from tests.factories.scheduling import booked, wanted

pytestmark = pytest.mark.django_db
HARD = {Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS}
FIRST_DAY = {Condition.CLOSED_WON, Condition.AGREEMENT, Condition.COUNTERSIGNATURE}
ADVICE = {Condition.QUOTE, Condition.FORECAST, Condition.SKILLS}


def gate_with(*met):
    return gate_of(
        ConditionState(spec, spec.code in met, NOW, f"/{spec.code}/") for spec in SPECS
    )


def codes(reasons):
    return {reason.code for reason in reasons}


@pytest.mark.unit
def test_r2_what_blocks_what_is_as_the_design_says():
    groups = {
        blocks: {spec.code for spec in SPECS if spec.blocks == blocks}
        for blocks in Blocks
    }

    assert groups == {
        Blocks.HARD_BOOKING: HARD,
        Blocks.FIRST_DAY: FIRST_DAY,
        Blocks.NOTHING: ADVICE,
    }


@pytest.mark.unit
def test_r2_hard_booking_is_refused_without_customer_signature():
    gate = gate_with(*(set(Condition) - {Condition.CUSTOMER_SIGNATURE}))

    (reason,) = reasons_against_hard_booking(gate)
    assert reason.fix_url == "/customer_signature/"
    assert "It comes from: account team (SAL/AE)." in reason.sentence
    assert not gate.is_open
    assert not may_book_hard(gate)


@pytest.mark.unit
def test_r2_the_gate_is_open_with_signature_and_billing_terms_alone():
    gate = gate_with(*HARD)

    assert gate.is_open
    assert may_book_hard(gate)
    assert codes(reasons_against_first_day(gate)) == FIRST_DAY


@pytest.mark.unit
def test_r2_advice_never_blocks():
    gate = gate_with(*HARD, *FIRST_DAY)

    assert reasons_against_first_day(gate) == []
    assert {state.code for state in gate.unmet(Blocks.NOTHING)} == ADVICE


@pytest.mark.unit
def test_r2_a_gate_without_conditions_is_open():
    assert gate_of([]).is_open


@pytest.mark.unit
@pytest.mark.parametrize(
    ("stage", "forecast", "is_refused"),
    [
        (5, ForecastCategory.COMMIT, False),
        (6, ForecastCategory.CLOSED, False),
        (4, ForecastCategory.COMMIT, True),
        (5, ForecastCategory.BEST_CASE, True),
        (None, "", True),
    ],
)
def test_r2_soft_holds_start_at_stage_five_with_commit(stage, forecast, is_refused):
    engagement = Engagement(
        pk=1, opportunity_stage=stage, forecast_category=forecast, kind="consulting"
    )

    assert bool(reasons_against_soft_booking(engagement)) is is_refused


@pytest.mark.unit
def test_r2_closed_won_and_internal_work_may_be_held_at_any_stage():
    won = Engagement(pk=1, kind="consulting", closed_won_at=NOW)
    internal = Engagement(pk=2, kind="internal")

    assert reasons_against_soft_booking(won) == []
    assert reasons_against_soft_booking(internal) == []


@pytest.mark.unit
def test_r2_evidence_lies_not_in_the_future_and_is_not_missing():
    tomorrow = Evidence(met_on=NOW.date() + timedelta(days=1))

    reasons = reasons_against_evidence(
        Condition.AGREEMENT, tomorrow, today=NOW.date(), now=NOW
    )
    assert codes(reasons) == {"evidence-missing", "in-the-future"}


@pytest.mark.unit
def test_r2_closed_won_wants_its_moment():
    evidence = Evidence(met_on=NOW.date())
    late = replace(evidence, happened_at=NOW + timedelta(hours=1))
    code = Condition.CLOSED_WON

    missing = reasons_against_evidence(code, evidence, today=NOW.date(), now=NOW)
    future = reasons_against_evidence(code, late, today=NOW.date(), now=NOW)
    assert codes(missing) == {"evidence-missing", "moment-missing"}
    assert codes(future) == {"evidence-missing", "in-the-future"}


@pytest.mark.unit
def test_r2_advice_is_on_file_without_evidence():
    evidence = Evidence(met_on=NOW.date())

    assert not reasons_against_evidence(
        Condition.QUOTE, evidence, today=NOW.date(), now=NOW
    )


def test_r2_today_is_the_customers_day(now):
    # 15:00 UTC on Monday is Tuesday in Sydney.
    evening = now.replace(hour=15)
    engagement = EngagementFactory(customer__zone="Australia/Sydney")

    evidence = Evidence(met_on=date(2027, 2, 2))
    condition = record_condition(
        engagement, Condition.QUOTE, evidence, by=None, now=evening
    )
    assert condition.is_met


def test_r2_internal_engagements_have_no_gate():
    engagement = EngagementFactory(kind="internal")

    assert not engagement.conditions.exists()
    assert gate_for(engagement, NOW).is_open


def test_what_the_intake_answers_is_mended_in_the_intake():
    engagement = EngagementFactory()

    assert condition_url(engagement, Condition.BILLING_TERMS) == (
        f"/engagements/{engagement.pk}/edit/#id_paper-billing_terms"
    )
    assert condition_url(engagement, Condition.AGREEMENT) == (
        f"/engagements/{engagement.pk}/gate/agreement/"
    )


def test_opening_the_gate_dates_the_anchor_and_is_told(consulting, monkeypatch, now):
    told = []
    monkeypatch.setattr(reactions, "_by_event", {})
    reactions.register(GateChanged, told.append)

    open_gate(consulting)
    assert [event.is_open for event in told] == [True]
    assert Anchor.objects.get(key="gate_open").moment == now
    assert Event.objects.filter(verb="gate-opened").count() == 1


def test_r2_a_withdrawn_signature_closes_the_gate_and_keeps_bookings(
    consulting, coordinator, pse, now
):
    open_gate(consulting)
    allocation = booked(pse, consulting, hold=Hold.HARD, by=coordinator, now=now)

    code = Condition.CUSTOMER_SIGNATURE
    withdraw_condition(consulting, code, by=coordinator, reason="Wrong paper", now=now)
    allocation.refresh_from_db()
    assert not gate_for(consulting, now).is_open
    assert (allocation.hold, allocation.is_active) == (Hold.HARD, True)
    assert consulting.team.get(person=pse).booking == Booking.HARD
    assert Anchor.objects.get(key="gate_open").value is None
    assert Event.objects.get(verb="gate-condition-withdrawn").reason == "Wrong paper"


def test_a_withdrawal_wants_a_reason_and_something_on_file(
    consulting, coordinator, now
):
    for reason, code in [("Because", "not-met"), ("", "not-met")]:
        with pytest.raises(RuleRefused) as refused:
            withdraw_condition(
                consulting, Condition.QUOTE, by=coordinator, reason=reason, now=now
            )
        assert codes(refused.value.reasons) == {code}

    meet(consulting, Condition.QUOTE)
    with pytest.raises(RuleRefused) as refused:
        withdraw_condition(
            consulting, Condition.QUOTE, by=coordinator, reason=" ", now=now
        )
    assert codes(refused.value.reasons) == {"reason-missing"}


def test_r4_closed_won_starts_the_welcome_clock_and_its_withdrawal_stops_it(
    consulting, coordinator, now
):
    consulting.customer.zone, consulting.customer.country = "Europe/Berlin", "DE"
    consulting.customer.subdivision = "HH"
    consulting.customer.save()
    won = datetime(2027, 3, 5, 15, 30, tzinfo=UTC)
    welcome = Step.objects.get(engagement=consulting, key="welcome")

    meet(consulting, Condition.CLOSED_WON, now=won)
    welcome.refresh_from_db()
    assert welcome.due_at == datetime(2027, 3, 10, 15, 30, tzinfo=UTC)

    withdraw_condition(
        consulting, Condition.CLOSED_WON, by=coordinator, reason="Not yet", now=won
    )
    welcome.refresh_from_db()
    consulting.refresh_from_db()
    assert welcome.due_at is None
    assert consulting.closed_won_at is None


def test_r2_hard_before_the_gate_is_refused_and_names_the_evidence(
    consulting, pse, now
):
    with pytest.raises(RuleRefused) as refused:
        booked(pse, consulting, hold=Hold.HARD, now=now)
    assert codes(refused.value.reasons) == HARD
    assert not TeamMember.objects.filter(role="pse").exists()


def test_r2_soft_asks_for_the_stage_that_the_register_says(
    consulting, coordinator, pse, now
):
    consulting.opportunity_stage, consulting.forecast_category = 3, "commit"
    consulting.save()
    with pytest.raises(RuleRefused) as refused:
        booked(pse, consulting, now=now)
    assert codes(refused.value.reasons) == {"stage"}

    assert setting_by_key("engagements.soft_from_stage").default == 5
    change_setting("engagements.soft_from_stage", 3, by=coordinator, now=now)
    assert booked(pse, consulting, now=now).pk


def test_r2_soft_becomes_hard_when_the_gate_is_open(consulting, pse, now):
    consulting.opportunity_stage, consulting.forecast_category = 5, "commit"
    consulting.save()
    soft = booked(pse, consulting, now=now)
    hard, why = wanted(pse, consulting, hold=Hold.HARD), Change(reason="Signed")

    with pytest.raises(RuleRefused) as refused:
        change(soft, hard, why, by=None, now=now)
    assert codes(refused.value.reasons) == HARD

    open_gate(consulting)
    assert change(soft, hard, why, by=None, now=now).hold == Hold.HARD
    assert consulting.team.get(person=pse).booking == Booking.HARD


def test_r2_evidence_that_lacks_something_is_refused_and_nothing_is_written(now):
    engagement = EngagementFactory()
    evidence = Evidence(met_on=now.date())

    with pytest.raises(RuleRefused) as refused:
        record_condition(engagement, "agreement", evidence, by=None, now=now)
    assert codes(refused.value.reasons) == {"evidence-missing"}
    assert not engagement.conditions.get(code="agreement").is_met
    assert not Event.objects.exists()
