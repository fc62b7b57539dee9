from datetime import date, timedelta

import pytest

from engagements.choices import Condition, RiskState, Status
from engagements.models import Engagement, WorkAtRisk
from engagements.queries import gate_for, open_waivers
from engagements.rules.risk import (
    WAIVABLE,
    is_billable,
)
from engagements.services.gate import withdraw_condition
from engagements.services.risk import (
    ask_for_risk,
    end_risk,
    grant_risk,
    refuse_risk,
    take_risk_back,
    waive_conditions,
)
from engagements.services.status import move_status
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people.choices import Role
from psdelivery.people.models import TimeOff
from psdelivery.people.services import change_setting
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Anchor, Reminder, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.reminders import scan_reminders
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import RuleRefused
from tests.engagements.ticks import set_status
from tests.factories.engagements import (
    NOW,
    EngagementFactory,
    asked,
    meet,
    open_gate,
    risk_terms,
    waived,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
SIGNATURE, TERMS = Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS
COUNTERSIGNATURE = Condition.COUNTERSIGNATURE
NEXT = date(2027, 3, 22)


@pytest.fixture
def manager(consulting, region):
    person = UserFactory(username="mona", roles=[Role.PRACTICE_MANAGER], region=region)
    consulting.practice.manager = person
    consulting.practice.save()
    return person


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def later(days):
    return NOW + timedelta(days=days)


@pytest.mark.unit
def test_r3_only_what_blocks_something_can_be_waived():
    assert set(WAIVABLE) == {
        SIGNATURE,
        TERMS,
        Condition.CLOSED_WON,
        Condition.AGREEMENT,
        COUNTERSIGNATURE,
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"codes": ()}, "nothing-named"),
        ({"codes": ("quote",)}, "not-waivable"),
        ({"codes": ("nonsense",)}, "not-waivable"),
        ({"codes": ("agreement",)}, "met-already"),
        ({"reason": " "}, "reason-missing"),
        ({"hours": 0}, "no-hours"),
        ({"days": -1}, "expired"),
    ],
)
def test_r3_terms_that_lack_something_are_refused(consulting, pm, changes, code):
    meet(consulting, Condition.AGREEMENT)
    given = {"codes": (SIGNATURE,), **changes}
    terms = risk_terms(*given.pop("codes"), **given)

    with pytest.raises(RuleRefused) as refusal:
        ask_for_risk(consulting, terms, by=pm, now=NOW)
    assert codes(refusal) == [code]
    assert not WorkAtRisk.objects.exists()


def test_r3_what_is_over_and_what_has_no_gate_needs_no_waiver(consulting, pm):
    internal = EngagementFactory(kind="internal", status=Status.ACTIVE)
    set_status(consulting, Status.CLOSED)

    for engagement in (consulting, internal):
        with pytest.raises(RuleRefused) as refusal:
            ask_for_risk(engagement, risk_terms(SIGNATURE), by=pm, now=NOW)
        assert "nothing-to-waive" in codes(refusal)


def test_r3_asking_opens_a_step_and_a_mail_for_who_decides(consulting, pm, manager):
    risk = asked(consulting, SIGNATURE, by=pm)

    step, message = risk.decision_step, Message.objects.get(kind="approval")
    assert (step.assignee, step.due_day) == (manager, date(2027, 2, 3))
    assert step.subject_url == risk.get_absolute_url()
    assert (message.to, message.reason) == ([manager.email], "approval")
    assert "Waived: Customer's signature." in message.text
    assert Event.objects.get(verb="risk-asked").actor == pm
    assert not gate_for(consulting, NOW).running


def test_r23_the_mail_goes_to_who_stands_in_for_a_manager_away(
    consulting, pm, pse, manager
):
    TimeOff.objects.create(
        person=manager,
        kind="holiday",
        starts_on=NOW.date(),
        ends_on=NOW.date(),
        deputy=pse,
        state="approved",
        requested_at=NOW,
    )

    asked(consulting, SIGNATURE, by=pm)
    assert Message.objects.get(kind="approval").to == [pse.email]


def test_r3_one_question_waits_at_a_time(consulting, pm, manager):
    asked(consulting, SIGNATURE, by=pm)

    with pytest.raises(RuleRefused) as refusal:
        asked(consulting, TERMS, by=pm)
    assert codes(refusal) == ["asked-already"]
    assert WorkAtRisk.objects.count() == 1


def test_r3_granting_waives_what_is_named_and_nothing_else(consulting, pm, manager):
    risk = asked(consulting, SIGNATURE, by=pm)

    grant_risk(risk, by=manager, note="Until Friday", now=NOW)
    gate = gate_for(consulting, NOW)
    waived_codes = {state.code for state in gate.conditions if state.is_waived}
    assert waived_codes == {SIGNATURE}
    assert [state.code for state in gate.unmet("hard_booking")] == [TERMS]
    assert Step.objects.get(pk=risk.decision_step_id).state == StepState.DONE
    told = Message.objects.filter(kind="approval").order_by("created_at")
    assert told.filter(to=[pm.email], subject__startswith="Work at risk gr").exists()


def test_r3_a_waiver_opens_the_gate_and_dates_its_opening(consulting, manager):
    waived(consulting, SIGNATURE, TERMS, by=manager)

    assert gate_for(consulting, NOW).is_open
    assert Anchor.objects.get(key="gate_open").moment == NOW
    assert Event.objects.filter(verb="gate-opened").count() == 1


def test_r3_a_refusal_says_why_and_waives_nothing(consulting, pm, manager):
    risk = asked(consulting, SIGNATURE, TERMS, by=pm)

    with pytest.raises(RuleRefused) as refusal:
        refuse_risk(risk, by=manager, note=" ", now=NOW)
    assert codes(refusal) == ["note-missing"]

    refuse_risk(risk, by=manager, note="Too early", now=NOW)
    assert not gate_for(consulting, NOW).is_open
    assert "Too early" in Message.objects.get(to=[pm.email]).text


def test_r3_what_was_decided_is_not_decided_again(consulting, pm, manager):
    risk = asked(consulting, SIGNATURE, by=pm)
    grant_risk(risk, by=manager, now=NOW)

    for decide in (
        lambda: grant_risk(risk, by=manager, now=NOW),
        lambda: refuse_risk(risk, by=manager, note="No", now=NOW),
        lambda: take_risk_back(risk, by=pm, now=NOW),
    ):
        with pytest.raises(RuleRefused) as refusal:
            decide()
        assert codes(refusal) == ["decided"]


def test_r3_what_waited_past_its_last_day_is_asked_for_anew(consulting, pm, manager):
    risk = asked(consulting, SIGNATURE, by=pm, days=1)

    with pytest.raises(RuleRefused) as refusal:
        grant_risk(risk, by=manager, now=later(3))
    assert codes(refusal) == ["expired"]


def test_a_question_can_be_taken_back(consulting, pm, manager):
    risk = asked(consulting, SIGNATURE, by=pm)

    take_risk_back(risk, by=pm, now=NOW)
    assert WorkAtRisk.objects.get().state == RiskState.WITHDRAWN
    assert Step.objects.get(pk=risk.decision_step_id).state == StepState.CANCELLED


def test_r3_a_decision_step_is_ticked_by_deciding_only(consulting, pm, manager):
    step = asked(consulting, SIGNATURE, by=pm).decision_step

    with pytest.raises(RuleRefused) as refusal:
        complete_step(step, Completion(), by=manager, now=NOW)
    assert codes(refusal) == ["not-decided"]


def test_r3_expiring_in_five_days_warns_today(consulting, pm, manager):
    risk = asked(consulting, SIGNATURE, by=pm, days=5)
    risk = grant_risk(risk, by=manager, now=NOW)

    scan_reminders(now=NOW)
    (reminder,) = Reminder.objects.filter(step=risk.warning_step)
    assert (reminder.rule, reminder.message.to) == ("owner-5", [pm.email])


def test_r3_the_warning_leaves_so_many_days_before_as_the_register_says(
    consulting, pm, manager
):
    change_setting("engagements.risk_warning_days", 3, by=manager, now=NOW)
    risk = grant_risk(asked(consulting, SIGNATURE, by=pm), by=manager, now=NOW)

    scan_reminders(now=later(10))
    assert not Reminder.objects.filter(step=risk.warning_step).exists()
    scan_reminders(now=later(11))
    assert Reminder.objects.get(step=risk.warning_step).rule == "owner-3"


def test_r3_a_waiver_holds_to_the_end_of_its_last_day_at_the_customer(
    consulting, manager
):
    # The customer is in Sydney: 13:00 UTC on the 15th is the 16th there.
    waived(consulting, SIGNATURE, TERMS, by=manager, days=14)

    assert gate_for(consulting, later(14)).is_open
    assert not gate_for(consulting, later(14) + timedelta(hours=4)).is_open


def test_r3_ending_early_closes_the_gate_and_takes_the_warning_back(
    consulting, pm, manager
):
    risk = grant_risk(asked(consulting, SIGNATURE, TERMS, by=pm), by=manager, now=NOW)

    with pytest.raises(RuleRefused) as refusal:
        end_risk(risk, by=manager, reason="", now=NOW)
    assert codes(refusal) == ["reason-missing"]
    end_risk(risk, by=manager, reason="Customer pulled out", now=later(1))
    assert not gate_for(consulting, later(1)).is_open
    assert Anchor.objects.get(key="gate_open").value is None
    assert Step.objects.get(pk=risk.warning_step_id).state == StepState.CANCELLED
    assert Message.objects.filter(subject__startswith="Work at risk ended").exists()


def test_r3_evidence_releases_what_was_worked_at_risk(consulting, manager):
    risk = waived(consulting, SIGNATURE, TERMS, by=manager)
    assert not is_billable(open_waivers(consulting), later(2).date())

    open_gate(consulting, now=later(3))
    risk.refresh_from_db()
    assert risk.released_at == later(3)
    assert is_billable(open_waivers(consulting), later(2).date())
    assert Step.objects.get(pk=risk.warning_step_id).state == StepState.CANCELLED
    assert Event.objects.filter(verb="risk-released").count() == 1


def test_r3_hours_are_billable_before_it_was_granted_and_not_after(consulting, manager):
    risk = waived(consulting, COUNTERSIGNATURE, by=manager)
    end_risk(risk, by=manager, reason="Enough", now=later(3))

    waivers = open_waivers(consulting)
    assert is_billable(waivers, date(2027, 1, 31))
    # Sydney's day on which it was granted, and after it had ended.
    assert not is_billable(waivers, date(2027, 2, 1))
    assert not is_billable(waivers, later(9).date())


def test_what_was_only_asked_for_is_taken_back_by_the_evidence(consulting, pm, manager):
    risk = asked(consulting, TERMS, SIGNATURE, by=pm)

    open_gate(consulting)
    risk.refresh_from_db()
    assert risk.state == RiskState.WITHDRAWN
    assert Step.objects.get(pk=risk.decision_step_id).state == StepState.CANCELLED


def test_r3_a_new_waiver_of_the_same_replaces_the_old_one(consulting, manager):
    old = waived(consulting, SIGNATURE, by=manager, days=5)
    new = waived(consulting, SIGNATURE, TERMS, by=manager, days=30)

    old.refresh_from_db()
    assert (old.state, new.state) == (RiskState.ENDED, RiskState.GRANTED)
    assert Step.objects.get(pk=old.warning_step_id).state == StepState.CANCELLED
    assert gate_for(consulting, later(20)).is_open


def test_r1_work_at_risk_stands_in_for_closed_won(consulting, coordinator, manager):
    set_status(consulting, Status.PROSPECT)

    with pytest.raises(RuleRefused) as refusal:
        move_status(consulting, Status.IN_SETUP, by=coordinator, now=NOW)
    assert codes(refusal) == ["closed_won"]
    waived(consulting, Condition.CLOSED_WON, by=manager)
    moved = move_status(consulting, Status.IN_SETUP, by=coordinator, now=NOW)
    assert moved.status == Status.IN_SETUP


def test_dates_promised_at_risk_stay_when_it_runs_out(consulting, manager):
    Engagement.objects.filter(pk=consulting.pk).update(wished_start=date(2027, 4, 1))
    waived(consulting, SIGNATURE, TERMS, by=manager, days=5)
    planned = Anchor.objects.get(checklist=consulting.checklist, key="planned_start")
    assert planned.day == date(2027, 4, 1)

    meet(consulting, SIGNATURE, now=later(10))
    assert not gate_for(consulting, later(10)).is_open
    planned.refresh_from_db()
    assert planned.day == date(2027, 4, 1)
    meet(consulting, TERMS, now=later(11))
    assert Anchor.objects.get(key="gate_open").moment == NOW


def test_a_signature_withdrawn_while_terms_are_waived_closes_the_gate(
    consulting, coordinator, manager
):
    meet(consulting, SIGNATURE)
    waived(consulting, TERMS, by=manager)
    assert gate_for(consulting, NOW).is_open

    withdraw_condition(
        consulting, SIGNATURE, by=coordinator, reason="Wrong person", now=NOW
    )
    assert not gate_for(consulting, NOW).is_open


def test_r3_who_may_decide_waives_at_once(consulting, manager):
    risk = waive_conditions(consulting, risk_terms(SIGNATURE), by=manager, now=NOW)

    assert (risk.state, risk.decision_step) == (RiskState.GRANTED, None)
    assert not Message.objects.filter(kind="approval").exists()
    verbs = list(Event.objects.filter(verb__startswith="risk").values_list("verb"))
    assert len(verbs) == 2
