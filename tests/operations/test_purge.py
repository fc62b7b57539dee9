"""What is old goes at night, in bounded parts; what is open stays."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.operations.purging import Purge, _purges, registered_purges
from psdelivery.operations.services import purges
from psdelivery.operations.services.purges import count_old, purge_old
from psdelivery.operations.tasks import purge as nightly
from psdelivery.outbox.choices import OPEN_STATES, State
from psdelivery.outbox.models import Attachment, Message
from psdelivery.people.choices import Role
from psdelivery.people.models import SettingValue
from tests.factories.outbox import MessageFactory
from tests.factories.people import UserFactory

A_DAY = timedelta(days=1)
KEPT_DAYS = 730

pytestmark = pytest.mark.django_db


def mail(now, *, days, state=State.SENT, **fields):
    at = now - days * A_DAY
    sent = at if state == State.SENT else None
    leased = now + A_DAY if state == State.SENDING else None
    return MessageFactory(
        created_at=at, sent_at=sent, state=state, lease_until=leased, **fields
    )


def has_text(message):
    return bool(Message.objects.get(pk=message.pk).text)


def set_days(days, now):
    SettingValue.objects.create(
        key="outbox.keep_texts_days", value=days, changed_at=now
    )


def counts(now):
    return {old.purge.key: old.count for old in count_old(now)}


def test_texts_of_old_mails_go_and_the_rest_of_them_stays(now):
    old = mail(now, days=KEPT_DAYS + 1, html="<p>x</p>", source={"a": "b"})
    Attachment.objects.create(
        message=old, filename="a.ics", content_type="text/calendar", content=b"x"
    )
    young = mail(now, days=KEPT_DAYS - 1)

    taken = purge_old(now, seconds=60)

    assert taken["mail-texts"] == 1
    assert has_text(young)
    gone = Message.objects.get(pk=old.pk)
    assert (gone.text, gone.html, gone.source) == ("", "", {})
    assert not gone.attachments.exists()
    assert (gone.state, gone.subject, gone.to) == (State.SENT, old.subject, old.to)
    assert gone.sent_at == old.sent_at


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_what_somebody_still_has_to_act_on_is_never_touched(now, state):
    message = mail(now, days=KEPT_DAYS * 3, state=state)

    assert counts(now)["mail-texts"] == 0
    purge_old(now, seconds=60)

    assert has_text(message)


@pytest.mark.parametrize("state", sorted(set(State) - OPEN_STATES))
def test_every_closed_mail_goes_one_day(now, state):
    message = mail(now, days=KEPT_DAYS + 1, state=state)

    purge_old(now, seconds=60)

    assert not has_text(message)


def test_a_mail_that_left_late_counts_from_when_it_left(now):
    message = mail(now, days=KEPT_DAYS + 5)
    Message.objects.filter(pk=message.pk).update(sent_at=now - 5 * A_DAY)

    purge_old(now, seconds=60)

    assert has_text(message)


def test_the_days_are_a_setting_and_0_keeps_for_good(now):
    message = mail(now, days=40)
    set_days(0, now)
    assert "mail-texts" not in purge_old(now, seconds=60)
    assert has_text(message)

    SettingValue.objects.update(value=30)
    purge_old(now, seconds=60)
    assert not has_text(message)


def test_the_history_tells_how_much_was_taken(now):
    for _ in range(3):
        mail(now, days=KEPT_DAYS + 1)

    purge_old(now, seconds=60)
    purge_old(now + A_DAY, seconds=60)

    event = Event.objects.get(verb="data-purged")
    assert event.actor is None
    assert event.changes == {"mail-texts": [None, 3]}
    assert event.at == now


def test_it_works_in_parts_and_each_is_told(now, monkeypatch):
    monkeypatch.setattr(purges, "BATCH", 2)
    messages = [mail(now, days=KEPT_DAYS + n) for n in range(1, 6)]

    assert purge_old(now, seconds=60)["mail-texts"] == 5

    assert not any(map(has_text, messages))
    told = Event.objects.filter(verb="data-purged").order_by("pk")
    assert [event.changes["mail-texts"][1] for event in told] == [2, 2, 1]


def test_what_the_time_does_not_reach_is_there_the_next_night(now):
    message = mail(now, days=KEPT_DAYS + 1)

    assert set(purge_old(now, seconds=-1).values()) == {0}
    assert has_text(message)

    purge_old(now + A_DAY, seconds=60)
    assert not has_text(message)


def test_one_kind_that_fails_does_not_keep_the_others(now, monkeypatch, caplog):
    def fail(before):
        raise RuntimeError("no such table")

    broken = Purge(key="a", title="Broken", find=fail, remove=lambda old: 0)
    monkeypatch.setitem(_purges, "a", broken)
    message = mail(now, days=KEPT_DAYS + 1)

    taken = purge_old(now, seconds=60)

    assert not has_text(message)
    assert "a" not in taken
    assert "Broken could not be purged." in caplog.text


def test_expired_log_ins_go_and_the_history_does_not_tell(now):
    Session.objects.create(session_key="old", expire_date=now - A_DAY)
    Session.objects.create(session_key="new", expire_date=now + A_DAY)

    purge_old(now, seconds=60)

    assert [one.session_key for one in Session.objects.all()] == ["new"]
    assert not Event.objects.filter(verb="data-purged").exists()


def test_a_dry_run_says_how_much_and_takes_nothing(now):
    message = mail(now, days=KEPT_DAYS + 1)
    said = StringIO()

    call_command("purge", "--dry-run", stdout=said)

    assert f"Texts of mails: 1 older than {KEPT_DAYS} days\n" in said.getvalue()
    assert has_text(message)


def test_the_command_takes_and_says_what(now):
    message = mail(now, days=KEPT_DAYS + 1)
    said = StringIO()

    call_command("purge", stdout=said)

    assert "1 taken" in said.getvalue()
    assert not has_text(message)


def test_the_worker_takes_it_at_night(now, settings):
    message = mail(now, days=KEPT_DAYS + 1)

    nightly.apply()

    assert not has_text(message)
    entry = settings.CELERY_BEAT_SCHEDULE["purge"]
    assert (entry["task"], entry["options"]["queue"]) == (nightly.name, "jobs")


def test_the_page_of_an_old_mail_says_where_its_text_went(now, client):
    message = mail(now, days=KEPT_DAYS + 1)
    client.force_login(UserFactory(roles=[Role.COORDINATOR]))
    purge_old(now, seconds=60)

    page = client.get(reverse("outbox:message-detail", args=[message.pk]))

    assert "taken away when it was old" in page.content.decode()


def test_finding_and_taking_cost_the_same_for_many(now, django_assert_max_num_queries):
    found = []
    for many in (3, 30):
        for _ in range(many):
            mail(now, days=KEPT_DAYS + 1)
        with django_assert_max_num_queries(30) as captured:
            purge_old(now, seconds=60)
        found.append(len(captured))

    assert found[0] == found[1]


@pytest.mark.unit
def test_every_purge_can_be_set_or_is_past_at_once():
    assert {one.key for one in registered_purges()} >= {"mail-texts", "sessions"}
