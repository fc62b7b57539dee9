from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psdelivery.outbox.choices import Audience, State
from psdelivery.outbox.drafts import MessageDraft
from psdelivery.outbox.rules import (
    FIRST_DELAY,
    GIVE_UP_ATTEMPTS,
    LONGEST_DELAY,
    MAX_RECIPIENTS,
    Outcome,
    Stage,
    Trouble,
    is_address,
    is_server_trouble,
    may_cancel,
    may_confirm,
    may_retry,
    next_attempt,
    normal_address,
    one_line,
    outcome_of,
    reasons_against_queueing,
    state_after,
    state_after_unknown,
    storable,
)

pytestmark = pytest.mark.unit
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


def draft(**changes):
    fields = {
        "kind": "note",
        "audience": Audience.STAFF,
        "to": ["ann@example.com"],
        "idempotency_key": "a",
    }
    return MessageDraft(**fields | changes)


def codes(**changes):
    return [reason.code for reason in reasons_against_queueing(draft(**changes))]


def test_a_staff_mail_to_one_address_may_be_queued():
    assert codes() == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": []}, "no-recipient"),
        ({"to": ["ann@example.com"] * (MAX_RECIPIENTS + 1)}, "too-many-recipients"),
        ({"to": ["ann@example.com\nBcc: eve@example.com"]}, "bad-address"),
        ({"to": ["ann"]}, "bad-address"),
        ({"cc": ["Ann <ann@example.com>"]}, "bad-address"),
        ({"reply_to": "x@example.com\r\nX-Evil: 1"}, "bad-address"),
        ({"thread_key": "two words"}, "bad-thread"),
        ({"thread_key": "a>\r\nX: 1"}, "bad-thread"),
        ({"idempotency_key": ""}, "no-key"),
        ({"idempotency_key": "x" * 201}, "no-key"),
        ({"audience": Audience.CUSTOMER}, "nobody-clicked"),
    ],
)
def test_a_mail_that_could_not_leave_is_not_queued(changes, code):
    assert codes(**changes) == [code]


def test_customer_mail_leaves_by_a_persons_click():
    assert codes(audience=Audience.CUSTOMER, by=object()) == []


def test_the_reason_names_every_bad_address():
    reasons = reasons_against_queueing(draft(to=["one", "two"], cc=["ok@example.com"]))

    assert [r.sentence for r in reasons] == ["Not an e-mail address: 'one', 'two'."]


def test_an_address_travels_in_ascii():
    assert normal_address(" ann@Müller.example ") == "ann@xn--mller-kva.example"


def test_a_domain_that_cannot_be_written_is_left_for_the_check():
    address = f"ann@{'x' * 70}.example"

    assert normal_address(address) == address
    assert not is_address(address)


def test_letters_beyond_ascii_before_the_at_are_refused():
    assert not is_address("änn@example.com")


@given(st.text())
def test_one_line_never_holds_a_line_break_or_control_character(text):
    assert one_line(text).isprintable()


def test_one_line_keeps_the_words_of_a_broken_subject():
    assert one_line("Due\r\nBcc: eve@example.com\x00") == "Due Bcc: eve@example.com"


def test_text_is_stored_without_nul():
    assert storable("a\x00b\n") == "ab\n"


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_the_next_attempt_lies_between_half_a_first_and_one_longest_delay(n, jitter):
    delay = next_attempt(n, NOW, jitter) - NOW

    assert FIRST_DELAY / 2 <= delay <= LONGEST_DELAY


def test_the_delay_doubles_up_to_its_cap():
    delays = [next_attempt(n, NOW, 0.0) - NOW for n in (1, 2, 3, 5, 6, 50)]

    assert delays == [timedelta(seconds=s) for s in (15, 30, 60, 240, 300, 300)]


def test_jitter_spreads_over_the_second_half_of_the_delay():
    assert next_attempt(1, NOW, 0.5) - NOW == timedelta(seconds=22.5)


@pytest.mark.parametrize(
    ("trouble", "outcome", "is_down"),
    [
        (Trouble(Stage.COMPOSE, None, ""), Outcome.REFUSED, False),
        (Trouble(Stage.CONNECT, None, ""), Outcome.TRY_AGAIN, True),
        (Trouble(Stage.CONNECT, 535, ""), Outcome.TRY_AGAIN, True),
        (Trouble(Stage.CONNECT, 554, ""), Outcome.TRY_AGAIN, True),
        (Trouble(Stage.ENVELOPE, None, ""), Outcome.TRY_AGAIN, True),
        (Trouble(Stage.ENVELOPE, 421, ""), Outcome.TRY_AGAIN, True),
        (Trouble(Stage.ENVELOPE, 451, ""), Outcome.TRY_AGAIN, False),
        (Trouble(Stage.ENVELOPE, 530, ""), Outcome.TRY_AGAIN, True),
        (Trouble(Stage.ENVELOPE, 550, ""), Outcome.REFUSED, False),
        (Trouble(Stage.DATA, 500, ""), Outcome.REFUSED, False),
        (Trouble(Stage.DATA, 499, ""), Outcome.TRY_AGAIN, False),
        (Trouble(Stage.DATA, 554, ""), Outcome.REFUSED, False),
        (Trouble(Stage.DATA, None, ""), Outcome.UNKNOWN, True),
    ],
)
def test_trouble_is_told_apart(trouble, outcome, is_down):
    assert outcome_of(trouble) is outcome
    assert is_server_trouble(trouble) is is_down


@pytest.mark.parametrize(
    ("outcome", "audience", "attempts", "state"),
    [
        (Outcome.REFUSED, Audience.STAFF, 1, State.FAILED),
        (Outcome.TRY_AGAIN, Audience.CUSTOMER, 1, State.READY),
        (Outcome.TRY_AGAIN, Audience.STAFF, GIVE_UP_ATTEMPTS - 1, State.READY),
        (Outcome.TRY_AGAIN, Audience.STAFF, GIVE_UP_ATTEMPTS, State.FAILED),
        (Outcome.UNKNOWN, Audience.STAFF, 1, State.READY),
        (Outcome.UNKNOWN, Audience.CUSTOMER, 1, State.NEEDS_LOOK),
    ],
)
def test_the_state_after_trouble(outcome, audience, attempts, state):
    assert state_after(outcome, audience, attempts) is state


def test_what_may_have_arrived_is_repeated_for_staff_only():
    assert state_after_unknown(Audience.STAFF) is State.READY
    assert state_after_unknown(Audience.CUSTOMER) is State.NEEDS_LOOK


def test_what_a_person_may_decide_depends_on_the_state():
    assert {s for s in State if may_retry(s)} == {State.FAILED, State.NEEDS_LOOK}
    assert {s for s in State if may_confirm(s)} == {State.NEEDS_LOOK}
    assert {s for s in State if not may_cancel(s)} == {
        State.SENDING,
        State.SENT,
        State.KEPT,
        State.ELSEWHERE,
        State.CANCELLED,
    }
