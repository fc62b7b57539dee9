"""R-8: soft holds end, are warned about once, extended with a reason, made hard."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from engagements.choices import Condition, Status
from engagements.models import TeamMember
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people.choices import Role
from psdelivery.people.services import change_setting
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.reminders import scan_reminders
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import RuleRefused, reactions
from scheduling.choices import AllocationState, Hold, RequestState
from scheduling.events import AllocationChanged
from scheduling.models import Allocation, AllocationDay, CapacityDay, ResourceRequest
from scheduling.rules.booking import soft_hold_ends, soft_hold_extended, warns_until
from scheduling.services.bookings import Change, change, place, release
from scheduling.services.expiry import ended_holds, ending_holds, look_at_holds
from scheduling.services.soft_holds import extend_hold, make_hard
from scheduling.tasks import look
from tests.engagements.ticks import set_status
from tests.factories.engagements import meet, registered
from tests.factories.people import UserFactory
from tests.factories.scheduling import NOW, asked_for, booked, wanted, workdays
from tests.factories.shipped import ship_playbooks
from tests.told import news_told, told_of

pytestmark = pytest.mark.django_db
OPEN = (Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS)


def later(days, hours=0):
    return NOW + timedelta(days=days, hours=hours)


@pytest.fixture
def carla():
    return UserFactory(first_name="Carla", roles=[Role.COORDINATOR])


@pytest.fixture
def paul():
    return UserFactory(first_name="Paul", roles=[Role.PM])


@pytest.fixture
def ann():
    return UserFactory(first_name="Ann", roles=[Role.PSE])


@pytest.fixture
def engagement(paul, carla):
    ship_playbooks()
    return registered(
        team=[("pm", paul), ("pc", carla)],
        opportunity_stage=5,
        forecast_category="commit",
        by=carla,
        now=NOW,
    )


def request_of(paul, engagement, state=RequestState.BOOKED):
    return ResourceRequest.objects.create(
        kind="engagement",
        engagement=engagement,
        role="pse",
        state=state,
        ball_with="nobody",
        ball_since=NOW,
        requested_by=paul,
        created_at=NOW,
    )


@pytest.fixture
def hold(ann, carla, paul, engagement):
    """Ann, softly, for a week: asked for by Paul, placed by Carla."""
    asked = request_of(paul, engagement)
    return place(wanted(ann, engagement, request=asked), by=carla, now=NOW)


def mails(kind="soft-hold"):
    return [(one.to, one.subject) for one in news_told(kind)]


def state_of(hold):
    hold.refresh_from_db()
    return hold.state


@pytest.mark.unit
def test_r8_a_soft_hold_ends_after_14_days_of_24_hours():
    assert soft_hold_ends(NOW, 14) == later(14)
    assert soft_hold_extended(later(14), 14) == later(28)
    assert warns_until(NOW, 3) == later(3)


def test_r8_the_requester_is_warned_three_days_before_once(hold, paul):
    assert look_at_holds(later(10, 23)) == 0
    assert mails() == []

    assert look_at_holds(later(11)) == 1
    assert look_at_holds(later(11)) == 0
    assert look_at_holds(later(13)) == 0
    assert [to for to, _subject in mails()] == [[paul.email]]
    assert Message.objects.get(kind="soft-hold").text.count("Mon 15 Mar 2027") == 2


@pytest.mark.parametrize(("resumed", "told"), [(12, 1), (15, 0)])
def test_r8_nobody_is_warned_while_the_work_is_on_hold(
    hold, paul, engagement, resumed, told
):
    set_status(engagement, Status.ON_HOLD)
    assert look_at_holds(later(11)) == 0
    assert mails() == []
    set_status(engagement, Status.ACTIVE)

    look_at_holds(later(resumed))

    # Warned once it goes on, if the hold still stands; else told that it has ended.
    warnings = told_of("A soft hold ends soon", "soft-hold")
    assert len(warnings) == told
    assert len(mails()) == 1


def test_r8_a_hold_without_an_engagement_is_warned_about_too(ann, carla, engagement):
    asked = asked_for(kind="planning", about="New customer", requested_by=carla)
    days = replace(wanted(ann, engagement), engagement=None, request=asked)
    place(days, by=carla, now=NOW)

    assert look_at_holds(later(11)) == 1


def test_r8_the_warning_is_a_step_of_the_requester_until_the_hold_ends(hold, paul):
    look_at_holds(later(11))

    hold.refresh_from_db()
    step = hold.expiry_step
    assert (step.assignee, step.due_at, step.is_open) == (paul, later(14), True)
    assert step.subject_url == f"/schedule/bookings/{hold.pk}/extend/"
    for days in (11, 12, 13):
        scan_reminders(now=later(days))
    assert not Message.objects.filter(kind="reminder", to=[paul.email]).exists()


def test_r8_the_step_is_not_ticked_by_hand(hold, paul):
    look_at_holds(later(11))
    hold.refresh_from_db()

    with pytest.raises(RuleRefused) as refused:
        complete_step(hold.expiry_step, Completion(), by=paul, now=later(11))
    (reason,) = refused.value.reasons
    assert reason.code == "hold-waits"


def test_r8_after_its_time_the_days_are_free_and_the_requester_is_told_once(hold, paul):
    look_at_holds(later(11))
    step = Allocation.objects.get(pk=hold.pk).expiry_step

    assert look_at_holds(later(14)) == 1
    assert look_at_holds(later(14)) == 0
    assert look_at_holds(later(40)) == 0
    assert state_of(hold) == AllocationState.EXPIRED
    assert not AllocationDay.objects.exists()
    assert not CapacityDay.objects.filter(soft__gt=0).exists()
    assert TeamMember.objects.get(person=hold.person).booking == ""
    told = [subject for to, subject in mails() if to == [paul.email]]
    assert [subject.split(":")[0] for subject in told] == [
        "A soft hold ends soon",
        "The soft hold has ended",
    ]
    step.refresh_from_db()
    assert step.state == StepState.CANCELLED
    event = Event.objects.get(verb="allocation-expired")
    assert (event.actor, event.reason) == (None, "The soft hold has ended.")


def test_r8_the_request_is_under_review_again(hold):
    look_at_holds(later(14))

    asked = hold.request
    asked.refresh_from_db()
    assert asked.state == RequestState.UNDER_REVIEW
    assert asked.ball_with == "coordination"
    assert asked.step.is_open


def test_r8_after_an_outage_there_is_one_notice(hold):
    assert look_at_holds(later(20)) == 1

    assert [subject.split(":")[0] for _to, subject in mails()] == [
        "The soft hold has ended"
    ]
    assert not Step.objects.filter(title__startswith="The soft hold ends").exists()


def test_r8_two_holds_of_one_request_are_told_of_in_one_mail(hold, carla, engagement):
    bob = UserFactory(first_name="Bob", last_name="Second", roles=[Role.PSE])
    place(wanted(bob, engagement, request=hold.request), by=carla, now=NOW)

    assert look_at_holds(later(11)) == 2
    assert look_at_holds(later(14)) == 2
    assert len(mails()) == 2
    assert "Bob Second" in news_told("soft-hold")[-1].text
    assert Event.objects.filter(verb="request-under-review").count() == 1


def test_r8_without_a_request_whoever_placed_it_is_told(ann, carla, engagement):
    place(wanted(ann, engagement), by=carla, now=NOW)

    look_at_holds(later(14))
    assert [to for to, _subject in mails()] == [[carla.email]]


def test_r23_for_a_requester_who_has_left_the_lead_is_told(hold, paul, engagement):
    peter = UserFactory(first_name="Peter", roles=[Role.PM])
    engagement.team.filter(role="pm").update(person=peter)
    paul.is_active = False
    paul.save()

    look_at_holds(later(11))
    assert [to for to, _subject in mails()] == [[peter.email]]
    assert Allocation.objects.get().expiry_step.assignee == peter


def test_r8_the_days_of_the_register_count(ann, carla, engagement):
    change_setting("scheduling.soft_days", 5, by=carla, now=NOW)
    change_setting("scheduling.soft_warning_days", 1, by=carla, now=NOW)
    hold = place(wanted(ann, engagement), by=carla, now=NOW)

    assert hold.expires_at == later(5)
    assert look_at_holds(later(3)) == 0
    assert look_at_holds(later(4)) == 1
    assert look_at_holds(later(5)) == 1


def test_r8_extending_adds_as_many_days_and_is_counted(hold, paul):
    look_at_holds(later(11))
    step = Allocation.objects.get(pk=hold.pk).expiry_step

    extended = extend_hold(hold, "The paper comes", by=paul, now=later(12))
    assert (extended.expires_at, extended.extended) == (later(28), 1)
    event = Event.objects.get(verb="allocation-extended")
    assert (event.reason, event.actor) == ("The paper comes", paul)
    step.refresh_from_db()
    assert (step.state, step.note) == (StepState.DONE, "The paper comes")
    assert look_at_holds(later(14)) == 0
    assert look_at_holds(later(25)) == 1
    assert look_at_holds(later(28)) == 1
    assert len(mails()) == 3


@pytest.mark.parametrize("reason", ["", "  "])
def test_r8_extending_wants_a_reason(hold, paul, reason):
    with pytest.raises(RuleRefused):
        extend_hold(hold, reason, by=paul, now=NOW)

    hold.refresh_from_db()
    assert (hold.expires_at, hold.extended) == (later(14), 0)


def test_r8_what_has_expired_is_not_extended(hold, paul):
    look_at_holds(later(14))

    with pytest.raises(RuleRefused) as refused:
        extend_hold(hold, "Too late", by=paul, now=later(15))
    assert [reason.code for reason in refused.value.reasons] == ["ended"]


def test_r8_a_hard_booking_neither_expires_nor_is_extended(ann, engagement, paul):
    meet(engagement, *OPEN, now=NOW)
    hard = booked(ann, engagement, hold=Hold.HARD)

    assert look_at_holds(later(365)) == 0
    with pytest.raises(RuleRefused) as refused:
        extend_hold(hard, "More", by=paul, now=NOW)
    assert [reason.code for reason in refused.value.reasons] == ["not-soft"]


def test_r8_a_stale_extension_is_refused(hold, ann, engagement, paul, carla):
    fewer = wanted(ann, engagement, days=workdays(count=2))
    change(hold, fewer, Change(reason="Less"), by=carla, now=NOW)

    with pytest.raises(RuleRefused) as refused:
        extend_hold(hold, "More", version=1, by=paul, now=NOW)
    assert [reason.code for reason in refused.value.reasons] == ["stale"]


def test_r2_a_hold_becomes_hard_through_the_gate_only(hold, carla, engagement):
    with pytest.raises(RuleRefused) as refused:
        make_hard(hold, "They signed", by=carla, now=NOW)
    codes = {reason.code for reason in refused.value.reasons}
    assert codes == {"customer_signature", "billing_terms"}

    meet(engagement, *OPEN, now=NOW)
    look_at_holds(later(11))
    hard = make_hard(hold, "They signed", by=carla, now=later(11))
    assert (hard.hold, hard.expires_at, hard.warned_at) == (Hold.HARD, None, None)
    assert CapacityDay.objects.filter(hard=8).count() == 5
    step = Step.objects.get(title__startswith="The soft hold ends")
    assert (step.state, step.note) == (StepState.DONE, "The booking is hard now.")
    assert look_at_holds(later(14)) == 0


def test_r6_a_hold_becomes_hard_where_the_days_are_free(hold, ann, carla, engagement):
    meet(engagement, *OPEN, now=NOW)
    booked(ann, engagement, hold=Hold.HARD, days=workdays(count=1, hours=4))

    with pytest.raises(RuleRefused) as refused:
        make_hard(hold, "They signed", by=carla, now=NOW)
    assert "4 of 8 hours are free" in str(refused.value)
    hold.refresh_from_db()
    assert hold.hold == Hold.SOFT


def test_making_hard_wants_a_reason_and_a_soft_hold(hold, carla, engagement):
    meet(engagement, *OPEN, now=NOW)
    with pytest.raises(RuleRefused):
        make_hard(hold, " ", by=carla, now=NOW)

    make_hard(hold, "They signed", by=carla, now=NOW)
    with pytest.raises(RuleRefused) as refused:
        make_hard(hold, "Again", by=carla, now=NOW)
    assert [reason.code for reason in refused.value.reasons] == ["not-soft"]


def test_releasing_closes_the_step(hold, carla):
    look_at_holds(later(11))
    release(hold, Change(reason="No need"), by=carla, now=later(12))

    step = Step.objects.get(title__startswith="The soft hold ends")
    assert (step.state, step.note) == (StepState.DONE, "No need")


def test_moving_a_hold_leaves_its_step_and_its_end(hold, ann, engagement, carla):
    look_at_holds(later(11))
    fewer = wanted(ann, engagement, days=workdays(count=2), request=hold.request)
    change(hold, fewer, Change(reason="Less"), by=carla, now=later(12))

    hold.refresh_from_db()
    assert hold.expiry_step.is_open
    assert hold.expires_at == later(14)


def test_a_hold_that_cannot_be_treated_stops_no_other(
    hold, carla, engagement, caplog, monkeypatch
):
    monkeypatch.setattr(reactions, "_by_event", dict(reactions._by_event))
    other = place(wanted(UserFactory(), engagement), by=carla, now=NOW)

    def fails(event):
        if event.allocation.pk == hold.pk:
            raise ZeroDivisionError

    reactions.register(AllocationChanged, fails)
    assert look_at_holds(later(14)) == 1
    assert state_of(other) == AllocationState.EXPIRED
    assert state_of(hold) == AllocationState.ACTIVE
    assert f"Soft holds [{hold.pk}] could not be treated." in caplog.text


def test_r8_a_request_that_was_decided_otherwise_stays_so(hold):
    ResourceRequest.objects.update(state=RequestState.REFUSED)

    look_at_holds(later(14))
    hold.request.refresh_from_db()
    assert hold.request.state == RequestState.REFUSED


def test_the_task_looks_by_the_clock_of_the_portal(hold):
    with time_machine.travel(later(14), tick=False):
        look()

    assert state_of(hold) == AllocationState.EXPIRED


def test_r8_the_look_reads_an_index_range(hold, django_assert_max_num_queries):
    for rows, name in (
        (ended_holds(NOW), "allocation_expiring"),
        (ending_holds(NOW), "allocation_to_warn"),
    ):
        assert name in rows.explain()
    # Settings and two ranges; nothing for what is not due.
    with django_assert_max_num_queries(4):
        look_at_holds(NOW)
