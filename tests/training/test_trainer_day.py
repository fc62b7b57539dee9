"""The page of a trainer for the day: what is needed to teach, and nothing of others."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories.training import NOW, plan_class
from training.choices import AttendeeSource
from training.models import Attendee, LabCode, ParkedQuestion, Session
from training.services.deliveries import cancel_delivery

pytestmark = pytest.mark.django_db
DAY = "training:trainer-day"
JOIN = "https://meet.example.com/presenter/secret"
MORNING = datetime(2027, 4, 5, 22, tzinfo=UTC)


@pytest.fixture
def taught(delivery, coordinator, trainer):
    """All that somebody entered for the class of 6 and 7 April, Sydney."""
    trainer.zone = "Australia/Sydney"
    trainer.save()
    Session.objects.filter(delivery=delivery).update(join_url=JOIN)
    LabCode.objects.create(
        delivery=delivery,
        code="GITLAB-CODE-1",
        generated_at=MORNING - timedelta(days=1),
        generated_by=coordinator,
        expires_at=MORNING + timedelta(days=6),
        seats=12,
        entered_at=MORNING - timedelta(days=1),
    )
    Attendee.objects.create(
        delivery=delivery,
        name="Ada Attendee",
        source=AttendeeSource.HAND,
        created_at=NOW,
    )
    ParkedQuestion.objects.create(
        delivery=delivery, text="And runners?", parked_at=NOW, parked_by=trainer
    )
    return delivery


def page(client, person, day="2027-04-06"):
    with time_machine.travel(MORNING, tick=False):
        client.force_login(person)
        return client.get(reverse(DAY), {"day": day} if day else {})


def test_one_page_holds_link_code_roster_steps_and_questions(client, trainer, taught):
    response = page(client, trainer, day="")

    shown = response.content.decode()
    for words in (JOIN, "GITLAB-CODE-1", "Ada Attendee", "And runners?", "Tips"):
        assert words in shown
    (one,) = response.context["classes"]
    keys = {step.key for step in one.steps}
    assert {"held", "lab-access-shown"} <= keys
    assert "registration-link" not in keys


def test_days_are_those_of_the_reader(client, trainer, taught):
    assert page(client, trainer, "2027-04-07").context["classes"]
    assert not page(client, trainer, "2027-04-05").context["classes"]


def test_r12_a_code_that_dies_too_early_is_not_shown(client, trainer, taught):
    LabCode.objects.update(
        generated_at=MORNING - timedelta(days=6), expires_at=MORNING + timedelta(days=1)
    )

    shown = page(client, trainer).content.decode()

    assert "GITLAB-CODE-1" not in shown
    assert "does not last" in shown


def test_nobody_else_sees_the_class_here(client, coordinator, stranger, taught):
    assert not page(client, coordinator).context["classes"]
    assert JOIN not in page(client, stranger).content.decode()


def test_a_class_called_off_is_gone(client, trainer, taught, coordinator):
    cancel_delivery(taught, by=coordinator, reason="too few", now=NOW)

    assert not page(client, trainer).context["classes"]


def test_a_day_that_is_none_says_so(client, trainer, taught):
    assert page(client, trainer, "yesterday").status_code == 422


def test_the_queries_do_not_grow_with_the_classes(
    as_trainer, taught, engagement, trainer, coordinator, queries_of
):
    address = f"{reverse(DAY)}?day=2027-04-06"
    few = queries_of(as_trainer, address)
    for number in range(3):
        other = plan_class(engagement, by=coordinator, title=f"Class {number}")
        type(other).objects.filter(pk=other.pk).update(trainer=trainer)

    assert queries_of(as_trainer, address) == few
