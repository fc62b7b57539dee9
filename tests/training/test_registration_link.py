"""R-11: the registration link is mailed 14 days before the first session."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from psdelivery.calendars import end_of_day
from psdelivery.documents.services import add_link
from psdelivery.history.models import Event
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.training import FIRST_DAY, NOW, SYDNEY, local, plan_class
from training.choices import StepKey
from training.rules.classes import link_state
from training.services.deliveries import enter_registration_link, move_delivery
from training.services.sessions import add_session, change_session

pytestmark = pytest.mark.django_db


def link_step(delivery):
    return Step.objects.get(checklist=delivery.checklist_id, key="registration-link")


def test_r11_link_is_due_14_days_before_the_first_session_in_its_zone(delivery):
    step = link_step(delivery)

    # The clocks change on 4 April: the day counts, not the hours.
    assert step.due_day == date(2027, 3, 23)
    assert step.due_is_day
    assert step.due_zone == SYDNEY
    assert step.due_at == end_of_day(date(2027, 3, 23), SYDNEY)
    berlin = step.due_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert (berlin.day, berlin.hour, berlin.minute) == (23, 14, 0)
    assert not step.late_by_design


def test_r11_reminders_leave_7_2_and_0_days_before(delivery):
    assert link_step(delivery).reminder_days["owner"] == [7, 2, 0]


def test_r11_a_class_entered_inside_14_days_is_due_at_once_and_late_by_design(
    engagement, coordinator
):
    now = datetime(2027, 3, 29, 20, 0, tzinfo=UTC)

    step = link_step(plan_class(engagement, by=coordinator, now=now))

    # In Sydney it is the morning of the 30th already.
    assert step.due_day == date(2027, 3, 30)
    assert step.late_by_design


def test_r11_a_class_entered_exactly_14_days_before_is_in_time(engagement):
    now = datetime(2027, 3, 22, 20, 0, tzinfo=UTC)

    step = link_step(plan_class(engagement, now=now))

    assert step.due_day == date(2027, 3, 23)
    assert not step.late_by_design


def test_r11_moving_the_class_by_nine_days_moves_the_link(delivery, coordinator):
    move_delivery(delivery, 9, by=coordinator, reason="customer asked", now=NOW)

    step = link_step(delivery)
    assert step.due_day == date(2027, 4, 1)
    assert not step.late_by_design


def test_r11_moving_the_class_nearer_than_14_days_is_late_by_design(
    delivery, coordinator
):
    now = datetime(2027, 3, 20, 1, 0, tzinfo=UTC)

    move_delivery(delivery, -9, by=coordinator, reason="earlier", now=now)

    step = link_step(delivery)
    assert step.due_day == date(2027, 3, 20)
    assert step.late_by_design


def test_r20_a_link_that_was_sent_is_told_again_when_the_class_moves(
    delivery, coordinator
):
    proof = add_link(
        "https://mail.example/1",
        title="Mail",
        engagement=delivery.engagement,
        by=coordinator,
        now=NOW,
    )
    complete_step(
        link_step(delivery), Completion(evidence=proof), by=coordinator, now=NOW
    )

    move_delivery(delivery, 9, by=coordinator, reason="customer asked", now=NOW)

    sent, again = delivery.checklist.steps.filter(key="registration-link")
    assert (sent.is_open, sent.due_day) == (False, date(2027, 3, 23))
    assert (again.is_open, again.due_day) == (True, date(2027, 4, 1))
    assert again.title.startswith("Re-send: ")


def test_r11_an_earlier_session_that_is_added_moves_the_link(delivery, coordinator):
    times = local(FIRST_DAY - timedelta(days=1)).moments

    add_session(delivery, times, by=coordinator, now=NOW)

    assert link_step(delivery).due_day == date(2027, 3, 22)


def test_r11_another_zone_for_the_first_session_moves_the_end_of_the_day(
    delivery, coordinator
):
    first = delivery.sessions.first()
    times = local(FIRST_DAY, zone="Europe/Berlin").moments

    change_session(first, times, by=coordinator, now=NOW)

    step = link_step(delivery)
    assert step.due_zone == "Europe/Berlin"
    assert step.due_at == end_of_day(date(2027, 3, 23), "Europe/Berlin")


def test_the_link_itself_is_kept_out_of_the_history(delivery, coordinator):
    secret = "https://zoom.example/register/s3cret"

    enter_registration_link(delivery, secret, by=coordinator, now=NOW)

    delivery.refresh_from_db()
    assert delivery.registration_url == secret
    event = Event.objects.get(verb="registration-link-entered")
    assert event.subject_label == str(delivery)
    assert not Event.objects.filter(changes__icontains="s3cret").exists()


def test_an_equal_link_writes_no_history(delivery, coordinator):
    enter_registration_link(delivery, "", by=coordinator, now=NOW)

    assert not Event.objects.filter(verb__startswith="registration-link").exists()


@pytest.mark.parametrize(
    ("fields", "has_link", "words", "tone"),
    [
        ({}, False, "not there yet", "neutral"),
        ({}, True, "ready, not sent", "info"),
        ({"late_by_design": True}, True, "late by design: send it today", "warn"),
        ({"again": 1}, True, "to be sent again", "warn"),
        (
            {"again": 1, "late_by_design": True},
            True,
            "late by design: send it again today",
            "warn",
        ),
        ({"due_at": NOW}, True, "late", "bad"),
        ({"state": "done"}, False, "sent", "good"),
        ({"state": "not_applicable"}, False, "not needed", "neutral"),
        ({"state": "cancelled"}, False, "called off", "neutral"),
    ],
)
def test_r11_where_the_link_stands_is_said_in_words(fields, has_link, words, tone):
    given = {"due_at": NOW + timedelta(days=1), "state": "open"} | fields
    step = Step(key=StepKey.REGISTRATION_LINK, **given)

    found = link_state(step, has_link=has_link, now=NOW)

    assert (found.words, found.tone) == (words, tone)


def test_a_class_without_that_step_needs_no_link():
    assert link_state(None, has_link=False, now=NOW).words == "not needed"
