# ruff: noqa: F811
from datetime import date

import pytest
import time_machine

from engagements.homework import homework_facts, step_rows, to_who_does_it
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import sight_of
from psdelivery.outbox.services import send_due
from psdelivery.outbox.services.drafting import prepare_draft, send_draft
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import BallWith, StepState
from psdelivery.playbooks.mailing import mail_of
from psdelivery.playbooks.models import Step
from tests.factories.engagements import NOW
from tests.factories.mails import person, sold, step_of
from tests.factories.people import ContactFactory
from tests.outbox.conftest import sink, smtp  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(db):
    return sold()


@pytest.fixture
def step(engagement):
    """A step that somebody at the customer does, while the PM chases."""
    contact = ContactFactory(
        customer=engagement.customer, name="Adam Admin", email="adam@acme.example"
    )
    step = step_of(engagement, "project-set-up")
    Step.objects.filter(pk=step.pk).update(
        contact=contact,
        assignee=person(engagement, EngagementRole.PM),
        pool=None,
        title="Give us access",
        due_day=date(2027, 2, 12),
        due_zone="Europe/Berlin",
    )
    return step_rows().get(pk=step.pk)


def test_homework_goes_to_whose_step_it_is_and_answers_to_who_chases(step):
    found = to_who_does_it(step)

    assert list(found.to) == ["adam@acme.example"]
    assert found.reply_to == "paul@ps.example"
    assert not found.missing


def test_its_day_is_told_with_the_zone_that_it_is_counted_in(step):
    assert homework_facts(step)["due"] == "Fri 12 Feb 2027 (Berlin time)"


def test_asking_for_homework_passes_the_ball_and_ticks_nothing(engagement, step, smtp):
    paul = person(engagement, EngagementRole.PM)
    kind, record = mail_of(step)
    draft = prepare_draft(kind.key, record, step=step, by=paul, now=NOW)
    seen = sight_of(draft.subject, draft.text)
    send_draft(draft, seen=seen, by=paul, now=NOW)

    with time_machine.travel(NOW, tick=False):
        send_due(NOW, limit=5)

    step.refresh_from_db()
    assert Message.objects.get(pk=draft.pk).state == State.SENT
    assert (step.state, step.ball_with) == (StepState.OPEN, BallWith.CUSTOMER)
    assert "Give us access" in smtp.received[0].text


def test_what_is_needed_before_the_start_goes_to_the_main_contact(engagement):
    kind, record = mail_of(step_of(engagement, "customer-prerequisites"))

    assert kind.key == "prerequisites"
    assert list(kind.addressing(record).to) == ["cora@acme.example"]
    assert not kind.closes_step
