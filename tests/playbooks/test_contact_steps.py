from datetime import UTC, date, datetime

import pytest

from psdelivery.outbox.models import Message
from psdelivery.outbox.renderers import renderer_of
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import BallWith
from psdelivery.playbooks.keepers import Keeping, keepers
from psdelivery.playbooks.models import Playbook
from psdelivery.playbooks.rules.ball import ball_of
from psdelivery.playbooks.services.adoption import adopt
from psdelivery.playbooks.services.checklists import change_owners
from psdelivery.playbooks.services.editing import (
    note_draft,
    publish_draft,
    save_draft_step,
    start_draft,
)
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


def test_a_step_that_becomes_the_customers_gets_its_contact(jane, pm, monkeypatch):
    monkeypatch.setattr(keepers, "_keepers", {})
    people = owners(contact_person=jane, contact=pm)
    keepers.register("test", lambda checklist: Keeping({}, people))
    PlaybookStepFactory(playbook=PlaybookFactory(key="work"), key="access")
    checklist = start(Playbook.objects.get(key="work"), people=people, now=EARLY)
    draft = start_draft("work", by=pm, now=EARLY)
    access = draft.steps.get()
    access.owner_role = EngagementRole.CONTACT
    save_draft_step(access, by=pm, now=EARLY)
    note_draft(draft, "Theirs", title="Work", by=pm, now=EARLY)
    publish_draft(draft, by=pm, now=EARLY)

    assert checklist.steps.get().contact is None
    adopt(checklist, {"access"}, version=2, by=pm, now=EARLY)
    assert checklist.steps.get().contact == jane
    assert checklist.steps.get().assignee == pm
