"""What ticks and status moves do to classes: R-1 and R-2."""

from datetime import UTC, date, datetime, timedelta

import pytest

from engagements.choices import Condition, Status
from engagements.models import TeamMember
from engagements.registry import guards
from engagements.services.status import move_status
from engagements.services.team import add_member
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step, reopen_step
from psdelivery.registry import RuleRefused
from scheduling.events import StoodIn
from scheduling.models import Allocation
from tests.factories.engagements import open_gate
from tests.factories.people import UserFactory
from tests.factories.training import (
    FIRST_DAY,
    NOW,
    WHY,
    CourseFactory,
    local,
    plan_class,
)
from training.choices import DeliveryState
from training.guards import sessions_are_held
from training.models import Delivery
from training.reactions import follow_stand_in
from training.services.deliveries import cancel_delivery, plan_delivery
from training.services.sessions import remove_session

pytestmark = pytest.mark.django_db

AFTER = datetime(2027, 4, 8, 9, 0, tzinfo=UTC)
NOTE = Completion(note="Confirmed by the main contact.")


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def own_step(delivery, key):
    return Step.objects.get(checklist=delivery.checklist_id, key=key)


def held_steps(delivery):
    lists = [session.checklist_id for session in delivery.sessions.all()]
    return Step.objects.filter(checklist__in=lists, key="held").order_by("due_at")


def hold(delivery, by, now=AFTER):
    for held in held_steps(delivery):
        complete_step(held, Completion(), by=by, now=now)
    delivery.refresh_from_db()


def test_r2_dates_are_not_confirmed_while_the_gate_is_closed(delivery, coordinator):
    dates = own_step(delivery, "times-confirmed")

    with pytest.raises(RuleRefused) as refusal:
        complete_step(dates, NOTE, by=coordinator, now=NOW)

    assert codes(refusal) == [Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS]
    assert all(reason.fix_url for reason in refusal.value.reasons)
    dates.refresh_from_db()
    delivery.refresh_from_db()
    assert (dates.state, delivery.state) == ("open", DeliveryState.PLANNED)


def test_r2_dates_are_confirmed_once_the_gate_is_open(delivery, coordinator):
    open_gate(delivery.engagement, by=coordinator)

    complete_step(own_step(delivery, "times-confirmed"), NOTE, by=coordinator, now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.CONFIRMED


def test_r2_the_step_of_the_engagement_confirms_its_planned_classes(
    delivery, coordinator
):
    engagement = delivery.engagement
    off = plan_class(engagement)
    cancel_delivery(off, by=coordinator, reason="too few", now=NOW)
    step = Step.objects.get(checklist=engagement.checklist_id, key="dates-confirmed")
    Step.objects.filter(pk=step.pk).update(evidence_wanted="note")

    with pytest.raises(RuleRefused):
        complete_step(step, NOTE, by=coordinator, now=NOW)
    open_gate(engagement, by=coordinator)
    complete_step(step, NOTE, by=coordinator, now=NOW)

    delivery.refresh_from_db()
    off.refresh_from_db()
    assert delivery.state == DeliveryState.CONFIRMED
    assert off.state == DeliveryState.CANCELLED


def test_r2_the_step_of_the_engagement_waits_for_the_gate_without_a_class_too(
    engagement, coordinator
):
    step = Step.objects.get(checklist=engagement.checklist_id, key="dates-confirmed")
    Step.objects.filter(pk=step.pk).update(evidence_wanted="note")

    with pytest.raises(RuleRefused) as refusal:
        complete_step(step, NOTE, by=coordinator, now=NOW)

    assert Condition.CUSTOMER_SIGNATURE in codes(refusal)


def test_a_confirmation_taken_back_leaves_the_class_planned(delivery, coordinator):
    open_gate(delivery.engagement, by=coordinator)
    dates = own_step(delivery, "times-confirmed")
    complete_step(dates, NOTE, by=coordinator, now=NOW)

    reopen_step(dates, by=coordinator, now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.PLANNED


def test_a_held_session_is_dated_by_its_own_day(delivery, trainer):
    first = delivery.sessions.first()

    complete_step(held_steps(delivery)[0], Completion(), by=trainer, now=AFTER)

    first.refresh_from_db()
    delivery.refresh_from_db()
    assert first.held_on == date(2027, 4, 6)
    assert delivery.state == DeliveryState.PLANNED


def test_the_last_held_session_makes_the_class_held(delivery, trainer):
    hold(delivery, trainer)

    assert delivery.state == DeliveryState.HELD


def test_a_session_is_not_held_before_it_begins(delivery, trainer):
    with pytest.raises(RuleRefused) as refusal:
        hold(delivery, trainer, now=NOW)

    assert codes(refusal) == ["not-begun"]
    assert delivery.sessions.filter(held_on__isnull=False).count() == 0


def test_a_tick_taken_back_leaves_the_class_confirmed(delivery, trainer):
    hold(delivery, trainer)

    reopen_step(held_steps(delivery)[1], by=trainer, now=AFTER)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.CONFIRMED
    assert delivery.sessions.last().held_on is None


def test_removing_the_session_that_was_left_makes_the_class_held(delivery, trainer):
    complete_step(held_steps(delivery)[0], Completion(), by=trainer, now=AFTER)

    remove_session(delivery.sessions.last(), by=trainer, reason="done", now=AFTER)

    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.HELD


def test_r1_closing_names_each_session_that_is_not_held(delivery, trainer):
    engagement = delivery.engagement
    engagement.status = Status.ACTIVE
    complete_step(held_steps(delivery)[0], Completion(), by=trainer, now=AFTER)

    found = [
        reason
        for reason in guards.reasons(engagement, Status.CLOSED, AFTER)
        if reason.code == "session-not-held"
    ]

    assert [reason.sentence for reason in found] == [
        f"The session of “{delivery.title}” on Wed 7 Apr 2027 is not held."
    ]
    assert found[0].fix_url.startswith(delivery.get_absolute_url())


def test_r1_held_and_called_off_classes_do_not_stand_against_closing(
    delivery, trainer, coordinator
):
    engagement = delivery.engagement
    engagement.status = Status.ACTIVE
    off = plan_class(engagement)
    cancel_delivery(off, by=coordinator, reason="too few", now=NOW)

    hold(delivery, trainer)

    assert sessions_are_held(engagement, AFTER) == []


def test_r1_sessions_are_asked_about_when_leaving_active_only(delivery):
    engagement = delivery.engagement
    engagement.status = Status.ON_HOLD

    assert sessions_are_held(engagement, AFTER) == []


def test_the_guard_stands_before_closed_and_completed(delivery):
    engagement = delivery.engagement
    engagement.status = Status.ACTIVE

    for target in (Status.CLOSED, Status.COMPLETED):
        found = guards.reasons(engagement, target, AFTER)
        assert [r.code for r in found].count("session-not-held") == 2


def test_steps_of_classes_follow_the_team(delivery, coordinator, place):
    other = UserFactory(roles=["coordinator"], **place)
    engagement = delivery.engagement
    TeamMember.objects.filter(engagement=engagement, role="tc").delete()

    member = TeamMember(engagement=engagement, role="tc", person=other)
    add_member(member, by=coordinator, now=NOW)

    link = own_step(delivery, "registration-link")
    report = Step.objects.filter(key="attendee-report").first()
    assert (link.assignee, report.assignee) == (other, other)


def test_reviving_an_engagement_leaves_called_off_classes_alone(delivery, coordinator):
    engagement = delivery.engagement
    off = plan_class(engagement)
    cancel_delivery(off, by=coordinator, reason="too few", now=NOW)
    gone = delivery.sessions.last()
    remove_session(gone, by=coordinator, reason="one is enough", now=NOW)
    later = NOW + timedelta(days=1)

    for target in (Status.CANCELLED, Status.PROSPECT):
        move_status(engagement, target, by=coordinator, reason="changed", now=later)

    def open_on(*checklists):
        return Step.objects.open().filter(checklist__in=checklists).count()

    assert open_on(off.checklist_id, gone.checklist_id) == 0
    assert open_on(delivery.checklist_id) > 10
    assert open_on(delivery.sessions.get().checklist_id) > 0


@pytest.mark.parametrize("key", ["held", "times-confirmed", "certification-review"])
def test_a_step_of_the_same_key_elsewhere_is_a_plain_step(engagement, coordinator, key):
    step = engagement.checklist.steps.filter(blockers=None, sets_anchor="").first()
    Step.objects.filter(pk=step.pk).update(key=key)

    complete_step(step, NOTE, by=coordinator, now=NOW)
    reopen_step(step, by=coordinator, now=NOW)

    step.refresh_from_db()
    assert step.is_open


@pytest.mark.parametrize(
    ("day", "is_handed_over"),
    [(FIRST_DAY, True), (date(2027, 4, 7), True), (date(2027, 4, 8), False)],
)
def test_r22_who_stands_in_on_either_day_of_a_night_takes_the_class(
    engagement, trainer, stranger, coordinator, day, is_handed_over
):
    night = local(FIRST_DAY, "22:00", "02:00").moments
    delivery = Delivery(
        engagement=engagement, course=CourseFactory(), title="Night", trainer=trainer
    )
    plan_delivery(delivery, [night], reason=WHY, by=coordinator, now=NOW)
    taken = StoodIn(
        allocation=Allocation(engagement=engagement),
        person=trainer,
        other=stranger,
        days=(day,),
        by=coordinator,
        now=NOW,
        reason="Ill this morning",
    )

    follow_stand_in(taken)

    delivery.refresh_from_db()
    assert delivery.trainer == (stranger if is_handed_over else trainer)
