from datetime import date, timedelta
from decimal import Decimal

import pytest

from engagements.choices import Kind, PaperKind, Status
from engagements.handoff import HandoffOutcomes, all_readers, handoff_outcomes
from engagements.models import Acknowledgement, Handoff, TeamMember
from engagements.registry import facts
from engagements.rules.handoff import Outcome
from engagements.services.handoff import (
    acknowledge_handoff,
    begin_handoff,
    choose_written,
    hold_handoff,
    put_kickoff_first,
)
from engagements.services.handoff_questions import (
    StepWanted,
    answer_question,
    ask_question,
    turn_into_step,
)
from engagements.services.status import reasons_against_move
from engagements.services.team import add_member, change_member, remove_member
from engagements.summary import summary_of
from psdelivery.history.models import Event
from psdelivery.livetext.queries import words_of
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role, TimeOffState
from psdelivery.people.models import TimeOff
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import (
    complete_step,
    reopen_step,
    set_aside_step,
)
from psdelivery.registry import RuleRefused
from tests.engagements.ticks import set_status
from tests.factories.engagements import OfferingFactory, open_gate, registered
from tests.factories.handoff import (
    add_outcome,
    again,
    begun,
    filled,
    hand_over,
    write,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(at_now):
    return at_now


def step(engagement, key):
    return Step.objects.filter(engagement=engagement, key=key).get()


def is_done(engagement, key):
    return step(engagement, key).state == StepState.DONE


def kickoff(engagement, now, by=None):
    wanted = step(engagement, "kickoff-held")
    Step.objects.filter(pk=wanted.pk).update(evidence_wanted="none")
    held = Completion(happened_on=now.date())
    return complete_step(wanted, held, by=by, now=now)


def hold(handoff, now, attended=(), by=None):
    return hold_handoff(again(handoff), now.date(), list(attended), by=by, now=now)


def join(engagement, person, first_day, now, role="pse", hours=40):
    member = TeamMember(
        engagement=engagement,
        role=role,
        person=person,
        hours=Decimal(hours),
        first_day=first_day,
    )
    return add_member(member, by=None, now=now)


def why_not(engagement, now):
    with pytest.raises(RuleRefused) as refused:
        kickoff(engagement, now)
    return [reason.sentence for reason in refused.value.reasons]


def test_a_handoff_begins_with_what_the_intake_says(shipped, customer, now):
    engagement = registered(
        customer=customer,
        hours=Decimal(40),
        offerings=[OfferingFactory(title="Quick start")],
        definition_url="https://drive.example/acme",
        notes="They moved last year.",
    )

    texts = words_of(begin_handoff(engagement, by=None, now=now).sheet)

    assert texts["scope_in"] == "- Quick start\n- 40 hours"
    assert texts["definition"] == "https://drive.example/acme"
    assert texts["notes"] == "They moved last year."
    assert texts["goals"] == ""


def test_a_handoff_is_begun_once(consulting, now):
    first, second = begun(consulting), begun(consulting)

    assert first.pk == second.pk
    assert Event.objects.filter(verb="handoff-begun").count() == 1


def test_it_begins_by_itself_when_the_gate_opens(consulting, now):
    assert not Handoff.objects.exists()

    open_gate(consulting)

    assert Handoff.objects.get().engagement == consulting


def test_training_by_order_form_begins_as_written(shipped, now):
    engagement = registered(kind=Kind.TRAINING)
    engagement.paper.kind = PaperKind.ORDER_FORM
    engagement.paper.save()

    assert begun(engagement).is_written


def test_r5_written_handoff_is_done_without_a_call(shipped, coordinator, now):
    engagement = registered(kind=Kind.TRAINING, team=[(EngagementRole.TC, coordinator)])
    engagement.paper.kind = PaperKind.ORDER_FORM
    engagement.paper.save()
    handoff = filled(engagement)

    acknowledge_handoff(handoff, by=coordinator, now=now)

    assert again(handoff).done_at == now
    assert is_done(engagement, "handoff-held")
    assert is_done(engagement, "handoff-acknowledged")


def test_r5_consulting_needs_a_call(consulting, coordinator, now):
    handoff = filled(consulting)

    with pytest.raises(RuleRefused):
        choose_written(handoff, by=coordinator, now=now)


def test_the_steps_tick_themselves(consulting, pm, now):
    handoff = begun(consulting)
    write(handoff, goals="a", current_state="b", scope_in="c", scope_out="d")
    assert not is_done(consulting, "handoff-record")

    add_outcome(handoff, by=pm)
    assert is_done(consulting, "handoff-record")
    assert not is_done(consulting, "handoff-growth")
    write(handoff, by=pm, growth="Two more teams.", growth_plan="Visit in May.")
    assert is_done(consulting, "handoff-growth")
    hold(handoff, now)
    assert is_done(consulting, "handoff-held")
    assert (
        step(consulting, "handoff-held").checklist.anchors.get(key="handoff_held").day
        == now.date()
    )


def test_what_the_account_team_ticks_stands_in_the_record(consulting, now):
    sal = UserFactory(roles=[Role.ACCOUNT])
    wanted = step(consulting, "handoff-growth")

    complete_step(wanted, Completion(note="Two more teams."), by=sal, now=now)

    handoff = Handoff.objects.get(engagement=consulting)
    assert words_of(handoff.sheet)["growth"] == "Two more teams."


@pytest.mark.parametrize(
    "key", ["handoff-record", "handoff-questions", "handoff-acknowledged"]
)
def test_r5_nothing_is_ticked_by_hand_that_is_not_so(consulting, pm, pse, now, key):
    handoff = begun(consulting)
    ask_question(handoff, "Which version?", pm, by=pse, now=now)
    wanted = step(consulting, key)
    wanted.blockers.clear()

    with pytest.raises(RuleRefused):
        complete_step(wanted, Completion(), by=pm, now=now)

    assert step(consulting, key).is_open


def test_the_day_of_a_call_that_was_ticked_stands_in_the_record(consulting, now):
    held = Completion(happened_on=date(2027, 1, 29))

    complete_step(step(consulting, "handoff-held"), held, by=None, now=now)

    assert Handoff.objects.get().held_on == date(2027, 1, 29)
    reopen_step(step(consulting, "handoff-held"), by=None, now=now)
    assert Handoff.objects.get().held_on is None


def test_r5_kickoff_waits_for_record_call_questions_and_readers(
    consulting, pm, pse, now
):
    join(consulting, pse, now.date(), now)
    missing = why_not(consulting, now)
    assert "The goals are not written down." in missing
    assert "The handoff call has not been held." in missing
    assert f"{pm} has not acknowledged the handoff." in missing

    handoff = filled(consulting)
    hold(handoff, now)
    question = ask_question(handoff, "Which version?", pm, by=pse, now=now)
    acknowledge_handoff(again(handoff), by=pm, now=now)
    assert why_not(consulting, now) == [
        f"A question is open: “Which version?” ({pm}).",
        f"{pse} has not acknowledged the handoff.",
    ]

    answer_question(question, "17.", seen="", by=pm, now=now)
    acknowledge_handoff(again(handoff), by=pse, now=now)
    assert again(handoff).done_at == now
    assert kickoff(consulting, now).state == StepState.DONE


def test_r5_the_status_move_names_what_the_kickoff_waits_for(consulting, pm, now):
    set_status(consulting, Status.OKAY_TO_START)

    found = reasons_against_move(consulting, Status.ACTIVE, now=now)

    sentences = [reason.sentence for reason in found]
    assert f"{pm} has not acknowledged the handoff." in sentences
    assert all(
        reason.fix_url
        for reason in found
        if reason.code in {"goals", "not-held", "unread"}
    )


def test_r5_the_kickoff_does_not_wait_for_who_starts_later(consulting, pm, pse, now):
    later = UserFactory()
    join(consulting, pse, now.date(), now)
    join(consulting, later, now.date() + timedelta(days=40), now)
    handoff = filled(consulting)
    hold(handoff, now)
    for person in (pm, pse):
        acknowledge_handoff(again(handoff), by=person, now=now)

    assert kickoff(consulting, now).state == StepState.DONE
    asked = Acknowledgement.objects.get(person=later)
    assert asked.done_at is None
    # Before the own first day: Sat 13 March is the 40th day, so by Friday 12.
    assert asked.step.due_day == date(2027, 3, 12)


def test_r5_who_joins_later_acknowledges_and_does_not_reopen(consulting, pse, now):
    handoff = hand_over(consulting)

    join(consulting, pse, now.date(), now)

    assert again(handoff).done_at == now
    asked = Acknowledgement.objects.get(person=pse)
    assert asked.step.is_open
    assert kickoff(consulting, now).state == StepState.DONE


def test_r5_marked_attendance_counts(consulting, pm, pse, now):
    join(consulting, pse, now.date(), now)
    handoff = filled(consulting)
    asked = Acknowledgement.objects.filter(handoff=handoff)
    assert {one.person for one in asked} == {pm, pse}

    hold(handoff, now, attended=[pm, pse])

    assert again(handoff).done_at == now
    assert not Step.objects.open().filter(acknowledgement__in=asked).exists()


def test_r5_the_lead_records_why_the_kickoff_comes_first(consulting, pm, now):
    handoff = begun(consulting)
    with pytest.raises(RuleRefused, match="Only the lead"):
        put_kickoff_first(handoff, "Flights", by=UserFactory(), now=now)

    put_kickoff_first(handoff, "They fly in on Monday.", by=pm, now=now)

    assert kickoff(consulting, now).state == StepState.DONE
    event = Event.objects.get(verb="kickoff-put-first")
    assert (event.actor, event.reason) == (pm, "They fly in on Monday.")
    assert step(consulting, "handoff-acknowledged").is_open


def test_r5_setting_a_step_aside_is_no_way_around(consulting, pm, now):
    handoff = filled(consulting)
    own = Acknowledgement.objects.get(handoff=handoff, person=pm).step

    for wanted in (step(consulting, "handoff-acknowledged"), own):
        with pytest.raises(RuleRefused, match="The lead records"):
            set_aside_step(wanted, by=pm, reason="No time", now=now)


def test_r5_the_own_step_acknowledges_with_a_tick(consulting, pm, now):
    handoff = filled(consulting)
    own = Acknowledgement.objects.get(handoff=handoff, person=pm).step

    complete_step(own, Completion(), by=pm, now=now)

    assert Acknowledgement.objects.get(person=pm).done_at == now
    assert Event.objects.filter(verb="handoff-acknowledged", actor=pm).exists()


def test_r5_nobody_acknowledges_for_somebody_else(consulting, coordinator, pm, now):
    handoff = filled(consulting)
    own = Acknowledgement.objects.get(handoff=handoff, person=pm).step

    with pytest.raises(RuleRefused, match="Only"):
        complete_step(own, Completion(), by=coordinator, now=now)
    with pytest.raises(RuleRefused, match="nobody asked you"):
        acknowledge_handoff(again(handoff), by=coordinator, now=now)


def test_r5_who_stands_in_acknowledges_for_who_is_away(consulting, pm, pse, now):
    handoff = filled(consulting)
    own = Acknowledgement.objects.get(handoff=handoff, person=pm).step
    TimeOff.objects.create(
        person=pm,
        deputy=pse,
        kind="holiday",
        state=TimeOffState.APPROVED,
        starts_on=now.date(),
        ends_on=now.date(),
        requested_at=now,
    )

    complete_step(own, Completion(), by=pse, now=now)

    event = Event.objects.get(verb="handoff-acknowledged")
    assert (event.actor, event.on_behalf_of) == (pse, pm)


def test_everybody_who_must_read_is_asked_once_by_step_and_mail(consulting, pm, now):
    handoff = filled(consulting)
    hold(handoff, now)

    asked = Acknowledgement.objects.get(handoff=handoff)
    assert asked.step.assignee == pm
    assert asked.step.subject_url == handoff.get_absolute_url()
    message = Message.objects.get(kind="handoff-to-read")
    assert (message.to, message.reason) == ([pm.email], "handoff")


def test_nobody_is_asked_while_there_is_nothing_to_read(consulting, now):
    begun(consulting)

    assert not Acknowledgement.objects.exists()


def test_who_leaves_the_team_need_not_read_any_more(consulting, coordinator, pse, now):
    member = join(consulting, pse, now.date(), now)
    handoff = filled(consulting)
    own = Acknowledgement.objects.get(handoff=handoff, person=pse).step

    remove_member(member, by=coordinator, now=now)

    own.refresh_from_db()
    assert own.state == StepState.CANCELLED
    assert pse not in [reader.person for reader in all_readers(again(handoff))]


def test_a_later_first_day_gives_more_time(consulting, pse, now):
    consulting.wished_start = now.date()
    consulting.save()
    member = join(consulting, pse, now.date() + timedelta(days=30), now)
    handoff = filled(consulting)
    asked = Acknowledgement.objects.get(handoff=handoff, person=pse)
    assert asked.step.due_day == date(2027, 3, 2)

    member.first_day = now.date() + timedelta(days=60)
    change_member(member, by=None, now=now)

    asked.step.refresh_from_db()
    assert asked.step.due_day == date(2027, 4, 1)


def test_a_question_becomes_a_step_that_leads_back(consulting, pm, pse, now):
    handoff = begun(consulting)
    question = ask_question(handoff, "Who has access?", None, by=pse, now=now)
    wanted = StepWanted("Ask for access", pm, now.date() + timedelta(days=3))

    turned = turn_into_step(question, wanted, by=pse, now=now)

    assert turned.step.assignee == pm
    assert turned.step.due_day == date(2027, 2, 4)
    assert turned.step.subject_url.endswith(f"/handoff/#question-{question.pk}")
    assert "Who has access?" in turned.step.instructions
    assert is_done(consulting, "handoff-questions")
    with pytest.raises(RuleRefused):
        answer_question(turned, "Bob", seen="", by=pm, now=now)


def test_an_answer_is_not_overwritten_unread(consulting, pm, pse, now):
    question = ask_question(begun(consulting), "Which?", pm, by=pse, now=now)
    answer_question(question, "17", seen="", by=pm, now=now)

    with pytest.raises(RuleRefused, match="17"):
        answer_question(question, "18", seen="", by=pse, now=now)
    answer_question(question, "18", seen="17", by=pse, now=now)

    question.refresh_from_db()
    assert question.answer == "18"


def test_outcomes_are_written_once_and_used_again(consulting, now):
    assert facts.read(HandoffOutcomes, consulting) is None

    filled(consulting)

    agreed = facts.read(HandoffOutcomes, consulting)
    assert agreed.goals == "Ship every week."
    assert agreed.outcomes == (
        Outcome("Releases every week", "Releases per month, from 1 to 4"),
    )


def test_the_summary_tells_the_customer_nothing_internal(consulting, pm, now):
    handoff = filled(consulting)
    write(handoff, by=pm, growth="Ten times", growth_plan="Dinner", risks="They wobble")

    text = summary_of(consulting, handoff_outcomes(consulting))

    assert "# Rollout" in text
    assert (
        "- Releases every week (measured by: Releases per month, from 1 to 4)" in text
    )
    assert "Migration of 40 projects" in text
    assert not {"Ten times", "Dinner", "They wobble"} & set(text.splitlines())
