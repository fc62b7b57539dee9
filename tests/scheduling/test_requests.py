from datetime import date, timedelta
from decimal import Decimal

import pytest

from engagements.choices import Status
from engagements.events import StatusChanged
from psdelivery.history.queries import events_for_subject
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import RuleRefused, reactions
from scheduling.choices import RequestBall, RequestKind, RequestState
from scheduling.models import ResourceRequest
from scheduling.rules.requests import coordination_time
from scheduling.services.requests import (
    Next,
    Wish,
    answer_inquiry,
    lock_request,
    move_request,
    refuse_request,
    save_request,
    submit_request,
    take_under_review,
    withdraw_request,
)
from tests.factories.engagements import TeamMemberFactory
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, NOW, asked_for, startable
from tests.told import news_told

pytestmark = pytest.mark.django_db

FRIDAY = MONDAY + timedelta(days=4)
WEEK = Wish(ranges=[(MONDAY, FRIDAY)])


@pytest.fixture
def pm():
    return UserFactory(roles=[Role.PM])


@pytest.fixture
def coordinator():
    return UserFactory(roles=[Role.COORDINATOR])


@pytest.fixture
def engagement(pm):
    engagement = startable()
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PM, person=pm)
    return engagement


@pytest.fixture
def draft(engagement, pm):
    asked = ResourceRequest(
        kind=RequestKind.ENGAGEMENT,
        engagement=engagement,
        role=EngagementRole.PSE,
        hours_per_day=Decimal(8),
        requested_by=pm,
    )
    return save_request(asked, WEEK, by=pm, now=NOW)


@pytest.fixture
def sent(draft, pm):
    return submit_request(draft, by=pm, now=NOW)


def refused(call, *args, **kwargs):
    with pytest.raises(RuleRefused) as caught:
        call(*args, **kwargs)
    return [reason.code for reason in caught.value.reasons]


def test_a_draft_waits_with_its_writer_and_gives_nobody_a_step(draft):
    assert (draft.state, draft.ball_with) == (RequestState.DRAFT, RequestBall.REQUESTER)
    assert draft.step is None
    assert draft.ranges.count() == 1


def test_sending_passes_the_ball_and_opens_a_step_for_coordination(sent):
    step = sent.step

    assert sent.ball_with == RequestBall.COORDINATION
    assert step.pool is not None
    assert step.subject_url == sent.get_absolute_url()
    # Monday 1 March, two business days on the calendar of the pool.
    assert step.due_day == date(2027, 3, 3)
    assert sent.answer_due_at == step.due_at


def test_the_engagements_own_coordinator_gets_the_step(engagement, draft, pm):
    own = UserFactory(roles=[Role.COORDINATOR])
    TeamMemberFactory(engagement=engagement, role=EngagementRole.PC, person=own)

    assert submit_request(draft, by=pm, now=NOW).step.assignee == own


def test_who_takes_it_up_has_the_step(sent, coordinator):
    taken = take_under_review(sent, by=coordinator, now=NOW)

    assert taken.state == RequestState.UNDER_REVIEW
    assert taken.coordinator == coordinator
    assert Step.objects.get(pk=sent.step.pk).assignee == coordinator


def test_the_second_coordinator_is_told_who_did_what(sent, coordinator):
    seen = sent.version
    refuse_request(sent, "Nobody is free.", by=coordinator, now=NOW)

    with pytest.raises(RuleRefused) as caught:
        take_under_review(sent, version=seen, by=UserFactory(), now=NOW)

    (reason,) = caught.value.reasons
    assert reason.code == "stale"
    assert str(coordinator) in reason.sentence
    assert "refused" in reason.sentence


def test_a_refusal_needs_a_reason_and_is_told(sent, coordinator, pm):
    assert refused(refuse_request, sent, " ", by=coordinator, now=NOW) == [
        "reason-missing"
    ]

    ended = refuse_request(sent, "Nobody is free.", by=coordinator, now=NOW)

    assert (ended.state, ended.ball_with) == (RequestState.REFUSED, RequestBall.NOBODY)
    assert Step.objects.get(pk=sent.step.pk).state == StepState.DONE
    assert Step.objects.filter(title__startswith="Answer").count() == 1
    (mail,) = news_told("request")
    assert mail.to == [pm.email]
    assert "Nobody is free." in mail.text


def test_what_ended_cannot_move(sent, coordinator):
    refuse_request(sent, "No.", by=coordinator, now=NOW)

    assert refused(withdraw_request, sent, by=coordinator, now=NOW) == ["state"]
    assert refused(take_under_review, sent, by=coordinator, now=NOW) == ["state"]


def test_withdrawing_cancels_the_step(sent, pm):
    ended = withdraw_request(sent, "Not any more.", by=pm, now=NOW)

    assert ended.state == RequestState.WITHDRAWN
    assert Step.objects.get(pk=sent.step.pk).state == StepState.CANCELLED


def test_the_clock_stands_while_the_requester_decides(sent, coordinator):
    tuesday, friday = NOW + timedelta(days=1), NOW + timedelta(days=4)
    take_under_review(sent, by=coordinator, now=NOW)
    stored = lock_request(sent)
    move_request(stored, Next(state=RequestState.OFFERED), by=coordinator, now=tuesday)
    assert stored.step.assignee == stored.requested_by

    back = move_request(
        lock_request(sent),
        Next(state=RequestState.UNDER_REVIEW, note="None fits."),
        by=stored.requested_by,
        now=friday,
    )

    # One of two business days was left: from Friday that is Monday.
    assert back.step.due_day == date(2027, 3, 8)
    assert back.step.assignee == coordinator
    assert back.coordination_hours == Decimal(24)


def test_only_an_inquiry_ends_with_an_answer(sent, coordinator, pm):
    asked = ResourceRequest(
        kind=RequestKind.PLANNING,
        about="Migration for Acme",
        role=EngagementRole.PSE,
        hours_total=Decimal(80),
        requested_by=pm,
    )
    inquiry = submit_request(save_request(asked, WEEK, by=pm, now=NOW), by=pm, now=NOW)

    ended = answer_inquiry(inquiry, "Two people in April.", by=coordinator, now=NOW)

    assert ended.state == RequestState.ANSWERED
    assert ended.reason == "Two people in April."
    assert refused(answer_inquiry, sent, "Yes.", by=coordinator, now=NOW) == [
        "no-inquiry"
    ]


def test_internal_time_mentions_its_coordinator(pm, coordinator):
    asked = asked_for(
        kind=RequestKind.CREDITABLE,
        task="mentoring",
        state=RequestState.DRAFT,
        requested_by=pm,
        coordinator=coordinator,
    )

    sent = submit_request(asked, by=pm, now=NOW)

    assert sent.step.assignee == coordinator
    (mail,) = Message.objects.filter(kind="request")
    assert mail.to == [coordinator.email]
    assert "Mentoring" in mail.subject


def test_a_change_says_what_was_before(sent, pm):
    sent.hours_per_day = Decimal(6)
    later = Wish(ranges=[(MONDAY, FRIDAY + timedelta(days=7))])

    changed = save_request(sent, later, version=sent.version, by=pm, now=NOW)

    assert changed.ranges.get().ends_on == FRIDAY + timedelta(days=7)
    event = events_for_subject(changed).first()
    assert event.verb == "request-changed"
    assert set(event.changes) == {"hours_per_day", "days"}


@pytest.mark.parametrize(
    ("ranges", "code"),
    [
        ([], "ranges-missing"),
        ([(FRIDAY, MONDAY)], "order"),
        ([(MONDAY, FRIDAY), (FRIDAY, FRIDAY)], "overlap"),
        ([(MONDAY, MONDAY + timedelta(days=3650))], "too-long"),
        ([(date(2027, 2, 1), date(2027, 2, 5))], "past"),
        ([(MONDAY + timedelta(days=7 * n),) * 2 for n in range(13)], "ranges-many"),
    ],
)
def test_impossible_days_are_refused_and_nothing_is_written(
    engagement, pm, ranges, code
):
    asked = ResourceRequest(
        kind=RequestKind.ENGAGEMENT, engagement=engagement, requested_by=pm
    )

    assert refused(save_request, asked, Wish(ranges=ranges), by=pm, now=NOW) == [code]
    assert not ResourceRequest.objects.exists()


def test_nobody_who_left_is_asked_for(draft, pm):
    draft.person = UserFactory(is_active=False)

    codes = refused(save_request, draft, WEEK, version=1, by=pm, now=NOW)

    assert codes == ["left"]


def test_nothing_is_asked_for_on_work_that_ended(draft, pm):
    draft.engagement.status = Status.CANCELLED
    draft.engagement.save()

    assert refused(submit_request, draft, by=pm, now=NOW) == ["engagement-ended"]


def test_a_step_of_a_request_is_not_ticked_by_hand(sent, coordinator):
    codes = refused(complete_step, sent.step, Completion(), by=coordinator, now=NOW)

    assert codes == ["request-waits"]
    assert Step.objects.get(pk=sent.step.pk).state == StepState.OPEN


def test_requests_end_with_their_engagement(sent, engagement, coordinator):
    engagement.status = Status.CANCELLED
    event = StatusChanged(
        engagement, Status.PROSPECT, Status.CANCELLED, coordinator, NOW
    )

    reactions.publish(event)

    sent.refresh_from_db()
    assert sent.state == RequestState.WITHDRAWN


def test_coordination_time_adds_up_what_they_have_it_for(sent, coordinator):
    hour = timedelta(hours=1)

    assert coordination_time(sent, NOW + 5 * hour) == 5 * hour
    ended = refuse_request(sent, "No.", by=coordinator, now=NOW + 7 * hour)
    assert coordination_time(ended, NOW + 90 * hour) == 7 * hour
