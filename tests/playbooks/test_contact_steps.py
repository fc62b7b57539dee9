from datetime import UTC, date, datetime

import pytest

from psdelivery.outbox.models import Message
from psdelivery.outbox.renderers import renderer_of
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import BallWith
from psdelivery.playbooks.rules.ball import ball_of
from psdelivery.playbooks.services.checklists import change_owners
from psdelivery.playbooks.services.reminders import scan_reminders
from tests.factories.people import ContactFactory, CustomerFactory, UserFactory
from tests.factories.playbooks import (
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db

KICKOFF = date(2027, 4, 12)
EARLY = datetime(2027, 3, 1, 9, tzinfo=UTC)
MORNING = datetime(2027, 4, 13, 6, 30, tzinfo=UTC)


@pytest.fixture
def jane():
    return ContactFactory(name="Jane Doe", customer=CustomerFactory(name="Acme"))


@pytest.fixture
def pm():
    return UserFactory()


@pytest.fixture
def step(jane, pm):
    PlaybookStepFactory(
        playbook=(playbook := PlaybookFactory()), owner_role=EngagementRole.CONTACT
    )
    people = owners(contact_person=jane, contact=pm)
    anchors = {"kickoff": KICKOFF}
    return start(playbook, people=people, now=EARLY, anchors=anchors).steps.get()


def test_a_step_of_the_customer_has_its_contact_and_a_chaser(step, jane, pm):
    assert (step.contact, step.assignee) == (jane, pm)
    assert ball_of(step).party == BallWith.CUSTOMER


def test_the_chaser_is_told_whom_to_ask(step, pm):
    scan_reminders(now=MORNING)

    message = Message.objects.get()
    text = renderer_of(message.kind)([message])[message.pk].text
    assert message.to == [pm.email]
    assert "Ask Jane Doe (Acme)." in text


def test_contact_and_chaser_follow_the_engagement(step, pm):
    other, lead = ContactFactory(), UserFactory()

    new = owners(contact_person=other, contact=lead)
    change_owners(step.checklist, new, by=None, now=EARLY)

    step.refresh_from_db()
    assert (step.contact, step.assignee) == (other, lead)
