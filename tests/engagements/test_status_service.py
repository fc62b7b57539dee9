import pytest

from engagements.choices import BallWith, Condition, Kind, Status
from engagements.models import Engagement
from engagements.services.ball import pass_ball
from engagements.services.status import move_status, reasons_against_move
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.registry import RuleRefused
from tests.engagements.ticks import set_status, tick
from tests.factories.engagements import OfferingFactory, meet, open_gate, registered
from tests.factories.handoff import hand_over

pytestmark = pytest.mark.django_db


def refusals(engagement, target, now):
    return {r.code: r for r in reasons_against_move(engagement, target, now=now)}


def test_r1_prospect_needs_opportunity_and_offering(consulting, now):
    refused = refusals(consulting, Status.PROSPECT, now)

    assert set(refused) == {"opportunity", "offering"}
    assert {r.fix_url for r in refused.values()} == {
        f"/engagements/{consulting.pk}/edit/"
    }


def test_r1_prospect_is_reached_with_both(consulting, coordinator, now):
    consulting.opportunity_url = "https://crm.example.com/1"
    consulting.save()
    consulting.offerings.add(OfferingFactory())

    moved = move_status(consulting, Status.PROSPECT, by=coordinator, now=now)
    assert moved.status == Status.PROSPECT
    assert moved.status_before == Status.ESTIMATE


def test_r1_in_setup_needs_closed_won_and_links_to_it(consulting, coordinator, now):
    set_status(consulting, Status.PROSPECT)

    refused = refusals(consulting, Status.IN_SETUP, now)
    assert set(refused) == {"closed_won"}
    assert (
        refused["closed_won"].fix_url
        == f"{consulting.get_absolute_url()}gate/closed_won/"
    )

    meet(consulting, Condition.CLOSED_WON, by=coordinator)
    moved = move_status(consulting, Status.IN_SETUP, by=coordinator, now=now)
    assert moved.ball_with == BallWith.US


def test_r1_okay_to_start_names_signature_lead_and_welcome_each_with_its_cure(
    shipped, customer, now
):
    engagement = registered(
        kind=Kind.BLENDED, customer=customer, status=Status.IN_SETUP
    )
    set_status(engagement, Status.IN_SETUP)
    welcome = Step.objects.get(engagement=engagement, key="welcome")
    url = engagement.get_absolute_url()

    refused = refusals(engagement, Status.OKAY_TO_START, now)
    assert {code: r.fix_url for code, r in refused.items()} == {
        "customer_signature": f"{url}gate/customer_signature/",
        "billing_terms": f"{url}edit/#id_paper-billing_terms",
        "lead": f"{url}team/add/?role=pm",
        "step-open": welcome.get_absolute_url(),
    }


def test_r1_okay_to_start_is_reached_when_all_three_are_there(
    consulting, coordinator, now
):
    set_status(consulting, Status.IN_SETUP)
    open_gate(consulting, by=coordinator)
    tick(consulting, "welcome", by=coordinator)

    moved = move_status(consulting, Status.OKAY_TO_START, by=coordinator, now=now)
    assert moved.status == Status.OKAY_TO_START


def test_r1_for_training_the_lead_is_the_training_coordinator(
    shipped, coordinator, pm, now
):
    engagement = registered(kind=Kind.TRAINING, team=[(EngagementRole.PM, pm)])
    set_status(engagement, Status.IN_SETUP)

    lead = refusals(engagement, Status.OKAY_TO_START, now)["lead"]
    assert lead.fix_url.endswith("team/add/?role=tc")


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (Kind.CONSULTING, "kickoff-held"),
        (Kind.BLENDED, "kickoff-held"),
        (Kind.DEDICATED, "first-day"),
    ],
)
def test_r1_active_needs_the_event_that_begins_delivery(shipped, now, kind, key):
    engagement = meet(registered(kind=kind))
    set_status(engagement, Status.OKAY_TO_START)
    step = Step.objects.get(engagement=engagement, key=key)

    hand_over(engagement)
    refused = refusals(engagement, Status.ACTIVE, now)
    assert [r.fix_url for r in refused.values()] == [step.get_absolute_url()]

    tick(engagement, key)
    assert refusals(engagement, Status.ACTIVE, now) == {}


def test_r2_before_the_first_delivery_day_agreement_and_countersignature(shipped, now):
    engagement = open_gate(registered())
    set_status(engagement, Status.OKAY_TO_START)
    tick(engagement, "kickoff-held")

    refused = refusals(engagement, Status.ACTIVE, now)
    assert set(refused) == {"closed_won", "agreement", "countersignature"}


def test_r1_training_is_active_with_dates_confirmed_before_the_countersignature(
    shipped, now
):
    engagement = open_gate(registered(kind=Kind.TRAINING))
    set_status(engagement, Status.OKAY_TO_START)
    tick(engagement, "dates-confirmed")

    assert refusals(engagement, Status.ACTIVE, now) == {}


def test_r1_backlog_opens_one_month_after_booking(consulting, now):
    meet(consulting, Condition.CLOSED_WON)
    set_status(consulting, Status.IN_SETUP)

    assert set(refusals(consulting, Status.BACKLOG, now)) == {"backlog-early"}
    # Closed-won on 1 February.
    assert refusals(consulting, Status.BACKLOG, now.replace(month=3)) == {}


def test_r1_back_from_the_backlog_nothing_is_asked_again(consulting, now):
    set_status(consulting, Status.BACKLOG, before=Status.OKAY_TO_START)

    assert refusals(consulting, Status.OKAY_TO_START, now) == {}
    assert set(refusals(consulting, Status.IN_SETUP, now)) == {"outside-table"}


def test_r1_a_revived_engagement_is_a_prospect_without_questions(consulting, pm, now):
    set_status(consulting, Status.CANCELLED)

    moved = move_status(consulting, Status.PROSPECT, by=pm, reason="Back", now=now)
    assert moved.status == Status.PROSPECT


def test_r1_a_move_that_wants_words_is_refused_without(consulting, pm, now):
    set_status(consulting, Status.ACTIVE)

    with pytest.raises(RuleRefused) as refused:
        move_status(consulting, Status.ON_HOLD, by=pm, reason="  ", now=now)
    assert [r.code for r in refused.value.reasons] == ["reason-missing"]
    assert Engagement.objects.get().status == Status.ACTIVE


def test_on_hold_stops_reminders_and_lateness_until_it_is_resumed(consulting, pm, now):
    set_status(consulting, Status.ACTIVE)
    step = Step.objects.open().exclude(due_at=None).first()

    move_status(consulting, Status.ON_HOLD, by=pm, reason="Summer", now=now)
    step.refresh_from_db()
    assert step.next_reminder_at is None
    assert list(Step.objects.late(now.replace(year=2030))) == []

    move_status(consulting, Status.ACTIVE, by=pm, reason="Back", now=now)
    assert not Checklist.objects.get().is_paused
    assert Step.objects.late(now.replace(year=2030)).exists()


def test_cancelling_cancels_open_steps_and_reviving_brings_them_back(
    consulting, pm, now
):
    count = consulting.steps.open().count()

    move_status(consulting, Status.CANCELLED, by=pm, reason="Lost", now=now)
    assert consulting.steps.filter(state=StepState.CANCELLED).count() == count

    move_status(consulting, Status.PROSPECT, by=pm, reason="Won back", now=now)
    assert consulting.steps.open().count() == count


def test_a_move_stands_in_the_history_with_its_reason(consulting, pm, now):
    move_status(consulting, Status.CANCELLED, by=pm, reason="Lost", now=now)

    event = Event.objects.get(verb="status-moved")
    assert event.changes == {"status": ["estimate", "cancelled"]}
    assert (event.actor, event.reason, event.engagement) == (pm, "Lost", consulting)


def test_a_refused_move_writes_nothing(consulting, coordinator, now):
    before = Event.objects.count()

    with pytest.raises(RuleRefused):
        move_status(consulting, Status.PROSPECT, by=coordinator, now=now)
    assert Event.objects.count() == before


def test_passing_the_ball_says_since_when(consulting, coordinator, now):
    later = now.replace(day=9)

    pass_ball(consulting, BallWith.CUSTOMER, by=coordinator, reason="Asked", now=later)
    consulting.refresh_from_db()
    assert (consulting.ball_with, consulting.ball_since) == (BallWith.CUSTOMER, later)
    assert Event.objects.get(verb="ball-passed").reason == "Asked"


def test_passing_the_ball_to_who_has_it_changes_nothing(consulting, coordinator, now):
    since = consulting.ball_since

    pass_ball(consulting, consulting.ball_with, by=coordinator, now=now.replace(day=9))
    consulting.refresh_from_db()
    assert consulting.ball_since == since


def test_r1_a_need_without_a_step_on_the_checklist_is_said(consulting, now):
    set_status(consulting, Status.IN_SETUP)
    Step.objects.filter(key="welcome").update(key="gone")

    reason = refusals(consulting, Status.OKAY_TO_START, now)["step-missing"]
    assert reason.sentence == (
        "The welcome mail is not sent, and the checklist has no step for it."
    )
