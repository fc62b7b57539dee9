"""Proposing dates, holding the trainers' days, and confirming one of the sets."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engagements.models import TeamMember
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.choices import BallWith, StepState
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold
from scheduling.models import Allocation, AllocationDay, CapacityDay
from scheduling.services.bookings import Change, place, release
from scheduling.services.expiry import look_at_holds
from tests.factories.engagements import open_gate
from tests.factories.people import UserFactory
from tests.factories.proposals import FIRST, WEEK, drafted, option, proposed, sure
from tests.factories.scheduling import wanted
from tests.factories.training import NOW, SYDNEY, CourseFactory, plan_class
from tests.told import news_told
from training.choices import DeliveryState, ProposalState
from training.models import DateProposal, Delivery
from training.services.confirming import Yes, confirm
from training.services.proposal_sending import (
    look_at_proposals,
    mark_sent,
    mark_unsent,
)
from training.services.proposals import propose, withdraw

pytestmark = pytest.mark.django_db
# Monday 1 February, 20:00 Sydney; five business days later, end of day there.
ANSWER_BY = datetime(2027, 2, 8, 13, 0, tzinfo=UTC)
YES = Yes(said_by="Cora Client", said_on=NOW.date(), reason="Taught it before")


@pytest.fixture
def trainers(place):
    def named(name):
        return UserFactory(first_name=name, roles=[Role.TRAINER], zone=SYDNEY, **place)

    return [named("Ann"), named("Ben"), named("Cleo")]


@pytest.fixture
def proposal(engagement, trainers, coordinator):
    return proposed(engagement, *trainers, by=coordinator)


def holds(proposal):
    rows = Allocation.objects.filter(date_option__proposal=proposal)
    return list(rows.order_by("date_option__order"))


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def later(days):
    return NOW + timedelta(days=days)


def chosen(proposal, order=1):
    return proposal.options.get(order=order)


def link(address="https://mail.example/yes"):
    return {"evidence_link": address, "evidence_file": None}


def test_each_option_holds_the_days_of_its_trainer_softly(proposal, trainers):
    found = holds(proposal)

    assert [one.person for one in found] == trainers
    assert {one.hold for one in found} == {Hold.SOFT}
    assert [one.starts_on for one in found] == [FIRST, FIRST + WEEK, FIRST + 2 * WEEK]
    assert [one.hours for one in found] == [8, 8, 8]
    # As long as any other hold, until the customer has the dates.
    assert {one.expires_at for one in found} == {later(14)}


def test_who_is_held_for_a_choice_is_not_on_the_team_yet(proposal, engagement):
    team = TeamMember.objects.filter(
        engagement=engagement, role=EngagementRole.TRAINER, person__isnull=False
    )

    assert not team.exists()


def test_a_session_past_midnight_of_the_trainer_counts_on_both_days(
    engagement, coordinator, place
):
    # 09:00 in Sydney is 19:00 the evening before in New York, 13:00 is 23:00.
    far = UserFactory(roles=[Role.TRAINER], zone="America/New_York", **place)
    found = holds(proposed(engagement, far, far, by=coordinator))

    assert found[0].starts_on == FIRST - timedelta(days=1)
    assert found[0].hours == Decimal(8)


def test_r2_holds_begin_at_the_stage_and_the_refusal_leads_to_the_intake(
    engagement, trainers, coordinator
):
    with pytest.raises(RuleRefused) as refusal:
        propose(drafted(engagement, *trainers, by=coordinator), by=coordinator, now=NOW)

    assert codes(refusal) == ["stage"]
    assert refusal.value.reasons[0].fix_url == f"/engagements/{engagement.pk}/edit/"
    assert not DateProposal.objects.exists()
    assert not Allocation.objects.exists()


def test_r2_dates_without_trainers_hold_nobody_and_are_proposed_at_any_stage(
    engagement, coordinator
):
    draft = drafted(engagement, None, None, by=coordinator)

    assert propose(draft, by=coordinator, now=NOW).state == ProposalState.DRAFT
    assert not Allocation.objects.exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([option()], "options"),
        ([option(first=FIRST + n * WEEK) for n in range(4)], "options"),
        ([option(), option()], "same"),
        ([option(), option(first=date(2027, 1, 12))], "past"),
        ([option(), option(days=0)], "sessions"),
    ],
)
def test_two_or_three_different_sets_to_come_are_proposed(
    engagement, coordinator, options, code
):
    draft = drafted(sure(engagement), by=coordinator)
    object.__setattr__(draft, "options", options)

    with pytest.raises(RuleRefused) as refusal:
        propose(draft, by=coordinator, now=NOW)
    assert codes(refusal) == [code]


def test_the_refusal_of_a_hold_names_its_option(engagement, trainers, coordinator):
    trainers[1].is_active = False
    trainers[1].save()

    with pytest.raises(RuleRefused, match="Option B: Ben .* has left"):
        proposed(engagement, *trainers, by=coordinator)
    assert not Allocation.objects.exists()


def test_sent_dates_are_held_for_five_business_days_of_the_customer(
    proposal, coordinator
):
    mark_sent(proposal, NOW, by=coordinator, now=NOW)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.sent_at) == (ProposalState.SENT, NOW)
    assert proposal.answer_by == ANSWER_BY
    assert {one.expires_at for one in holds(proposal)} == {ANSWER_BY}


def test_the_customer_has_the_ball_until_the_answer(proposal, coordinator):
    mark_sent(proposal, NOW, by=coordinator, now=NOW)
    step = Step.objects.get(key="dates-confirmed")

    assert step.ball_with == BallWith.CUSTOMER
    look_at_proposals(ANSWER_BY)
    step.refresh_from_db()
    assert step.ball_with == ""


def test_silence_is_chased_on_the_third_business_day(proposal, coordinator):
    step = Step.objects.get(key="dates-reminder")
    assert step.due_at is None

    mark_sent(proposal, NOW, by=coordinator, now=NOW)

    step.refresh_from_db()
    assert (step.due_day, step.assignee) == (date(2027, 2, 4), coordinator)
    assert step.mail_template == "dates-reminder"


def test_nobody_is_warned_of_the_end_of_a_hold_that_is_chased(proposal, coordinator):
    mark_sent(proposal, NOW, by=coordinator, now=NOW)

    assert look_at_holds(ANSWER_BY - timedelta(hours=1)) == 0
    assert news_told("soft-hold") == []


def test_r8_dates_that_nobody_sent_are_warned_about_like_any_hold(proposal):
    assert look_at_holds(later(11)) == 3


def test_r8_without_an_answer_all_days_are_free_and_it_is_told_once(
    proposal, coordinator
):
    mark_sent(proposal, NOW, by=coordinator, now=NOW)

    assert look_at_proposals(ANSWER_BY - timedelta(seconds=1)) == 0
    # The look of the schedule leaves these holds to the proposal.
    assert look_at_holds(ANSWER_BY) == 0
    assert look_at_proposals(ANSWER_BY) == 1
    assert look_at_proposals(ANSWER_BY) == look_at_holds(ANSWER_BY) == 0

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.LAPSED
    assert {one.state for one in holds(proposal)} == {"expired"}
    assert not AllocationDay.objects.exists()
    assert not CapacityDay.objects.filter(soft__gt=0).exists()
    (told,) = news_told("date-proposal")
    assert told.to == [coordinator.email]
    assert "Option C: from Tue 20 Apr 2027" in told.text
    assert news_told("soft-hold") == []
    assert Step.objects.get(key="dates-reminder").state == StepState.CANCELLED


def test_r8_dates_that_nobody_sent_lapse_with_their_holds(proposal):
    assert look_at_holds(later(14)) == 0
    assert look_at_proposals(later(14)) == 1

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.LAPSED
    assert not AllocationDay.objects.exists()
    assert "never sent" in news_told("date-proposal")[0].text


def test_dates_without_holds_lapse_too(engagement, coordinator):
    proposal = proposed(engagement, None, None, by=coordinator)
    mark_sent(proposal, NOW, by=coordinator, now=NOW)

    assert look_at_proposals(ANSWER_BY) == 1


def test_a_mail_that_came_back_stops_the_clock(proposal, coordinator):
    mark_sent(proposal, NOW, by=coordinator, now=NOW)
    mark_unsent(proposal, by=None, reason="No such address", now=later(1))

    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer_by) == (ProposalState.DRAFT, None)
    assert {one.expires_at for one in holds(proposal)} == {later(15)}
    assert Step.objects.get(key="dates-reminder").due_at is None


def test_taken_back_dates_are_free_with_the_reason(proposal, coordinator):
    with pytest.raises(RuleRefused, match="Say why"):
        withdraw(proposal, by=coordinator, reason=" ", now=NOW)

    withdraw(proposal, by=coordinator, reason="They want May", now=NOW)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    assert {one.end_reason for one in holds(proposal)} == {"They want May"}
    with pytest.raises(RuleRefused, match="taken back"):
        withdraw(proposal, by=coordinator, reason="Again", now=NOW)


def test_r2_no_date_is_confirmed_before_the_gate_is_open(proposal, coordinator):
    with pytest.raises(RuleRefused) as refusal:
        confirm(chosen(proposal), YES, by=coordinator, now=NOW)

    assert "customer_signature" in codes(refusal)
    assert all(reason.fix_url for reason in refusal.value.reasons)
    assert not Delivery.objects.exists()
    assert {one.state for one in holds(proposal)} == {"active"}


def test_the_confirmed_option_becomes_the_class(
    proposal, engagement, trainers, coordinator
):
    open_gate(engagement)
    yes = replace(YES, given=link())
    done = confirm(chosen(proposal), yes, by=coordinator, now=NOW)

    delivery = Delivery.objects.get()
    assert (delivery, done.warnings) == (done.delivery, [])
    assert (delivery.trainer, delivery.state) == (
        trainers[1],
        DeliveryState.CONFIRMED,
    )
    starts = [one.starts_at for one in delivery.sessions.all()]
    assert starts[0] == datetime(2027, 4, 12, 23, 0, tzinfo=UTC)
    anchor = delivery.checklist.anchors.get(key="first_session")
    assert anchor.moment == starts[0]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.delivery) == (ProposalState.CONFIRMED, delivery)
    assert chosen(proposal).is_chosen


def test_the_hold_of_the_chosen_trainer_is_the_booking_of_the_class(
    proposal, engagement, trainers, coordinator
):
    open_gate(engagement)
    delivery = confirm(chosen(proposal), YES, by=coordinator, now=NOW).delivery

    (booking,) = delivery.trainer_bookings.all()
    first, second, third = holds(proposal)
    assert booking.allocation == second
    assert (second.hold, second.state) == (Hold.HARD, "active")
    assert (first.state, third.state) == ("released", "released")
    assert set(AllocationDay.objects.values_list("person", flat=True)) == {
        trainers[1].pk
    }
    # Now the trainer is on the team, booked hard.
    member = TeamMember.objects.get(
        engagement=engagement, role=EngagementRole.TRAINER, person=trainers[1]
    )
    assert member.booking == "hard"


def test_the_yes_ticks_the_steps_that_wait_for_it(proposal, engagement, coordinator):
    open_gate(engagement)
    yes = replace(YES, given=link())
    delivery = confirm(chosen(proposal), yes, by=coordinator, now=NOW).delivery

    of_class = Step.objects.get(checklist=delivery.checklist, key="times-confirmed")
    of_work = Step.objects.get(checklist=engagement.checklist, key="dates-confirmed")
    assert (of_class.state, of_work.state) == (StepState.DONE, StepState.DONE)
    assert of_class.note == "Cora Client said yes on Mon 1 Feb 2027."
    assert of_work.evidence.url == "https://mail.example/yes"
    assert Event.objects.filter(verb="delivery-confirmed").count() == 1


def test_without_proof_the_step_that_wants_it_stays(proposal, engagement, coordinator):
    open_gate(engagement)
    confirm(chosen(proposal), YES, by=coordinator, now=NOW)

    assert Step.objects.get(key="dates-confirmed").state == StepState.OPEN


def test_r6_where_the_days_are_full_the_hold_stays_soft_and_says_why(
    proposal, engagement, trainers, coordinator
):
    open_gate(engagement)
    day = {FIRST + WEEK: Decimal(6)}
    place(wanted(trainers[1], days=day, hold=Hold.HARD), by=coordinator, now=NOW)
    done = confirm(chosen(proposal), YES, by=coordinator, now=NOW)

    assert [reason.code for reason in done.warnings] == ["overbooked"]
    booking = done.delivery.trainer_bookings.get().allocation
    assert (booking.hold, booking.expires_at) == (Hold.SOFT, later(14))


def test_r22_who_is_elsewhere_at_that_time_cannot_be_confirmed(
    proposal, engagement, trainers, coordinator
):
    open_gate(engagement)
    plan_class(
        engagement, trainer=trainers[1], first=FIRST + WEEK, course=CourseFactory()
    )

    with pytest.raises(RuleRefused) as refusal:
        confirm(chosen(proposal), YES, by=coordinator, now=NOW)
    assert "taken" in codes(refusal)
    assert {one.state for one in holds(proposal)} == {"active"}


def test_r14_who_is_not_certified_is_confirmed_with_a_reason(
    proposal, engagement, coordinator
):
    open_gate(engagement)

    with pytest.raises(RuleRefused, match="not certified"):
        confirm(chosen(proposal), replace(YES, reason=""), by=coordinator, now=NOW)
    assert confirm(chosen(proposal), YES, by=coordinator, now=NOW).delivery.pk


def test_a_hold_that_the_board_let_go_is_booked_anew(proposal, engagement, coordinator):
    open_gate(engagement)
    release(holds(proposal)[1], Change(reason="Mistake"), by=coordinator, now=NOW)
    done = confirm(chosen(proposal), YES, by=coordinator, now=NOW)

    assert done.warnings == []
    assert done.delivery.trainer_bookings.get().allocation.hold == Hold.HARD


def test_a_yes_of_tomorrow_is_none_yet(proposal, engagement, coordinator):
    open_gate(engagement)
    yes = replace(YES, said_on=date(2027, 2, 3))

    with pytest.raises(RuleRefused, match="still to come"):
        confirm(chosen(proposal), yes, by=coordinator, now=NOW)


def test_a_decided_proposal_is_not_confirmed_again(proposal, engagement, coordinator):
    open_gate(engagement)
    confirm(chosen(proposal), YES, by=coordinator, now=NOW)

    with pytest.raises(RuleRefused, match="nothing is held"):
        confirm(chosen(proposal, 0), YES, by=coordinator, now=NOW)
    assert Delivery.objects.count() == 1
