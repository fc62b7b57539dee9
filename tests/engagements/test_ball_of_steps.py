"""With whom the ball is follows from the open steps (glossary: ball with)."""

from datetime import timedelta
from functools import partial

import pytest

from engagements.choices import BallWith, Kind, Status
from engagements.models import BallPeriod, Engagement
from engagements.rules.ball import Said, follows_steps, who_must_move
from engagements.services.ball import pass_ball, put_ball, settle_ball, settle_balls
from engagements.services.status import MoveOptions, move_status
from engagements.turns import balls_behind
from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.handing import pass_step
from psdelivery.playbooks.services.steps import complete_step, set_aside_step
from tests.engagements.ticks import set_status
from tests.factories.engagements import NOW, EngagementFactory
from tests.factories.people import ContactFactory
from tests.factories.playbooks import ChecklistFactory, StepFactory

pytestmark = pytest.mark.django_db


def later(days=0, hours=0):
    return NOW + timedelta(days=days, hours=hours)


@pytest.fixture
def engagement():
    """Running work; its checklist is still empty."""
    engagement = EngagementFactory(active=True, ball_with=BallWith.US)
    engagement.checklist = ChecklistFactory(engagement=engagement)
    engagement.save()
    put_ball(engagement, "us", now=NOW)
    return engagement


@pytest.fixture
def add(engagement):
    """Put a step on the checklist, due so many days from NOW."""

    def call(due=None, role=EngagementRole.PM, **fields):
        due_at = later(due) if due is not None else None
        return StepFactory(
            checklist=engagement.checklist, owner_role=role, due_at=due_at, **fields
        )

    return call


def ball_of(engagement):
    stored = Engagement.objects.get(pk=engagement.pk)
    return stored.ball_with, stored.ball_since


def settle(engagement, now=NOW):
    return settle_ball(engagement.pk, now=now)


# The rule


@pytest.mark.unit
@pytest.mark.parametrize(
    ("facts", "party"),
    [
        ({"owner_role": EngagementRole.PM}, BallWith.US),
        ({"owner_role": EngagementRole.CONTACT}, BallWith.CUSTOMER),
        ({"owner_role": EngagementRole.SAL}, BallWith.SALES),
        ({"owner_role": EngagementRole.FINANCE}, BallWith.FINANCE),
        ({"owner_role": EngagementRole.PM, "ball_with": "customer"}, BallWith.CUSTOMER),
        ({"owner_role": EngagementRole.CONTACT, "ball_with": "us"}, BallWith.US),
    ],
)
def test_the_side_of_who_has_the_first_step_must_move(facts, party):
    assert who_must_move(Status.ACTIVE, Step(pk=7, **facts)) == Said(party, 7)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("status", "party"),
    [
        (Status.PROSPECT, BallWith.SALES),
        (Status.ACTIVE, BallWith.US),
        (Status.CLOSED, BallWith.FINANCE),
    ],
)
def test_without_a_dated_step_the_status_says_it(status, party):
    assert who_must_move(status, None) == Said(party, None)


@pytest.mark.unit
def test_work_that_is_set_aside_or_over_or_internal_asks_no_steps():
    running = {s for s in Status if follows_steps(Kind.CONSULTING, s)}

    assert running == {
        Status.ESTIMATE,
        Status.PROSPECT,
        Status.IN_SETUP,
        Status.OKAY_TO_START,
        Status.ACTIVE,
        Status.CLOSED,
    }
    assert not any(follows_steps(Kind.INTERNAL, s) for s in Status)


# Which step is the first


def test_the_step_that_falls_due_first_says_it(engagement, add):
    add(due=5)
    add(due=3, role=EngagementRole.CONTACT)

    assert settle(engagement, later(1))
    assert ball_of(engagement) == ("customer", later(1))


def test_what_is_late_comes_before_what_is_to_come(engagement, add):
    add(due=-20, role=EngagementRole.SAL)
    add(due=1, role=EngagementRole.CONTACT)

    settle(engagement)
    assert ball_of(engagement)[0] == "sales"


def test_a_step_that_waits_for_another_is_nobodys_turn_yet(engagement, add):
    homework = add(due=1, role=EngagementRole.CONTACT)
    homework.blockers.add(add(due=2))

    settle(engagement)
    assert ball_of(engagement)[0] == "us"


def test_a_step_without_a_date_waits_for_something_else(engagement, add):
    add(role=EngagementRole.CONTACT)

    settle(engagement)
    assert ball_of(engagement)[0] == "us"


def test_the_steps_of_classes_count_too(engagement):
    lists = ChecklistFactory(engagement=engagement, parent=engagement.checklist)
    StepFactory(checklist=lists, owner_role=EngagementRole.CONTACT, due_at=later(1))

    settle(engagement)
    assert ball_of(engagement)[0] == "customer"


# When it moves


def test_the_turn_goes_on_while_the_same_side_must_move(engagement, add):
    first = add(due=1, role=EngagementRole.CONTACT)
    second = add(due=2, role=EngagementRole.CONTACT)
    settle(engagement, later(1))
    set_aside_step(first, by=None, reason="Not needed", now=later(2))

    assert not settle(engagement, later(2))
    stored = Engagement.objects.get(pk=engagement.pk)
    assert (stored.ball_since, stored.ball_step) == (later(1), second)


def test_ticking_a_step_passes_the_ball_once_the_tick_is_saved(
    engagement, add, django_capture_on_commit_callbacks
):
    step = add(due=1)
    add(due=2, role=EngagementRole.CONTACT)
    settle(engagement)

    with django_capture_on_commit_callbacks(execute=True):
        complete_step(step, Completion(), by=None, now=later(1))
        assert ball_of(engagement)[0] == "us"
    assert ball_of(engagement) == ("customer", later(1))
    turns = BallPeriod.objects.filter(engagement=engagement)
    assert [turn.party for turn in turns] == ["us", "customer"]


def test_asking_the_customer_on_a_step_passes_the_ball(
    consulting, coordinator, django_capture_on_commit_callbacks
):
    step = consulting.ball_step

    with django_capture_on_commit_callbacks(execute=True):
        pass_step(step, BallWith.CUSTOMER, by=coordinator, now=later(1))
    assert ball_of(consulting) == ("customer", later(1))


def test_there_and_back_at_one_moment_is_one_turn(engagement, add):
    step = add(due=1, role=EngagementRole.CONTACT)
    settle(engagement, later(1))
    Step.objects.filter(pk=step.pk).update(ball_with="sales")
    settle(engagement, later(1))

    turns = BallPeriod.objects.filter(engagement=engagement)
    assert [turn.party for turn in turns] == ["us", "sales"]


def test_on_hold_the_ball_stays_as_it_was_recorded(engagement, add):
    add(due=1)
    set_status(engagement, Status.ON_HOLD)
    Engagement.objects.filter(pk=engagement.pk).update(ball_with="customer")

    assert not settle(engagement)
    assert ball_of(engagement)[0] == "customer"


def test_taking_the_work_up_again_asks_the_steps_anew(consulting, coordinator):
    contact = ContactFactory(customer=consulting.customer)
    set_status(consulting, Status.ACTIVE)
    first = Step.objects.running().filter(engagement=consulting, due_at__isnull=False)
    first.update(contact=contact)
    settle(consulting)
    held = MoveOptions(ball_with="finance")
    moved = partial(move_status, consulting, by=coordinator, reason="Budget")
    moved(Status.ON_HOLD, options=held, now=later(3))
    assert ball_of(consulting) == ("finance", later(3))

    moved(Status.ACTIVE, now=later(4))
    assert ball_of(consulting) == ("customer", later(4))


# By hand


def test_what_somebody_says_holds_until_the_steps_say_something_new(
    engagement, add, coordinator
):
    step = add(due=1)
    add(due=2)
    settle(engagement)
    pass_ball(engagement, "finance", by=coordinator, reason="Budget", now=later(1))

    assert not settle(engagement, later(2))
    assert Engagement.objects.get(pk=engagement.pk).ball_by_hand
    set_aside_step(step, by=coordinator, reason="Not needed", now=later(3))
    settle(engagement, later(3))
    assert ball_of(engagement) == ("us", later(3))
    assert not Engagement.objects.get(pk=engagement.pk).ball_by_hand


def test_the_steps_can_be_asked_again_by_hand(engagement, add, coordinator):
    add(due=1, role=EngagementRole.CONTACT)
    settle(engagement)
    pass_ball(engagement, "us", by=coordinator, reason="We call", now=later(1))

    pass_ball(engagement, "", by=coordinator, now=later(2))
    assert ball_of(engagement) == ("customer", later(2))
    told = Event.objects.filter(verb="ball-passed").order_by("pk")
    assert [event.changes["ball_with"] for event in told] == [
        ["customer", "us"],
        ["us", "customer"],
    ]


def test_the_page_says_which_step_the_ball_waits_for(client, consulting, coordinator):
    client.force_login(coordinator)

    text = client.get(consulting.get_absolute_url()).content.decode()
    assert "next: <a" in text
    assert str(consulting.ball_step) in text
    pass_ball(consulting, "customer", by=coordinator, reason="Asked", now=later(1))
    text = client.get(consulting.get_absolute_url()).content.decode()
    assert "said by hand" in text


# Many together


def test_the_hourly_look_settles_what_nobody_told_of(engagement, add):
    add(due=1, role=EngagementRole.CONTACT)
    EngagementFactory(kind=Kind.INTERNAL, active=True)

    assert balls_behind() == [engagement.pk]
    assert settle_balls(now=later(1)) == 1
    assert ball_of(engagement) == ("customer", later(1))
    assert balls_behind() == []


def test_looking_costs_two_queries_whatever_the_number(
    engagement, add, django_assert_num_queries
):
    add(due=1, role=EngagementRole.CONTACT)
    for _turn in range(3):
        EngagementFactory(active=True)
    with django_assert_num_queries(2):
        balls_behind()
    for _turn in range(27):
        EngagementFactory(active=True)
    with django_assert_num_queries(2):
        assert len(balls_behind()) == 31


def test_nothing_is_written_where_the_ball_is_as_the_steps_say(
    engagement, add, django_assert_num_queries
):
    add(due=1)
    settle(engagement)

    with django_assert_num_queries(2):
        settle(engagement)
