from datetime import timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.models import MailTemplate, Message
from psdelivery.outbox.rules.drafts import sight_of
from psdelivery.outbox.services import send_due
from psdelivery.outbox.services.addresses import mark_address_bad
from psdelivery.outbox.services.decisions import cancel_message
from psdelivery.outbox.services.drafting import (
    edit_draft,
    prepare_draft,
    remake_draft,
    send_draft,
)
from psdelivery.people.choices import EngagementRole
from psdelivery.registry import RuleRefused
from tests.factories.mails import person, sold, step_of
from tests.factories.people import ContactFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(db):
    return sold()


@pytest.fixture
def carla(engagement):
    return person(engagement, EngagementRole.PC)


@pytest.fixture
def welcome(engagement):
    return step_of(engagement, "welcome")


@pytest.fixture
def prepare(engagement, carla, welcome, now):
    def call(**more):
        return prepare_draft(
            "welcome", engagement, **{"step": welcome, "by": carla, "now": now} | more
        )

    return call


@pytest.fixture
def send(carla, now):
    def call(draft, **more):
        seen = {"seen": sight_of(draft.subject, draft.text)}
        return send_draft(draft, **{"by": carla, "now": now} | seen | more)

    return call


def refused(call, *args, **kwargs):
    with pytest.raises(RuleRefused) as refusal:
        call(*args, **kwargs)
    return [reason.code for reason in refusal.value.reasons]


def drop_contact(engagement):
    engagement.main_contact = None
    engagement.save()


def test_r4_the_welcome_is_drafted_with_its_readers_and_its_thread(prepare, engagement):
    draft = prepare()

    assert (draft.state, draft.audience) == (State.DRAFT, Audience.CUSTOMER)
    assert draft.to == ["cora@acme.example"]
    assert draft.cc == ["sally@ps.example", "chris@ps.example", "petra@ps.example"]
    assert draft.reply_to == "carla@ps.example"
    assert draft.thread_key == f"engagement-{engagement.pk}-customer"
    assert "Hello Cora Client," in draft.text
    assert "<strong>What happens next</strong>" in draft.html
    assert draft.recipient_rows.count() == 4


def test_a_draft_does_not_leave_by_itself(prepare, now, smtp):
    prepare()

    send_due(now + timedelta(days=1), limit=10)

    assert smtp.received == []


def test_two_clicks_make_one_draft(prepare):
    assert prepare() == prepare()
    assert Message.objects.filter(kind="welcome").count() == 1


def test_a_sent_draft_leaves_once_and_says_who_let_it(prepare, send, carla, now, smtp):
    message = send(prepare())

    send_due(now, limit=10)

    assert (message.approved_by, message.approved_at) == (carla, now)
    received = smtp.received[0].mail
    assert received["To"] == "cora@acme.example"
    assert received["Reply-To"] == "carla@ps.example"
    assert "petra@ps.example" in received["Cc"]
    assert len(smtp.received) == 1
    event = Event.objects.get(verb="message-queued")
    assert (event.actor, event.engagement_id) == (carla, message.engagement_id)


def test_r15_a_draft_with_a_hole_names_it_and_does_not_leave(prepare, send, engagement):
    drop_contact(engagement)
    draft = prepare()

    assert "{{ contact_name }}" in draft.text
    assert refused(send, draft) == ["no-contact"]
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_r15_once_mended_the_draft_is_made_again_and_leaves(
    prepare, send, engagement, carla, now
):
    contact = engagement.main_contact
    drop_contact(engagement)
    draft = prepare()
    engagement.main_contact = contact
    engagement.save()

    assert prepare() == draft
    draft.refresh_from_db()

    assert send(draft).state == State.READY
    assert "Hello Cora Client" in draft.text


def test_r15_a_value_typed_by_hand_fills_the_hole(
    prepare, send, engagement, carla, now
):
    template = MailTemplate.objects.get(kind="welcome")
    template.body = "Hello, {{ ps_lead_name }} reads along."
    template.save()
    engagement.practice.manager.is_active = True
    draft = prepare()
    draft = edit_draft(draft, "Welcome", "Hello {{ who }}", by=carla, now=now)

    assert refused(send, draft) == ["missing-who"]
    draft = edit_draft(draft, "Welcome", "Hello Ann", by=carla, now=now)

    assert send(draft).state == State.READY


@pytest.mark.parametrize(
    "change",
    [
        lambda engagement: setattr(engagement, "title", "Other"),
        lambda engagement: setattr(
            engagement,
            "main_contact",
            ContactFactory(customer=engagement.customer, email="new@acme.example"),
        ),
    ],
)
def test_what_changed_after_the_draft_makes_it_out_of_date(
    prepare, send, engagement, change
):
    draft = prepare()
    change(engagement)
    engagement.save()

    assert refused(send, draft) == ["stale"]
    draft.refresh_from_db()
    assert draft.state == State.STALE
    assert Event.objects.filter(verb="message-stale").count() == 1


def test_a_fact_that_the_text_does_not_use_changes_nothing(prepare, send, engagement):
    draft = prepare()
    engagement.customer.name = "Renamed"
    engagement.customer.save()

    assert send(draft).state == State.READY


def test_a_changed_template_makes_drafts_out_of_date(prepare, send):
    draft = prepare()
    template = MailTemplate.objects.current().get(kind="welcome")
    MailTemplate.objects.filter(pk=template.pk).update(is_current=False)
    MailTemplate.objects.create(
        kind="welcome", version=2, subject="Hello", body=template.body
    )

    assert refused(send, draft) == ["stale"]


def test_a_draft_made_again_says_what_is_true_now(
    prepare, send, engagement, carla, now
):
    draft = prepare()
    engagement.title = "Other"
    engagement.save()
    refused(send, draft)

    draft = remake_draft(draft, by=carla, now=now)

    assert draft.subject.endswith("Other")
    assert send(draft).state == State.READY


def test_facts_that_change_between_click_and_sending_keep_it_in(
    prepare, send, engagement, now, smtp
):
    message = send(prepare())
    engagement.title = "Other"
    engagement.save()

    send_due(now, limit=10)

    message.refresh_from_db()
    assert message.state == State.STALE
    assert smtp.received == []
    assert Event.objects.filter(verb="message-stale").exists()


def test_what_it_is_about_being_gone_keeps_it_in(prepare, send, now, smtp):
    message = send(prepare())
    Message.objects.filter(pk=message.pk).update(source={"pk": "999999"})

    send_due(now, limit=10)

    message.refresh_from_db()
    assert message.state == State.STALE


def test_nobody_sends_a_text_that_they_have_not_read(prepare, send, carla, now):
    draft = prepare()
    seen = sight_of(draft.subject, draft.text)
    draft = edit_draft(draft, "Welcome", "Changed", by=carla, now=now)

    assert refused(send, draft, seen=seen) == ["unseen"]
    assert send(draft).state == State.READY


def test_a_text_changed_by_hand_says_so_and_is_not_overwritten(prepare, carla, now):
    draft = edit_draft(prepare(), "My welcome", "Hello *you*", by=carla, now=now)

    assert prepare() == draft
    draft.refresh_from_db()
    assert draft.source["edited"]
    assert (draft.subject, draft.text) == ("My welcome", "Hello *you*\n")
    assert Event.objects.get(verb="draft-edited").actor == carla
    assert not remake_draft(draft, by=carla, now=now).source.get("edited")


def test_a_second_mail_for_the_step_is_refused_while_one_is_under_way(prepare, send):
    send(prepare())

    assert refused(prepare) == ["under-way"]


@pytest.mark.parametrize("state", [State.READY, State.SENT, State.CANCELLED])
def test_only_drafts_are_changed_made_again_and_sent(prepare, send, carla, now, state):
    draft = prepare()
    Message.objects.filter(pk=draft.pk).update(state=state, sent_at=now)

    assert refused(send, draft) == ["wrong-state"]
    assert refused(edit_draft, draft, "x", "y", by=carla, now=now) == ["wrong-state"]
    assert refused(remake_draft, draft, by=carla, now=now) == ["wrong-state"]


def test_a_discarded_draft_leaves_room_for_another(prepare, carla, now):
    first = cancel_message(prepare(), by=carla, now=now)

    assert prepare() != first


def test_a_failed_mail_is_replaced_by_the_next_draft(prepare, send):
    failed = send(prepare())
    Message.objects.filter(pk=failed.pk).update(state=State.FAILED)

    draft = prepare()

    failed.refresh_from_db()
    assert (draft.state, failed.state) == (State.DRAFT, State.CANCELLED)


def test_a_bad_address_keeps_it_in_and_leads_to_the_contact(
    prepare, send, engagement, carla, now
):
    draft = prepare()
    mark_address_bad("Cora@acme.example", by=carla, reason="It bounced", now=now)

    with pytest.raises(RuleRefused, match="Mail does not reach") as refusal:
        send(draft)

    assert f"contacts/{engagement.main_contact.pk}/" in (
        refusal.value.reasons[0].fix_url
    )


def test_mail_without_a_step_has_one_open_draft_a_record(prepare):
    first = prepare(step=None)

    assert prepare(step=None) == first
    assert first.step_id is None


def test_an_unknown_kind_is_refused(engagement, carla, now):
    assert refused(prepare_draft, "none", engagement, by=carla, now=now) == [
        "no-template"
    ]
