from datetime import timedelta

import pytest

from psdelivery.comments.models import Comment, Mention
from psdelivery.comments.queries import mentions_of
from psdelivery.comments.services import (
    add_comment,
    delete_comment,
    edit_comment,
    see_mention,
)
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message, Notice
from psdelivery.people.choices import NotificationDelivery
from psdelivery.people.models import NotificationChoice, TimeOff
from psdelivery.people.notifications import MENTION
from psdelivery.people.services import erase_person
from psdelivery.registry import RuleRefused, waiting

pytestmark = pytest.mark.django_db


def on_my_day(person, now):
    titles = [item.title for item in waiting.items_for(person, now)]
    return [title for title in titles if "mentioned you" in title]


def test_who_is_mentioned_is_told_by_mail_and_on_my_day(subject, paul, pia, now):
    comment = add_comment(subject, "@pia.pse, is **it** ready?", by=paul, now=now)

    mail = Message.objects.get()
    assert mail.to == [pia.email]
    assert mail.subject == f"{paul.display_name} mentioned you: Acme · Rollout"
    assert (mail.reason, mail.thread_key) == (
        "mention", f"engagement-{subject.record.pk}",
    )  # fmt: skip
    assert comment.get_absolute_url() in mail.text
    assert on_my_day(pia, now) == [mail.subject]
    assert on_my_day(paul, now) == []


def test_the_history_tells_that_and_not_what(subject, paul, now):
    add_comment(subject, "Between us", by=paul, now=now)

    event = Event.objects.get()
    assert (event.verb, event.engagement_id) == ("comment-added", subject.record.pk)
    assert "Between" not in f"{event.changes}{event.reason}"


def test_nobody_is_told_of_their_own_comment(subject, paul, now):
    add_comment(subject, "Note to @paul", by=paul, now=now)

    assert not Mention.objects.exists()
    assert not Message.objects.exists()


def test_r23_who_is_away_finds_it_on_my_day_and_gets_no_mail(subject, paul, pia, now):
    TimeOff.objects.create(
        person=pia, starts_on=now.date(), ends_on=now.date(), requested_at=now
    )

    add_comment(subject, "@pia.pse?", by=paul, now=now)

    assert not Message.objects.exists()
    assert len(on_my_day(pia, now)) == 1


def test_who_may_not_see_it_is_not_mentioned(subject, paul, stranger, now):
    with pytest.raises(RuleRefused, match="may not see this"):
        add_comment(subject, "@stan, look", by=paul, now=now)

    assert not Comment.objects.exists()


def test_a_mention_waits_until_it_is_seen(subject, paul, pia, now):
    add_comment(subject, "@pia.pse?", by=paul, now=now)

    see_mention(Mention.objects.get(), now=now)

    assert on_my_day(pia, now) == []


def test_who_answers_has_seen_it(subject, paul, pia, now):
    add_comment(subject, "@pia.pse?", by=paul, now=now)

    add_comment(subject, "Yes.", by=pia, now=now)

    assert on_my_day(pia, now) == []


def test_a_changed_comment_tells_whom_it_names_for_the_first_time(
    subject, paul, pia, now
):
    comment = add_comment(subject, "@paul?", by=pia, now=now)
    later = now + timedelta(minutes=15)

    edit_comment(comment, "@paul and @pia.pse", subject.record, by=pia, now=later)
    edited = edit_comment(comment, "@paul!", subject.record, by=pia, now=later)

    assert (edited.text, edited.edited_at) == ("@paul!", later)
    assert Message.objects.count() == 1
    assert Mention.objects.get().person == paul


def test_a_name_taken_out_waits_for_nobody(subject, paul, pia, now):
    comment = add_comment(subject, "@pia.pse?", by=paul, now=now)

    edit_comment(comment, "Never mind", subject.record, by=paul, now=now)

    assert on_my_day(pia, now) == []


def test_after_a_quarter_of_an_hour_nothing_is_changed(subject, paul, now):
    comment = add_comment(subject, "Done", by=paul, now=now)
    later = now + timedelta(minutes=16)

    with pytest.raises(RuleRefused, match="15 minutes"):
        edit_comment(comment, "Not done", subject.record, by=paul, now=later)

    assert Comment.objects.get().text == "Done"


def test_a_deleted_comment_says_who_and_no_longer_what(subject, paul, pia, now):
    comment = add_comment(subject, "@pia.pse?", by=paul, now=now)

    delete_comment(comment, subject.record, by=paul, now=now)

    stored = Comment.objects.get()
    assert (stored.text, stored.deleted_by) == ("", paul)
    assert on_my_day(pia, now) == []
    assert Event.objects.latest("pk").verb == "comment-deleted"


def test_an_erased_person_is_not_named_in_comments_either(subject, paul, pia, now):
    comment = add_comment(subject, "@pia.pse has the keys.", by=paul, now=now)
    pia.is_active = False
    pia.save()

    erase_person(pia, by=None, reason="Asked us to", now=now)

    comment.refresh_from_db()
    assert comment.text == f"@erased-{pia.pk} has the keys."


def test_what_waits_costs_the_same_with_3_and_with_30(
    subject, paul, pia, now, django_assert_num_queries
):
    for number in (3, 15):
        for n in range(number):
            add_comment(subject, f"@pia.pse {n}", by=paul, now=now)
        with django_assert_num_queries(1):
            assert len(mentions_of(pia, now)) >= 3


@pytest.fixture
def once_a_day(pia):
    NotificationChoice.objects.create(
        person=pia, reason=MENTION, delivery=NotificationDelivery.DIGEST
    )
    return pia


def test_who_wants_mentions_once_a_day_finds_them_on_my_day_at_once(
    subject, paul, once_a_day, now
):
    add_comment(subject, "@pia.pse first", by=paul, now=now)
    add_comment(subject, "@pia.pse second", by=paul, now=now)

    mail = Message.objects.get()
    assert mail.next_attempt_at > now + timedelta(hours=12)
    assert Notice.objects.filter(message=mail).count() == 2
    assert len(on_my_day(once_a_day, now)) == 2


@pytest.mark.parametrize("way", ["seen", "answered", "deleted", "taken out"])
def test_a_mention_that_was_seen_or_taken_back_is_not_told_next_morning(
    subject, paul, once_a_day, now, way
):
    comment = add_comment(subject, "@pia.pse, is it ready?", by=paul, now=now)

    if way == "seen":
        see_mention(Mention.objects.get(), now=now)
    elif way == "answered":
        add_comment(subject, "Yes", by=once_a_day, now=now)
    elif way == "deleted":
        delete_comment(comment, subject.record, by=paul, now=now)
    else:
        edit_comment(comment, "Never mind", subject.record, by=paul, now=now)

    assert not Notice.objects.exists()
