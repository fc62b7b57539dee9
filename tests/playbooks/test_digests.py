# ruff: noqa: F811
"""Reminders told together: one mail a person and morning (R-21)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.models import Message
from psdelivery.outbox.services import queue_many, send_due
from psdelivery.people.choices import EngagementRole, NotificationDelivery
from psdelivery.people.models import NotificationChoice
from psdelivery.people.notifications import MENTION, STEP_DUE, STEP_LATE
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.reminders import scan_reminders
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.engagements import EngagementFactory
from tests.factories.people import TimeOffFactory, UserFactory
from tests.factories.playbooks import (
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)
from tests.outbox.conftest import sink, smtp  # noqa: F401

pytestmark = pytest.mark.django_db
# A Monday. Steps due three days after the kickoff are due on Thursday.
KICKOFF = date(2027, 3, 8)


def berlin(day, hour, minute=0):
    return datetime(2027, 3, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


TWO_DAYS_BEFORE, DUE_DAY = berlin(9, 8), berlin(11, 8)


@pytest.fixture
def owner():
    return UserFactory(email="owner@example.com", country="DE")


@pytest.fixture
def coordinator():
    return UserFactory(email="coordinator@example.com", country="DE")


@pytest.fixture
def steps_of(owner, coordinator):
    """Start a checklist of so many steps of the owner, due on the same day."""

    def make(number, *, days=(2, 0), **draft):
        playbook = PlaybookFactory()
        reminders = {"owner": list(days), "coordinator": [1], "manager": []}
        for _ in range(number):
            PlaybookStepFactory(
                playbook=playbook,
                owner_role=EngagementRole.PM,
                reminder_days=reminders,
            )
        people = owners(pm=owner, coordinator=coordinator)
        checklist = start(
            playbook, people=people, anchors={"kickoff": KICKOFF}, **draft
        )
        return list(checklist.steps.all())

    return make


def choose(person, delivery, reason=STEP_DUE):
    NotificationChoice.objects.create(person=person, reason=reason, delivery=delivery)


def leave(now):
    with time_machine.travel(now, tick=False):
        send_due(now, limit=50)


def subjects(smtp):
    return [str(one.mail["Subject"]) for one in smtp.received]


def test_r21_reminders_of_a_morning_leave_in_one_mail(steps_of, smtp):
    steps = steps_of(3)

    assert scan_reminders(now=TWO_DAYS_BEFORE) == 3
    leave(TWO_DAYS_BEFORE)

    assert subjects(smtp) == [f"3 steps wait for you, the first: {steps[0].title}"]
    for step in steps:
        assert step.title in smtp.received[0].text
        assert step.get_absolute_url() in smtp.received[0].html
    assert Reminder.objects.values("message").distinct().count() == 1


def test_r21_one_alone_reads_like_that_reminder(steps_of, smtp):
    engagement = EngagementFactory()
    steps_of(1, engagement_id=engagement.pk)

    scan_reminders(now=TWO_DAYS_BEFORE)
    leave(TWO_DAYS_BEFORE)

    step = Step.objects.get()
    assert subjects(smtp) == [f"Due: {step.title} ({engagement.customer})"]
    assert "Why this date:" in smtp.received[0].text
    assert Message.objects.get().engagement_id == engagement.pk


def test_r21_whoever_wants_them_at_once_gets_each_alone(
    steps_of,
    owner,
    smtp,
):
    choose(owner, NotificationDelivery.IMMEDIATE)
    steps_of(3)

    scan_reminders(now=TWO_DAYS_BEFORE)
    leave(TWO_DAYS_BEFORE)

    assert len(smtp.received) == 3


def test_r21_scanning_again_decides_nothing_twice(steps_of):
    steps_of(3)

    decided = [
        scan_reminders(now=TWO_DAYS_BEFORE + timedelta(minutes=n)) for n in range(3)
    ]

    assert decided == [3, 0, 0]
    assert Message.objects.count() == 1


def test_r21_what_is_decided_before_it_leaves_goes_along(steps_of, smtp):
    steps_of(2)
    scan_reminders(now=TWO_DAYS_BEFORE)
    steps_of(1, days=[2], now=TWO_DAYS_BEFORE)
    scan_reminders(now=TWO_DAYS_BEFORE + timedelta(minutes=1))

    leave(TWO_DAYS_BEFORE + timedelta(minutes=1))

    assert subjects(smtp)[0].startswith("3 steps wait")


@pytest.mark.parametrize("state", ["sent", "claimed"])
def test_r21_what_is_decided_after_it_left_waits_for_the_next_morning(
    steps_of,
    smtp,
    state,
):
    steps_of(1)
    scan_reminders(now=TWO_DAYS_BEFORE)
    if state == "sent":
        leave(TWO_DAYS_BEFORE)
    else:
        lease = TWO_DAYS_BEFORE + timedelta(hours=5)
        Message.objects.update(lease_until=lease, lease_token="x")
    noon = berlin(9, 12)
    steps_of(2, days=[2], now=noon)
    assert scan_reminders(now=noon) == 2

    leave(noon)
    assert len(smtp.received) == (state == "sent")
    leave(berlin(10, 8, 2))

    assert any(one.startswith("2 steps wait") for one in subjects(smtp))


def test_r21_on_the_due_day_itself_it_leaves_at_once(steps_of, smtp):
    steps_of(1)
    scan_reminders(now=DUE_DAY)
    leave(DUE_DAY)
    noon = berlin(11, 12)
    late = steps_of(1, now=noon)[0]

    scan_reminders(now=noon)
    leave(noon)

    assert subjects(smtp)[-1] == f"Due: {late.title}"


def test_r23_nothing_waits_for_somebody_who_is_away_then(
    steps_of,
    owner,
    smtp,
):
    steps_of(1)
    scan_reminders(now=TWO_DAYS_BEFORE)
    leave(TWO_DAYS_BEFORE)
    TimeOffFactory(person=owner, starts_on=date(2027, 3, 10), ends_on=date(2027, 3, 12))
    noon = berlin(9, 12)
    steps_of(1, days=[2], now=noon)

    scan_reminders(now=noon)
    leave(noon)

    assert len(smtp.received) == 2


def test_r21_what_was_ticked_or_moved_meanwhile_is_left_out(
    steps_of,
    owner,
    smtp,
):
    ticked, moved, stays = [steps_of(1)[0] for _ in range(3)]
    scan_reminders(now=TWO_DAYS_BEFORE)
    complete_step(ticked, Completion(), by=owner, now=TWO_DAYS_BEFORE)
    set_anchor(
        moved.checklist, "kickoff", date(2027, 4, 8), by=owner, now=TWO_DAYS_BEFORE
    )

    leave(TWO_DAYS_BEFORE)

    assert subjects(smtp) == [f"Due: {stays.title}"]


def test_r21_a_mail_of_nothing_is_not_sent(steps_of, owner, smtp):
    for step in steps_of(2):
        scan_reminders(now=TWO_DAYS_BEFORE)
        complete_step(step, Completion(), by=owner, now=TWO_DAYS_BEFORE)

    leave(TWO_DAYS_BEFORE)

    assert smtp.received == []
    assert Message.objects.get().state == State.CANCELLED


def test_r21_escalations_leave_at_once_unless_somebody_chose_otherwise(
    steps_of, coordinator
):
    steps_of(2)
    for moment in (TWO_DAYS_BEFORE, DUE_DAY):
        scan_reminders(now=moment)
    scan_reminders(now=berlin(12, 8))
    escalations = Message.objects.filter(reason=STEP_LATE)
    assert [one.cc for one in escalations] == [["owner@example.com"]] * 2

    choose(coordinator, NotificationDelivery.DIGEST, STEP_LATE)
    steps_of(2)
    scan_reminders(now=berlin(12, 9))

    assert Message.objects.filter(to=["coordinator@example.com"]).count() == 3


def test_mails_of_several_engagements_belong_to_none_of_them(steps_of):
    for _ in range(2):
        steps_of(1, engagement_id=EngagementFactory().pk)

    scan_reminders(now=TWO_DAYS_BEFORE)

    message = Message.objects.get()
    assert message.engagement is None
    assert "once a day together" in message.why
    assert message.thread_key.startswith("digest-")


@pytest.mark.parametrize("number", [3, 30])
def test_the_scan_costs_the_same_queries_for_three_and_for_thirty(
    steps_of, number, django_assert_num_queries
):
    steps_of(number)

    with django_assert_num_queries(32):
        scan_reminders(now=TWO_DAYS_BEFORE)


def news(person):
    draft = MessageDraft(
        kind="mention",
        audience=Audience.STAFF,
        to=[person.email],
        subject="Ann mentioned you",
        text="Is it ready?",
        html="<p>Is it ready?</p>",
        idempotency_key=f"mention:1:{person.pk}",
        reason=MENTION,
    )
    choose(person, NotificationDelivery.DIGEST, MENTION)
    return draft


def test_reminders_and_news_of_a_morning_leave_in_one_mail(steps_of, owner, smtp):
    steps = steps_of(2)
    queue_many([news(owner)], TWO_DAYS_BEFORE - timedelta(hours=17))

    scan_reminders(now=TWO_DAYS_BEFORE)
    leave(TWO_DAYS_BEFORE + timedelta(minutes=2))

    (one,) = smtp.received
    assert str(one.mail["Subject"]).strip() == (
        f"2 steps wait for you, the first: {steps[0].title} · Ann mentioned you"
    )
    for words in (steps[0].title, steps[1].title, "Is it ready?"):
        assert words in one.text
        assert words in one.html


def test_news_join_the_mail_that_reminders_have_opened(steps_of, owner, smtp):
    steps_of(1)
    scan_reminders(now=TWO_DAYS_BEFORE)
    leave(TWO_DAYS_BEFORE)
    steps_of(1, days=(2, 1))
    late_in_the_day = TWO_DAYS_BEFORE + timedelta(hours=6)
    scan_reminders(now=late_in_the_day)

    queue_many([news(owner)], late_in_the_day)

    leave(berlin(10, 8, 2))
    assert subjects(smtp)[-1].endswith(" · Ann mentioned you")
    assert len(smtp.received) == 2


def test_a_reminder_that_is_no_longer_wanted_leaves_the_news(steps_of, owner, smtp):
    (step,) = steps_of(1)
    queue_many([news(owner)], TWO_DAYS_BEFORE - timedelta(hours=17))
    scan_reminders(now=TWO_DAYS_BEFORE)
    complete_step(step, Completion(), by=owner, now=TWO_DAYS_BEFORE)

    leave(TWO_DAYS_BEFORE + timedelta(minutes=2))

    assert subjects(smtp) == ["Ann mentioned you"]
