"""The turning points of a demo story, from the intake to its ending."""

from datetime import datetime

from django.db.models import Max

from engagements.choices import BallWith, Condition, Status
from engagements.models import BallPeriod, Engagement
from engagements.rules.gate import Evidence
from engagements.services.ball import pass_ball, settle_ball
from engagements.services.gate import record_condition
from engagements.services.status import move_status
from psdelivery.dashboards.demo import names
from psdelivery.dashboards.demo.bookings import book_team
from psdelivery.dashboards.demo.handoffs import hand_over, write_some_of_it
from psdelivery.dashboards.demo.risks import take_risks
from psdelivery.dashboards.demo.rosters import fill_rosters
from psdelivery.dashboards.demo.slots import Mood
from psdelivery.dashboards.demo.story import HOUR, Story
from psdelivery.dashboards.demo.ticking import (
    set_aside_unneeded,
    tick_due_steps,
    tick_step,
)
from psdelivery.dashboards.demo.training import enter_submissions, plan_classes
from psdelivery.documents.services import add_link
from psdelivery.playbooks.models import Step

# Ticked on the day itself, whenever they fall due.
START_STEPS = ("kickoff-held", "first-day", "dates-confirmed")


def tell(story: Story) -> Engagement:
    """Tell a whole story from the intake to its ending."""
    turns = (
        ("prospect", become_prospect),
        ("won", win),
        ("signed", sign),
        ("okay", set_up),
        ("active", start),
    )
    for mark, turn in turns:
        if story.has(mark):
            turn(story)
            settle_ball(story.engagement.pk, now=last_tick(story))
    if story.has("signed") and not story.has("active"):
        write_some_of_it(story)
    leave_the_road(story)
    finish(story)
    if story.slot.ending not in {Status.ON_HOLD, Status.BACKLOG, Status.CANCELLED}:
        live_until_now(story)
    return story.engagement


def move(story: Story, status: Status, at: datetime, reason: str = "") -> None:
    """Move the engagement as its coordinator or lead would."""
    by = story.lead if story.has("active") else story.coordinator
    story.engagement = move_status(
        story.engagement, status, by=by, reason=reason, now=at
    )


def prove(story: Story, condition: Condition, at: datetime) -> None:
    """Put the evidence of a gate condition on file, an hour after it came true."""
    document = add_link(
        f"https://drive.example/papers/{story.engagement.pk}/{condition}",
        title=str(condition.label),
        engagement=story.engagement,
        by=story.coordinator,
        now=at,
    )
    met_on, happened_at = story.day_of(at - HOUR), at - HOUR
    record_condition(
        story.engagement,
        condition,
        Evidence(met_on=met_on, document=document, happened_at=happened_at),
        by=story.coordinator,
        now=at,
    )


def become_prospect(story: Story) -> None:
    """Scope the work and hand it to coordination."""
    at = story.at("prospect")
    tick_due_steps(story.engagement, at)
    set_aside_unneeded(story)
    move(story, Status.PROSPECT, at)


def win(story: Story) -> None:
    """Record closed-won and begin the set-up."""
    prove(story, Condition.CLOSED_WON, story.at("won", 11))
    move(story, Status.IN_SETUP, story.at("won", 12))


def sign(story: Story) -> None:
    """Put the customer's signature on file; the gate opens."""
    for hour, condition in (
        (9, Condition.CUSTOMER_SIGNATURE),
        (10, Condition.AGREEMENT),
        (15, Condition.COUNTERSIGNATURE),
    ):
        prove(story, condition, story.at("signed", hour))


def set_up(story: Story) -> None:
    """Name the delivery team, send the welcome mail, plan the classes."""
    at = story.at("okay", 9)
    tick_due_steps(story.engagement, at)
    book_team(story, at)
    tick_step(story.engagement, "welcome", story.at("okay", 11))
    plan_classes(story)
    move(story, Status.OKAY_TO_START, story.at("okay", 14))


def start(story: Story) -> None:
    """Hold the handoff and the kickoff, and let the work begin."""
    at = story.at("active", 13)
    hand_over(story, at)
    tick_due_steps(story.engagement, at)
    for key in START_STEPS:
        tick_step(story.engagement, key, at)
    move(story, Status.ACTIVE, at + HOUR if at + HOUR < story.now else at)


def last_tick(story: Story) -> datetime:
    """Return when the last step was settled: the ball is with others since then."""
    ended = BallPeriod.objects.filter(engagement=story.engagement)
    begun = ended.aggregate(last=Max("since"))["last"] or story.now
    ticks = Step.objects.filter(engagement=story.engagement, done_at__lte=story.now)
    return max(ticks.aggregate(last=Max("done_at"))["last"] or begun, begun)


def leave_the_road(story: Story) -> None:
    """Set aside, send to the backlog or cancel, where the story ends that way."""
    reasons = {
        Status.ON_HOLD: story.random.choice(names.HOLD_REASONS),
        Status.BACKLOG: names.BACKLOG_REASON,
        Status.CANCELLED: names.CANCEL_REASON,
    }
    if story.slot.ending in reasons:
        at = story.at("left")
        tick_due_steps(story.engagement, at)
        move(story, story.slot.ending, at, reasons[story.slot.ending])


def finish(story: Story) -> None:
    """Close, and complete where the story goes that far."""
    for mark, status in (("closed", Status.CLOSED), ("completed", Status.COMPLETED)):
        if story.has(mark):
            at = story.at(mark)
            tick_due_steps(story.engagement, at, before=status)
            enter_submissions(story, at)
            fill_rosters(story, at)
            move(story, status, at)


def live_until_now(story: Story) -> None:
    """Do what fell due up to now, and forget what the story wants forgotten."""
    engagement = story.engagement
    waits = {Mood.UNSIGNED, Mood.BLOCKED}
    left = {"signed-paper", "dates-confirmed"} if story.slot.mood in waits else set()
    if story.slot.mood == Mood.DISCOVERY:
        left = {"discovery-dated"}
    forgetful = story.slot.mood in {Mood.LATE, Mood.CLASS_NOW}
    tick_due_steps(engagement, story.now, left_open=left, forgetful=forgetful)
    enter_submissions(story, story.now)
    fill_rosters(story, story.now)
    take_risks(story)
    if story.slot.mood == Mood.DISCOVERY:
        tick_step(engagement, "discovery-dated", story.now - HOUR)
    settle_ball(engagement.pk, now=last_tick(story))
    if story.slot.ending == Status.ACTIVE and story.random.random() < 0.2:
        asked = story.timeline.ruler.moment(-story.random.randint(1, 4))
        at = max(asked, last_tick(story))
        reason = names.BALL_REASON
        pass_ball(engagement, BallWith.CUSTOMER, by=story.lead, reason=reason, now=at)
