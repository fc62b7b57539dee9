"""Drafts whose facts have changed are found before somebody clicks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Engagement
from psdelivery.history.models import Event
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import MailTemplate, Message
from psdelivery.outbox.rules.drafts import state_of_draft
from psdelivery.outbox.services.drafting import edit_draft, prepare_draft
from psdelivery.outbox.services.staleness import (
    BATCH,
    EVERY,
    claim_drafts,
    find_stale,
    settle,
)
from psdelivery.outbox.tasks import look_at_drafts
from psdelivery.outbox.waiting import mails_to_check
from psdelivery.people.choices import EngagementRole
from tests.factories.engagements import EngagementFactory
from tests.factories.mails import person, sold
from tests.factories.outbox import MessageFactory
from tests.factories.people import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    return sold()


@pytest.fixture
def carla(engagement):
    return person(engagement, EngagementRole.PC)


@pytest.fixture
def draft(engagement, carla, now):
    return prepare_draft("welcome", engagement, by=carla, now=now)


@pytest.fixture
def later(now):
    return now + EVERY + timedelta(seconds=1)


def rename(engagement, title="Roll-out of the whole house"):
    Engagement.objects.filter(pk=engagement.pk).update(title=title)


def state_of(draft):
    return Message.objects.get(pk=draft.pk).state


def queries(now):
    with CaptureQueriesContext(connection) as asked:
        find_stale(now)
    return len(asked)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("now_is", "state"), [("a", State.DRAFT), ("b", State.STALE), (None, State.STALE)]
)
def test_a_draft_is_out_of_date_when_its_facts_differ_or_are_gone(now_is, state):
    assert state_of_draft("a", now_is) == state


def test_a_draft_that_is_true_stays_a_draft(draft, later):
    assert find_stale(later) == 0

    assert state_of(draft) == State.DRAFT
    assert not Event.objects.filter(verb="message-stale").exists()


def test_a_draft_whose_facts_changed_is_out_of_date_and_its_people_see_it(
    draft, engagement, carla, later
):
    rename(engagement)

    assert find_stale(later) == 1

    assert state_of(draft) == State.STALE
    event = Event.objects.get(verb="message-stale")
    assert (event.actor, event.engagement_id) == (None, engagement.pk)
    (item,) = mails_to_check(carla, later)
    assert "Out of date" in item.why


def test_it_is_told_once(draft, engagement, later):
    rename(engagement)

    assert [find_stale(later + n * EVERY * 2) for n in range(3)] == [1, 0, 0]
    assert Event.objects.filter(verb="message-stale").count() == 1


def test_a_draft_whose_facts_are_again_what_they_were_is_a_draft_again(
    draft, engagement, later
):
    rename(engagement)
    find_stale(later)
    rename(engagement, "Rollout")

    assert find_stale(later + EVERY * 2) == 1

    assert state_of(draft) == State.DRAFT
    assert Event.objects.filter(verb="draft-true-again").count() == 1


def test_what_it_is_about_is_gone(draft, later):
    Message.objects.filter(pk=draft.pk).update(source={"pk": "999999"})

    find_stale(later)

    assert state_of(draft) == State.STALE


def test_another_text_of_the_template_counts_too(draft, later):
    current = MailTemplate.objects.current().get(kind="welcome")
    MailTemplate.objects.filter(pk=current.pk).update(is_current=False)
    current.pk, current.version = None, 2
    current.save()

    find_stale(later)

    assert state_of(draft) == State.STALE


def test_whoever_edits_meanwhile_wins(draft, engagement, carla, later):
    rename(engagement)
    (read,) = claim_drafts(later, 10)
    edit_draft(draft, "Mine", "Hello.", by=carla, now=later)

    assert not settle(read, None, None, later)

    assert state_of(draft) == State.DRAFT


@pytest.mark.parametrize("state", [State.READY, State.SENT, State.CANCELLED])
def test_only_drafts_are_looked_at(draft, engagement, later, state):
    Message.objects.filter(pk=draft.pk).update(state=state, sent_at=later)
    rename(engagement)

    assert find_stale(later) == 0
    assert state_of(draft) == state


def test_a_draft_is_not_looked_at_again_at_once(draft, engagement, now):
    rename(engagement)

    assert find_stale(now + EVERY - timedelta(seconds=1)) == 0
    assert state_of(draft) == State.DRAFT


def test_one_whose_facts_cannot_be_read_holds_up_no_other(
    draft, engagement, carla, later, monkeypatch, caplog
):
    broken = prepare_draft("engagement-cancelled", engagement, by=carla, now=later)
    Message.objects.filter(pk=broken.pk).update(compared_at=draft.compared_at)
    rename(engagement)
    MailTemplate.objects.filter(kind=broken.kind).update(is_current=False)

    assert find_stale(later) == 1

    assert (state_of(draft), state_of(broken)) == (State.STALE, State.DRAFT)
    assert "could not be read" in caplog.text


def test_a_look_takes_so_many_and_the_next_one_the_others(
    engagement, carla, draft, now, later
):
    for _n in range(3):
        copy_of(draft)
    rename(engagement)

    assert [find_stale(later, limit=3), find_stale(later, limit=3)] == [3, 1]


def copy_of(draft, **fields):
    """Another draft like it."""
    known = Message.objects.get(pk=draft.pk)
    return MessageFactory(
        customer=True,
        **{
            "kind": known.kind,
            "state": known.state,
            "to": known.to,
            "source": known.source,
            "fingerprint": known.fingerprint,
            "template": known.template,
            "compared_at": known.compared_at,
            "engagement": known.engagement,
        }
        | fields,
    )


def test_its_queries_grow_neither_with_the_mail_nor_with_drafts_that_stay_true(
    draft, later, now
):
    few = queries(later)
    for number in range(30):
        MessageFactory(customer=True, sent=True, compared_at=now)
        MessageFactory(text=f"Staff {number}")
    again = later + EVERY * 2
    much_mail = queries(again)
    for _number in range(29):
        copy_of(draft, compared_at=again)

    assert much_mail == few
    assert queries(again + EVERY * 2) == few <= 8
    assert BATCH >= 30


def test_with_nothing_to_compare_it_asks_once(now):
    assert queries(now) == 1


def test_it_reads_its_own_index(draft, later):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # A table of one row would be read as a whole.
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Message.objects.to_compare(later).explain()

    assert "outbox_message_compared" in plan


def test_other_engagements_are_told_apart(draft, carla, later, now):
    other = EngagementFactory(title="Other", customer=CustomerFactory(name="Bolt"))
    elsewhere = prepare_draft("welcome", other, by=carla, now=now)
    rename(other)

    find_stale(later)

    assert (state_of(draft), state_of(elsewhere)) == (State.DRAFT, State.STALE)


def test_the_task_looks_by_itself(draft, engagement, later, settings, time_machine):
    rename(engagement)
    time_machine.move_to(later, tick=False)

    look_at_drafts()

    assert state_of(draft) == State.STALE


def test_the_outbox_lists_it_as_out_of_date(draft, engagement, carla, later, client):
    rename(engagement)
    find_stale(later)
    client.force_login(carla)

    listed = client.get(reverse("outbox:message-list"), {"state": "stale"})

    assert draft.subject in listed.content.decode()
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "Make it again" in page
    assert "Send it now" not in page


def test_one_that_is_marked_and_true_again_is_not_offered_to_be_sent_unread(
    draft, carla, client
):
    Message.objects.filter(pk=draft.pk).update(state=State.STALE)
    client.force_login(carla)

    page = client.get(draft.get_absolute_url()).content.decode()

    assert "Make it again" in page
    assert "Send it now" not in page
