from datetime import UTC, date, datetime

import pytest

from psdelivery.outbox.choices import Audience
from psdelivery.outbox.services import queue_message
from psdelivery.people.notifications import CHANGE, HANDOFF, STEP_DUE
from tests.factories.people import TimeOffFactory, UserFactory

pytestmark = pytest.mark.django_db
# A Monday; she is back on Wednesday the 17th.
NOW = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)


@pytest.fixture
def anna():
    person = UserFactory(email="anna@example.com", country="DE")
    TimeOffFactory(person=person, starts_on=date(2027, 3, 8), ends_on=date(2027, 3, 12))
    TimeOffFactory(
        person=person, starts_on=date(2027, 3, 15), ends_on=date(2027, 3, 16)
    )
    return person


def queue(*to, reason=CHANGE, **more):
    return queue_message(
        kind="note",
        audience=Audience.STAFF,
        to=list(to),
        subject="Hello",
        text="Hello",
        idempotency_key=f"{to}{reason}",
        reason=reason,
        now=NOW,
        **more,
    )


def test_r23_a_notice_waits_for_the_first_working_morning_back(anna):
    message = queue("anna@example.com")

    assert message.next_attempt_at == datetime(2027, 3, 17, 7, 0, tzinfo=UTC)


def test_r23_of_several_readers_who_is_away_is_left_out(anna):
    message = queue("anna@example.com", "bob@example.com", cc=["Anna@example.com"])

    assert (message.to, message.cc) == (["bob@example.com"], [])
    assert message.next_attempt_at == NOW


@pytest.mark.parametrize("reason", ["", STEP_DUE])
def test_what_was_asked_for_and_what_is_routed_leaves_at_once(anna, reason):
    assert queue("anna@example.com", reason=reason).next_attempt_at == NOW


def test_whoever_is_here_hears_at_once(anna):
    other = UserFactory()

    assert queue(other.email, reason=HANDOFF).next_attempt_at == NOW


def test_a_notice_costs_no_query_more_where_nobody_is_away(
    django_assert_max_num_queries,
):
    with django_assert_max_num_queries(9):
        queue("bob@example.com")
