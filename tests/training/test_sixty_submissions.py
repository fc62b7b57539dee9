"""R-13: sixty submissions of a Friday evening, from the hand-in to the last breach."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from psdelivery.outbox.models import Message
from psdelivery.people.choices import Role
from psdelivery.people.services.settings import change_setting
from psdelivery.playbooks.models import Reminder, Step
from psdelivery.playbooks.services.reminders import scan_reminders
from psdelivery.registry import RuleRefused
from tests.factories.people import TimeOffFactory, UserFactory
from tests.factories.training import (
    certified,
    marking,
    ready_to_release,
    submit,
)
from tests.training.certifying import know_days_of
from training.models import Submission
from training.services.releasing import release_result

pytestmark = pytest.mark.django_db

# Fri 9 Apr 2027, 18:00 in Sydney, where the class was held.
FRIDAY = datetime(2027, 4, 9, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUE = FRIDAY + timedelta(hours=168)
COUNT = 60


@pytest.fixture
def reviewers(place, delivery, trainer, manager):
    """The trainer of the class is away for two weeks; two others are certified."""
    TimeOffFactory(
        person=trainer, starts_on=date(2027, 4, 9), ends_on=date(2027, 4, 25)
    )
    others = [
        UserFactory(roles=[Role.TRAINER], manager=manager, **place) for _ in range(2)
    ]
    for person in [trainer, *others]:
        certified(person, delivery.course)
    know_days_of([trainer, *others])
    return others


def hand_in(delivery):
    ready_to_release(delivery)
    return [
        submit(delivery, at=FRIDAY, now=FRIDAY + number * timedelta(seconds=20))
        for number in range(COUNT)
    ]


def expected_to_be_late(client, person):
    with time_machine.travel(FRIDAY + HOUR, tick=False):
        client.force_login(person)
        answer = client.get(reverse("training:submission-list"), {"state": "risk"})
    assert "more hours in the queue than free" in answer.content.decode()
    return answer.context["page"].paginator.count


def scan_each_hour(start, end):
    while start <= end:
        scan_reminders(now=start)
        start += HOUR


def test_r13_sixty_submissions_are_given_out_reminded_released_and_escalated(
    delivery, reviewers, manager, coordinator, client
):
    # Two hours each: 60 hours for a reviewer, whose days have fewer than 40 left (four
    # of 8 hours, and the two Fridays in part): 19 of 30 can be done.
    change_setting("certification.review_minutes", 120, by=manager, now=FRIDAY)
    submissions = hand_in(delivery)

    given = Counter(Submission.objects.values_list("reviewer", flat=True))
    assert given == {person.pk: COUNT / 2 for person in reviewers}

    assert expected_to_be_late(client, coordinator) == 2 * 11

    late = submissions[-4:]
    in_time = submissions[:-4]
    scan_each_hour(FRIDAY + HOUR, FRIDAY + timedelta(days=4))
    reminded = Counter(Reminder.objects.values_list("rule", flat=True))
    assert reminded["owner-4"] == COUNT

    for number, submission in enumerate(in_time):
        at = FRIDAY + timedelta(days=4, minutes=number)
        reviewer = submission.reviewer
        release_result(submission, marking(submission), by=reviewer, now=at)
        with pytest.raises(RuleRefused):
            release_result(submission, marking(submission, 10), by=reviewer, now=at)
    mails = Message.objects.filter(kind="certification-passed")
    assert Counter(address for one in mails for address in one.to) == Counter(
        one.attendee_email for one in in_time
    )

    scan_each_hour(FRIDAY + timedelta(days=4, hours=1), DUE + timedelta(days=4))
    waiting = Step.objects.open().filter(key="certification-review")
    assert waiting.count() == len(late)
    rules = Reminder.objects.filter(step__in=waiting).values_list("rule", "step")
    told = Counter(rule for rule, _step in rules)
    assert told == dict.fromkeys(
        ["owner-4", "owner-2", "owner-1", "coordinator+0", "manager+1"], len(late)
    )
    assert len(set(rules)) == len(rules)
    escalated = Message.objects.filter(reminders__rule="manager+1")
    assert {address for one in escalated for address in one.to} == {manager.email}
