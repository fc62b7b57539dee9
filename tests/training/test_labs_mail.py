"""R-12: a dead or uncovering code never enters a mail."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.services.drafting import (
    edit_draft,
    prepare_draft,
    send_draft,
    sight_before_click,
)
from psdelivery.outbox.services.sending import send_due
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from tests.factories.engagements import open_gate
from tests.factories.people import ContactFactory
from tests.factories.shipped import ship_mails
from tests.factories.training import plan_class
from tests.outbox.conftest import sink, smtp  # noqa: F401
from training.models import Attendee, LabCode
from training.services.deliveries import move_delivery
from training.services.lab_mails import prepare_access_mails
from training.services.labs import CodeDraft, enter_code, retire_code

IN_WINDOW = datetime(2027, 4, 1, 1, tzinfo=UTC)
DEAD = IN_WINDOW + timedelta(days=7)


@pytest.fixture
def delivery(engagement, trainer, coordinator):
    ship_mails()
    engagement.main_contact = ContactFactory(
        customer=engagement.customer, name="Cora Client", email="cora@acme.example"
    )
    engagement.save()
    open_gate(engagement, by=coordinator, now=IN_WINDOW)
    return plan_class(
        engagement,
        trainer=trainer,
        by=coordinator,
        title="Git for Acme",
        with_certification=False,
    )


@pytest.fixture
def code(delivery, coordinator):
    draft = CodeDraft("amber_7", IN_WINDOW, 12)
    return enter_code(delivery, draft, by=coordinator, now=IN_WINDOW)


@pytest.fixture
def clock(db):
    with time_machine.travel(IN_WINDOW, tick=False) as clock:
        yield clock


def access(delivery):
    steps = Step.objects.filter(checklist=delivery.checklist_id)
    return steps.get(key="lab-access-sent")


def prepared(delivery, by, now=IN_WINDOW):
    return prepare_draft("lab-access", delivery, step=access(delivery), by=by, now=now)


def sent(draft, by, now=IN_WINDOW):
    return send_draft(draft, seen=sight_before_click(draft), by=by, now=now)


def reason_codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def test_r12_the_mail_brings_code_steps_and_expiry(delivery, code, coordinator, clock):
    draft = prepared(delivery, coordinator)

    assert draft.to == ["cora@acme.example"]
    assert "redeem this invitation code: amber_7." in draft.text
    assert "download the credentials" in draft.text
    assert "expire on Thu 8 Apr 2027, 11:00 (Sydney, AEST)." in draft.text
    assert "amber" not in draft.subject


def test_r12_the_step_is_ticked_when_the_mail_has_left(
    delivery,
    code,
    coordinator,
    clock,
    smtp,  # noqa: F811
):
    sent(prepared(delivery, coordinator), coordinator)

    send_due(IN_WINDOW, 10)

    assert access(delivery).state == "done"
    assert "amber" not in access(delivery).note


def test_r12_nothing_is_drafted_without_a_code(delivery, coordinator, clock):
    with pytest.raises(RuleRefused) as refusal:
        prepared(delivery, coordinator)

    assert reason_codes(refusal) == ["no-code"]


def test_r12_a_dead_code_is_not_drafted(delivery, code, coordinator, clock):
    with pytest.raises(RuleRefused) as refusal:
        prepared(delivery, coordinator, now=DEAD)

    assert reason_codes(refusal) == ["code-dead"]


def test_r12_a_code_that_dies_too_early_is_not_drafted(
    delivery, code, coordinator, clock
):
    move_delivery(
        delivery, 7, by=coordinator, reason="They asked", cause="us", now=IN_WINDOW
    )

    with pytest.raises(RuleRefused) as refusal:
        prepared(delivery, coordinator)

    assert reason_codes(refusal) == ["code-short"]


def test_r12_a_code_that_died_since_is_refused_at_the_click(
    delivery, code, coordinator, clock
):
    draft = prepared(delivery, coordinator)
    clock.move_to(DEAD)

    with pytest.raises(RuleRefused) as refusal:
        sent(draft, coordinator, now=DEAD)

    draft.refresh_from_db()
    assert reason_codes(refusal) == ["stale"]
    assert draft.state == State.STALE


def test_r12_a_code_typed_by_hand_is_refused_at_the_click_all_the_same(
    delivery, code, coordinator, clock
):
    draft = prepared(delivery, coordinator)
    clock.move_to(DEAD)
    body = draft.source["body"]
    draft = edit_draft(draft, draft.subject, f"{body} .", by=coordinator, now=DEAD)

    with pytest.raises(RuleRefused) as refusal:
        sent(draft, coordinator, now=DEAD)

    assert "code-dead" in reason_codes(refusal)


def test_r12_a_code_that_dies_while_the_worker_is_off_does_not_leave(
    delivery, code, coordinator, clock
):
    draft = sent(prepared(delivery, coordinator), coordinator)
    clock.move_to(DEAD)

    send_due(DEAD, 10)

    draft.refresh_from_db()
    assert draft.state == State.STALE
    assert access(delivery).state == "open"


def test_r12_a_retired_code_does_not_leave(delivery, code, coordinator, clock):
    draft = sent(prepared(delivery, coordinator), coordinator)
    retire_code(code, by=coordinator, reason="Broken", now=IN_WINDOW)

    send_due(IN_WINDOW, 10)

    draft.refresh_from_db()
    assert draft.state == State.STALE


def test_r12_an_extension_granted_since_makes_the_mail_out_of_date(
    delivery, code, coordinator, clock
):
    """The expiry in it would no longer be true."""
    draft = prepared(delivery, coordinator)
    LabCode.objects.update(expires_at=DEAD + timedelta(days=1))

    with pytest.raises(RuleRefused) as refusal:
        sent(draft, coordinator)

    assert reason_codes(refusal) == ["stale"]
    assert "When the code expires" in str(refusal.value.reasons[0].sentence)


# To the attendees of an imported roster


def registered(delivery, name, email, source="registration", **fields):
    return Attendee.objects.create(
        delivery=delivery,
        name=name,
        email=email,
        source=source,
        created_at=IN_WINDOW,
        **fields,
    )


@pytest.fixture
def roster(delivery):
    registered(delivery, "Ann", "ann@acme.example")
    registered(delivery, "Ben", "ben@acme.example")
    registered(delivery, "Nobody's address", "")
    registered(delivery, "Off", "off@acme.example", cancelled_at=IN_WINDOW)


def test_r12_each_attendee_of_the_roster_gets_an_own_mail(
    delivery, code, roster, coordinator, clock
):
    drafts = prepare_access_mails(delivery, by=coordinator, now=IN_WINDOW)

    assert [draft.to for draft in drafts] == [
        ["ann@acme.example"],
        ["ben@acme.example"],
    ]
    assert {draft.state for draft in drafts} == {State.DRAFT}
    assert "Hello Ann," in drafts[0].text
    for draft in drafts:
        assert "amber_7" in draft.text
        assert draft.cc == []


def test_r12_pressing_twice_tells_nobody_twice(
    delivery, code, roster, coordinator, clock
):
    first, second = prepare_access_mails(delivery, by=coordinator, now=IN_WINDOW)
    sent(first, coordinator)

    again = prepare_access_mails(delivery, by=coordinator, now=IN_WINDOW)

    assert [draft.pk for draft in again] == [second.pk]


def test_r12_a_second_code_is_told_again(delivery, code, roster, coordinator, clock):
    for draft in prepare_access_mails(delivery, by=coordinator, now=IN_WINDOW):
        sent(draft, coordinator)
    retire_code(code, by=coordinator, reason="Broken", now=IN_WINDOW)
    Message.objects.update(state=State.SENT, sent_at=IN_WINDOW)
    other = CodeDraft("birch_8", IN_WINDOW, 12)
    enter_code(delivery, other, by=coordinator, now=IN_WINDOW)

    drafts = prepare_access_mails(delivery, by=coordinator, now=IN_WINDOW)

    assert len(drafts) == 2
    assert all("birch_8" in draft.text for draft in drafts)


def test_r12_without_an_imported_roster_no_attendee_is_written_to(
    delivery, code, coordinator, clock
):
    registered(delivery, "Ann", "ann@acme.example", source="hand")

    with pytest.raises(RuleRefused) as refusal:
        prepare_access_mails(delivery, by=coordinator, now=IN_WINDOW)

    assert reason_codes(refusal) == ["no-roster"]


def test_r12_no_attendee_gets_a_dead_code(delivery, code, roster, coordinator, clock):
    clock.move_to(DEAD)

    with pytest.raises(RuleRefused) as refusal:
        prepare_access_mails(delivery, by=coordinator, now=DEAD)

    assert reason_codes(refusal) == ["code-dead"]
    assert not Message.objects.filter(kind="lab-access-attendees").exists()


def test_the_button_drafts_the_mails_and_leads_to_them(
    delivery, code, roster, coordinator, client, clock
):
    client.force_login(coordinator)
    page = client.get(reverse("training:delivery-labs", args=[delivery.pk]))
    assert "2 attendees of the roster have an address" in page.content.decode()

    address = reverse("training:lab-access-attendees", args=[delivery.pk])
    response = client.post(address, follow=True)

    assert response.status_code == 200
    assert "2 mails are drafted" in response.content.decode()
    assert Message.objects.filter(kind="lab-access-attendees").count() == 2
