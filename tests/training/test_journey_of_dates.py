"""Dates from their proposing to the class, or to silence, as people see them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.drafts import sight_of
from psdelivery.outbox.services.drafting import prepare_draft, send_draft
from psdelivery.outbox.services.sending import send_due
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from scheduling.models import AllocationDay
from tests.factories.engagements import open_gate
from tests.factories.people import ContactFactory, UserFactory
from tests.factories.proposals import proposed
from tests.factories.shipped import ship_mails
from tests.factories.training import NOW, SYDNEY
from tests.told import news_told
from training.choices import ProposalState
from training.services.confirming import Yes, confirm
from training.tasks import look

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# The end of Monday 8 February in Sydney, five business days on.
END = datetime(2027, 2, 8, 13, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mail_server(settings):
    """Mail leaves, and is kept in memory."""
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def trainers(place):
    return [
        UserFactory(first_name=name, roles=[Role.TRAINER], zone=SYDNEY, **place)
        for name in ("Ann", "Ben", "Cleo")
    ]


@pytest.fixture
def proposal(engagement, manager, trainers, coordinator):
    ship_mails()
    practice = engagement.practice
    practice.manager = manager
    practice.save()
    engagement.main_contact = ContactFactory(customer=engagement.customer)
    engagement.save()
    engagement.team.create(role="csm", person=UserFactory(roles=[Role.ACCOUNT]))
    return proposed(engagement, *trainers, by=coordinator)


def welcome(engagement, by):
    step = Step.objects.get(checklist=engagement.checklist, key="welcome")
    return prepare_draft("welcome-training", engagement, step=step, by=by, now=NOW)


def send(draft, by):
    seen = sight_of(draft.subject, draft.text)
    send_draft(draft, seen=seen, by=by, now=NOW)
    assert send_due(NOW, 50)


def test_r2_the_welcome_with_dates_waits_for_the_gate(
    proposal, engagement, coordinator, at_now
):
    draft = welcome(engagement, coordinator)

    assert "option A: Tue 6 Apr 2027" in draft.text
    with pytest.raises(RuleRefused) as refusal:
        send(draft, coordinator)
    assert "customer_signature" in [one.code for one in refusal.value.reasons]
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DRAFT


def test_three_options_go_out_one_is_confirmed_the_others_days_are_free(
    proposal, engagement, trainers, coordinator, at_now
):
    open_gate(engagement)
    send(welcome(engagement, coordinator), coordinator)

    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer_by) == (ProposalState.SENT, END)
    option = proposal.options.get(order=2)
    yes = Yes(said_by="Cora", said_on=NOW.date(), reason="Taught it before")
    delivery = confirm(option, yes, by=coordinator, now=NOW + DAY).delivery

    assert delivery.trainer == trainers[2]
    days = set(AllocationDay.objects.values_list("person", "hold"))
    assert days == {(trainers[2].pk, "hard")}


def test_silence_is_chased_on_day_three_and_ends_on_day_five(
    proposal, engagement, coordinator, at_now
):
    open_gate(engagement)
    send(welcome(engagement, coordinator), coordinator)
    chase = Step.objects.get(key="dates-reminder")
    assert str(chase.due_day) == "2027-02-04"
    reminder = prepare_draft(
        "dates-reminder", proposal, step=chase, by=coordinator, now=NOW
    )
    assert "until the end of Mon 8 Feb 2027" in reminder.text

    for moment in (END - DAY, END, END + DAY):
        with time_machine.travel(moment, tick=False):
            look()

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.LAPSED
    assert not AllocationDay.objects.exists()
    assert len(news_told("date-proposal")) == 1
    with pytest.raises(RuleRefused):
        send(Message.objects.get(pk=reminder.pk), coordinator)
