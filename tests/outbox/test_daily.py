"""News that somebody wants once a day wait for the mail of the morning."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.daily import (
    KIND,
    coming_morning,
    digest_key,
    forget_notices,
    words_of,
)
from psdelivery.outbox.drafts import AttachmentDraft, MessageDraft
from psdelivery.outbox.models import Message, Notice
from psdelivery.outbox.purge import remove_texts
from psdelivery.outbox.services import queue_many, send_due
from psdelivery.outbox.services.decisions import cancel_message
from psdelivery.people.choices import NotificationDelivery
from psdelivery.people.models import NotificationChoice
from psdelivery.people.notifications import CHANGE, HANDOFF, MENTION
from psdelivery.people.services import erase_person
from tests.factories.engagements import EngagementFactory
from tests.factories.people import TimeOffFactory, UserFactory

pytestmark = pytest.mark.django_db


def berlin(day, hour, minute=0):
    return datetime(2027, 3, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


# A Thursday and the Friday behind it.
NOW, MORNING = berlin(4, 15), berlin(5, 8)


@pytest.fixture
def ann():
    return UserFactory(email="ann@example.com", country="DE", first_name="Ann")


@pytest.fixture
def daily(ann):
    choose(ann, MENTION)
    return ann


def choose(person, reason, delivery=NotificationDelivery.DIGEST):
    NotificationChoice.objects.create(person=person, reason=reason, delivery=delivery)


def news(person, number=1, **fields):
    given = {
        "kind": "mention",
        "audience": Audience.STAFF,
        "to": [person.email],
        "subject": f"News {number}",
        "text": f"Text {number}",
        "html": f"<p>Text {number}</p>",
        "idempotency_key": f"mention:{number}:{person.pk}",
        "reason": MENTION,
    }
    return MessageDraft(**given | fields)


def leave(now):
    with time_machine.travel(now, tick=False):
        send_due(now, limit=50)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (berlin(4, 15), berlin(5, 8)),
        (berlin(4, 7), berlin(4, 8)),
        (berlin(4, 8), berlin(5, 8)),
        (berlin(5, 9), berlin(8, 8)),
        (berlin(6, 7), berlin(8, 8)),
    ],
)
def test_the_coming_morning_is_a_working_one_and_still_to_come(ann, now, morning):
    assert coming_morning(ann, 8, now) == morning


def test_news_of_a_day_leave_in_one_mail_in_the_morning(daily, smtp):
    stored = queue_many([news(daily, 1), news(daily, 2)], NOW)
    queue_many([news(daily, 3)], NOW + timedelta(hours=1))
    mail = Message.objects.get()

    leave(NOW + timedelta(hours=2))
    assert smtp.received == []
    leave(MORNING + timedelta(minutes=2))

    assert stored == [mail, mail]
    assert (mail.kind, mail.idempotency_key) == (KIND, digest_key(daily.pk, MORNING))
    (one,) = smtp.received
    assert one.mail["Subject"] == "3 messages for you, the first: News 1"
    assert (
        one.text.index("Text 1") < one.text.index("Text 2") < one.text.index("Text 3")
    )
    assert "<p>Text 3</p>" in one.html


def test_a_single_one_reads_as_it_would_alone(daily, smtp):
    queue_many([news(daily)], NOW)
    leave(MORNING + timedelta(minutes=2))

    (one,) = smtp.received
    assert one.mail["Subject"] == "News 1"
    assert one.text.startswith("Text 1")


@pytest.mark.parametrize("reason", [MENTION, HANDOFF])
def test_at_once_where_nobody_chose_otherwise(ann, reason):
    (mail,) = queue_many([news(ann, reason=reason)], NOW)

    assert (mail.subject, mail.next_attempt_at) == ("News 1", NOW)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "kind"),
    [
        (None, KIND),
        (NotificationDelivery.DIGEST, KIND),
        (NotificationDelivery.IMMEDIATE, "mention"),
    ],
)
def test_a_change_of_something_of_mine_leaves_as_was_chosen(ann, chosen, kind):
    if chosen:
        choose(ann, CHANGE, chosen)

    queue_many([news(ann, reason=CHANGE)], NOW)

    assert Message.objects.get().kind == kind


@pytest.mark.parametrize(
    ("needed_by", "kind"), [(MORNING - timedelta(hours=1), "mention"), (MORNING, KIND)]
)
def test_news_that_the_morning_brings_too_late_leave_at_once(daily, needed_by, kind):
    queue_many([news(daily, needed_by=needed_by)], NOW)

    assert Message.objects.get().kind == kind


def test_each_reason_is_chosen_for_itself(ann):
    choose(ann, HANDOFF)

    queue_many([news(ann, 1), news(ann, 2, reason=HANDOFF)], NOW)

    kinds = Message.objects.values_list("kind", "reason").order_by("kind")
    assert list(kinds) == [("daily", HANDOFF), ("mention", MENTION)]


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": ""},
        {"cc": ["bob@example.com"]},
        {"to": ["ann@example.com", "bob@example.com"]},
        {"secret": True},
        {"attachments": [AttachmentDraft("a.ics", "text/calendar", b"x")]},
        {"not_before": MORNING},
        {"text": ""},
    ],
)
def test_what_is_more_than_news_to_one_person_leaves_on_its_own(daily, fields):
    queue_many([news(daily, **fields)], NOW)

    assert not Notice.objects.exists()
    assert Message.objects.get().kind == "mention"


def test_the_same_news_are_told_once(daily, smtp):
    for hours in range(3):
        queue_many([news(daily)], NOW + timedelta(hours=hours))
    leave(MORNING + timedelta(minutes=2))
    queue_many([news(daily)], MORNING + timedelta(hours=1))
    leave(berlin(8, 8, 2))

    assert len(smtp.received) == 1
    assert set(Message.objects.values_list("state", flat=True)) == {
        State.SENT, State.CANCELLED,
    }  # fmt: skip


def test_what_left_on_its_own_is_not_told_again(ann, daily):
    NotificationChoice.objects.all().delete()
    queue_many([news(ann)], NOW)
    choose(ann, MENTION)

    (again,) = queue_many([news(ann)], NOW)

    assert again.kind == "mention"
    assert not Notice.objects.exists()


def test_r23_who_is_away_that_morning_hears_at_once(daily):
    TimeOffFactory(person=daily, starts_on=MORNING.date(), ends_on=MORNING.date())

    (mail,) = queue_many([news(daily)], NOW)

    assert (mail.kind, mail.next_attempt_at) == ("mention", NOW)


def test_a_mail_of_the_morning_that_was_cancelled_takes_nothing_along(daily):
    queue_many([news(daily, 1)], NOW)
    cancel_message(Message.objects.get(), by=daily, now=NOW)

    (mail,) = queue_many([news(daily, 2)], NOW)

    assert mail.kind == "mention"


def test_news_that_are_taken_back_are_not_told(daily, smtp):
    queue_many([news(daily, 1), news(daily, 2)], NOW)

    forget_notices([f"mention:1:{daily.pk}"])
    leave(MORNING + timedelta(minutes=2))

    (one,) = smtp.received
    assert one.mail["Subject"] == "News 2"


def test_with_nothing_left_to_tell_no_mail_leaves(daily, smtp):
    queue_many([news(daily)], NOW)
    forget_notices([f"mention:1:{daily.pk}"])

    leave(MORNING + timedelta(minutes=2))

    assert smtp.received == []
    assert Message.objects.get().state == State.CANCELLED


def test_a_mail_about_several_engagements_belongs_to_none(daily):
    first, other = EngagementFactory(), EngagementFactory()
    queue_many([news(daily, 1, engagement=first)], NOW)
    assert Message.objects.get().engagement_id == first.pk

    queue_many([news(daily, 2, engagement=other)], NOW)

    assert Message.objects.get().engagement is None


def test_each_person_has_a_mail_of_their_own(daily):
    bob = UserFactory(email="bob@example.com", country="DE")
    choose(bob, MENTION)

    queue_many([news(daily, 1), news(bob, 2)], NOW)

    assert {mail.to[0] for mail in Message.objects.all()} == {
        "ann@example.com", "bob@example.com",
    }  # fmt: skip
    assert set(Message.objects.addressed_to("bob@example.com")) == {
        Message.objects.get(to=["bob@example.com"])
    }


def test_old_texts_take_the_notices_along(daily):
    queue_many([news(daily)], NOW)
    Message.objects.update(state=State.CANCELLED)

    remove_texts(Message.objects.all())

    assert not Notice.objects.exists()


def test_who_is_erased_leaves_no_notice(daily):
    queue_many([news(daily)], NOW)
    daily.is_active = False
    daily.save()

    erase_person(daily, by=None, reason="Asked us to", now=NOW)

    assert not Notice.objects.exists()


def test_queries_do_not_grow_with_the_readers(django_assert_num_queries):
    def readers(number):
        people = UserFactory.create_batch(number, country="DE")
        for one in people:
            choose(one, MENTION)
        return [news(one, one.pk) for one in people]

    few, many = readers(3), readers(30)
    with CaptureQueriesContext(connection) as asked:
        queue_many(few, NOW)
    with django_assert_num_queries(len(asked)):
        queue_many(many, NOW)


@pytest.mark.unit
def test_a_line_says_how_many():
    one, other = Notice(subject="First"), Notice(subject="Second")

    assert words_of([one]) == "First"
    assert words_of([one, other]) == "2 messages for you, the first: First"
