# ruff: noqa: F811
from datetime import date, timedelta

import pytest
import time_machine

from engagements.homework import (
    homework_facts,
    reminder_facts,
    step_rows,
    to_who_does_it,
)
from psdelivery.outbox.choices import State
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import sight_of
from psdelivery.outbox.services import send_due
from psdelivery.outbox.services.drafting import prepare_draft, send_draft
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import BallWith, StepState
from psdelivery.playbooks.mailing import HOMEWORK_REMINDER, mail_of, step_mail
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.handing import pass_step, wait_for_customer
from psdelivery.playbooks.services.steps import set_aside_step
from psdelivery.registry import RuleRefused
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


@pytest.fixture
def homework(engagement):
    """What the customer has to do before the kickoff, with its dates."""
    day = date(2027, 4, 12)
    set_anchor(engagement.checklist, "planned_start", day, by=None, now=NOW)
    keys = ["customer-prerequisites", "customer-access"]
    return [step_of(engagement, key) for key in keys]


def test_shipped_homework_is_the_main_contacts_and_the_lead_chases(
    engagement, homework
):
    for step in homework:
        assert step.contact == engagement.main_contact
        assert step.assignee == person(engagement, EngagementRole.PM)
        assert (step.due_day, step.due_zone) == (date(2027, 4, 5), "Europe/Berlin")


def test_a_reminder_lists_all_that_the_contact_has_open(engagement, homework):
    kind, record = mail_of(homework[1], HOMEWORK_REMINDER)

    assert (kind.key, record.pk) == (HOMEWORK_REMINDER, homework[0].pk)
    assert kind.facts(record)["homework"].splitlines() == [
        "Get everything ready that the work needs: until Mon 5 Apr 2027 (Berlin time)",
        "Get access and accounts ready for our engineers: until Mon 5 Apr 2027"
        " (Berlin time)",
    ]
    assert list(kind.addressing(record).to) == ["cora@acme.example"]


def test_a_reminder_leaves_out_what_others_must_do_first(engagement, homework):
    paul = person(engagement, EngagementRole.PM)
    pass_step(homework[0], BallWith.US, by=paul, now=NOW)

    _kind, record = mail_of(homework[1], HOMEWORK_REMINDER)
    assert record.pk == homework[1].pk
    assert "that the work needs" not in reminder_facts(record)["homework"]


def test_nobody_is_reminded_of_what_waits_for_the_welcome_mail(engagement):
    people = step_of(engagement, "customer-people")

    assert people.contact == engagement.main_contact
    with pytest.raises(RuleRefused):
        mail_of(people, HOMEWORK_REMINDER)


def test_r15_a_reminder_of_nothing_is_not_sent(engagement, homework):
    kind, record = mail_of(homework[0], HOMEWORK_REMINDER)
    paul = person(engagement, EngagementRole.PM)
    draft = prepare_draft(kind.key, record, step=record, by=paul, now=NOW)
    seen = sight_of(draft.subject, draft.text)
    for step in homework:
        set_aside_step(step, by=paul, reason="Ours instead", now=NOW)

    with pytest.raises(RuleRefused):
        send_draft(draft, seen=seen, by=paul, now=NOW)


def test_one_reminder_whichever_step_it_is_asked_for(client, engagement, homework):
    client.force_login(person(engagement, EngagementRole.PM))
    for step in homework:
        page = client.get(step.get_absolute_url()).content.decode()
        assert "Remind of all that is open" in page or "Check the draft" in page
        client.post(f"{step.get_absolute_url()}mail/", {"template": HOMEWORK_REMINDER})

    draft = Message.objects.get(kind=HOMEWORK_REMINDER)
    assert draft.step == homework[0]
    paul = person(engagement, EngagementRole.PM)
    for step in homework:
        assert draft in step_mail(step, paul).messages


def test_a_step_prepares_no_mail_of_another_kind(client, engagement, homework):
    client.force_login(person(engagement, EngagementRole.PM))

    answer = client.post(
        f"{homework[0].get_absolute_url()}mail/", {"template": "welcome"}
    )
    assert answer.status_code == 409
    assert not Message.objects.filter(kind="welcome").exists()


def test_a_second_request_does_not_begin_the_customers_turn_anew(engagement, homework):
    paul = person(engagement, EngagementRole.PM)
    asked = pass_step(homework[0], BallWith.CUSTOMER, by=paul, now=NOW)

    again = wait_for_customer(asked, by=paul, now=NOW + timedelta(days=3))
    assert again.ball_since == NOW
