"""Steps that are done by a mail, with a real mail server beside the portal."""

from datetime import date, timedelta

import pytest
import time_machine

from engagements.services.status import reasons_against_move
from psdelivery.history.models import Event
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import sight_of
from psdelivery.outbox.services import send_due
from psdelivery.outbox.services.addresses import (
    bounced_mails,
    clear_address,
    mark_address_bad,
)
from psdelivery.outbox.services.decisions import confirm_message, retry_message
from psdelivery.outbox.services.drafting import prepare_draft, send_draft
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.step_mail import note_sent_elsewhere
from psdelivery.registry import RuleRefused
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold, step_of
from tests.outbox.conftest import sink, smtp  # noqa: F401

pytestmark = pytest.mark.django_db
CORA = "cora@acme.example"


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
def click(engagement, carla, welcome):
    """Prepare the welcome mail and let it go, as a person does."""

    def call(now=NOW):
        draft = prepare_draft("welcome", engagement, step=welcome, by=carla, now=now)
        seen = sight_of(draft.subject, draft.text)
        return send_draft(draft, seen=seen, by=carla, now=now)

    return call


@pytest.fixture
def sent(click, smtp):  # noqa: F811
    """The welcome mail, taken by the mail server."""
    message = click()
    leave()
    message.refresh_from_db()
    assert message.state == State.SENT
    return message


def leave():
    # The moment of leaving is read from the clock.
    with time_machine.travel(NOW, tick=False):
        send_due(NOW, limit=10)


def state_of(step):
    return Step.objects.get(pk=step.pk).state


def told(**changes):
    return {
        "sent_at": NOW - timedelta(days=1),
        "to": [CORA],
        "subject": "Welcome",
        "text": "Hello Cora",
        "evidence_file": None,
        "evidence_link": "",
    } | changes


def test_the_click_alone_does_not_tick_the_step(click, welcome):
    click()

    assert state_of(welcome) == StepState.OPEN


def test_the_step_is_ticked_when_the_mail_has_left(sent, welcome, carla):
    welcome.refresh_from_db()

    assert (welcome.state, welcome.done_by) == (StepState.DONE, carla)
    assert welcome.evidence.url.endswith(sent.get_absolute_url())
    assert sent.subject in welcome.note
    assert Event.objects.filter(verb="step-completed", actor=carla).exists()


def test_r1_the_welcome_that_left_is_what_the_status_asks_for(sent, engagement):
    codes = [
        reason.code
        for reason in reasons_against_move(engagement, "okay_to_start", now=NOW)
    ]

    assert "step-open" not in codes


def test_a_mail_kept_in_the_portal_ticks_nothing(click, welcome):
    message = click()
    leave()

    message.refresh_from_db()
    assert message.state == State.KEPT
    assert state_of(welcome) == StepState.OPEN


def test_a_mail_that_a_person_says_arrived_ticks_the_step(click, welcome, carla):
    message = click()
    Message.objects.filter(pk=message.pk).update(state=State.NEEDS_LOOK)

    confirm_message(message, by=carla, now=NOW)

    assert state_of(welcome) == StepState.DONE


def test_a_step_ticked_by_hand_meanwhile_stays_as_it_is(click, welcome, smtp):  # noqa: F811
    message = click()
    Step.objects.filter(pk=welcome.pk).update(
        state=StepState.DONE, done_at=NOW, note="By hand", next_reminder_at=None
    )

    leave()

    message.refresh_from_db()
    welcome.refresh_from_db()
    assert (message.state, welcome.note) == (State.SENT, "By hand")


def test_a_mail_counts_as_sent_whatever_follows_from_it(click, welcome, smtp):  # noqa: F811
    message = click()
    blocker = Step.objects.filter(checklist=welcome.checklist).exclude(pk=welcome.pk)[0]
    welcome.blockers.add(blocker)

    leave()

    message.refresh_from_db()
    assert message.state == State.SENT
    assert "comes first" in message.last_error
    assert state_of(welcome) == StepState.OPEN
    assert len(smtp.received) == 1


def test_a_mail_whose_step_waits_for_another_does_not_leave(click, welcome):
    blocker = Step.objects.filter(checklist=welcome.checklist).exclude(pk=welcome.pk)[0]
    welcome.blockers.add(blocker)

    with pytest.raises(RuleRefused, match="comes first"):
        click()


def test_a_bounce_opens_the_step_and_names_why(sent, welcome, carla):
    found = mark_address_bad(CORA, by=carla, reason="Unknown user", now=NOW)

    assert found == [sent]
    sent.refresh_from_db()
    assert (sent.state, sent.last_error) == (
        State.FAILED, "It came back: Unknown user",
    )  # fmt: skip
    assert state_of(welcome) == StepState.OPEN
    assert Event.objects.filter(verb="message-bounced", actor=carla).exists()


def test_a_bounce_stops_the_clock_that_the_mail_started(
    engagement,
    carla,
    click,
    smtp,  # noqa: F811
):
    step = step_of(engagement, "welcome")
    Step.objects.filter(pk=step.pk).update(sets_anchor="kickoff")
    click()
    leave()
    anchor = step.checklist.anchors.get(key="kickoff")
    assert anchor.day == date(2027, 2, 1)

    mark_address_bad(CORA, by=carla, reason="Unknown user", now=NOW)

    anchor.refresh_from_db()
    assert anchor.value is None


def test_after_another_mail_arrived_a_bounce_opens_nothing(sent, welcome, carla, click):
    Message.objects.filter(pk=sent.pk).update(to=["old@acme.example"])
    sent.recipient_rows.filter(address=CORA).update(address="old@acme.example")
    Message.objects.create(
        **{
            name: getattr(sent, name)
            for name in ("kind", "audience", "state", "created_at", "next_attempt_at")
        },
        sent_at=NOW,
        step=welcome,
        to=[CORA],
        idempotency_key="second",
    )

    mark_address_bad("old@acme.example", by=carla, reason="Gone", now=NOW)

    assert state_of(welcome) == StepState.DONE


def test_only_mails_written_to_the_address_come_back(sent, carla):
    assert bounced_mails("petra@ps.example", NOW) == []
    assert bounced_mails(CORA.upper(), NOW) == [sent]
    assert bounced_mails(CORA, NOW + timedelta(days=8)) == []


def test_what_is_about_to_leave_for_a_bad_address_stays(click, carla, smtp):  # noqa: F811
    message = click()
    mark_address_bad(CORA, by=carla, reason="Unknown user", now=NOW)

    leave()

    message.refresh_from_db()
    assert message.state == State.FAILED
    assert smtp.received == []


def test_a_cleared_address_gets_mail_again(sent, welcome, carla, click):
    mark_address_bad(CORA, by=carla, reason="Full", now=NOW)
    with pytest.raises(RuleRefused, match="Mail does not reach"):
        retry_message(sent, by=carla, now=NOW)

    clear_address(CORA, by=carla, now=NOW)
    click()
    leave()

    assert state_of(welcome) == StepState.DONE


def test_an_address_is_marked_once_and_with_a_reason(engagement, carla):
    with pytest.raises(RuleRefused, match="how it was noticed"):
        mark_address_bad(CORA, by=carla, reason=" ", now=NOW)
    mark_address_bad(CORA, by=carla, reason="Full", now=NOW)
    mark_address_bad(CORA.upper(), by=carla, reason="Again", now=NOW)

    assert Event.objects.filter(verb="address-marked-bad").count() == 1
    with pytest.raises(RuleRefused, match="not marked"):
        clear_address("other@acme.example", by=carla, now=NOW)


def test_the_history_never_names_the_address(engagement, carla):
    mark_address_bad(CORA, by=carla, reason=f"<{CORA}> unknown", now=NOW)

    event = Event.objects.get(verb="address-marked-bad")
    assert CORA not in f"{event.reason} {event.subject_label} {event.changes}"


def test_a_mail_sent_from_elsewhere_has_the_same_effect(welcome, carla):
    message = note_sent_elsewhere(welcome, told(), by=carla, now=NOW)

    assert (message.state, message.sent_at) == (
        State.ELSEWHERE, NOW - timedelta(days=1),
    )  # fmt: skip
    welcome.refresh_from_db()
    assert welcome.state == StepState.DONE
    assert welcome.evidence.url.endswith(message.get_absolute_url())


def test_a_file_given_with_it_is_the_evidence(welcome, carla):
    link = told(text="", evidence_link="https://mail.example/1")

    note_sent_elsewhere(welcome, link, by=carla, now=NOW)

    welcome.refresh_from_db()
    assert welcome.evidence.url == "https://mail.example/1"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sent_at": NOW + timedelta(minutes=1)}, "sent_at"),
        ({"to": []}, "to"),
        ({"to": ["cora"]}, "to"),
        ({"text": " "}, "text"),
    ],
)
def test_what_is_missing_in_it_is_refused(welcome, carla, change, code):
    with pytest.raises(RuleRefused) as refusal:
        note_sent_elsewhere(welcome, told(**change), by=carla, now=NOW)

    assert [reason.code for reason in refusal.value.reasons] == [code]
    assert state_of(welcome) == StepState.OPEN
    assert not Message.objects.filter(step=welcome).exists()


def test_it_takes_the_place_of_a_draft_but_not_of_a_mail_under_way(
    engagement, welcome, carla, click
):
    message = click()
    with pytest.raises(RuleRefused, match="decide about that one"):
        note_sent_elsewhere(welcome, told(), by=carla, now=NOW)
    Message.objects.filter(pk=message.pk).update(state=State.DRAFT)

    note_sent_elsewhere(welcome, told(), by=carla, now=NOW)

    message.refresh_from_db()
    assert message.state == State.CANCELLED
