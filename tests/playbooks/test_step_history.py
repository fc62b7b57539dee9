from datetime import date

import pytest

from psdelivery.people.choices import Role
from psdelivery.playbooks.services.checklists import set_anchor
from tests.factories.people import UserFactory
from tests.factories.playbooks import (
    NOW,
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db


def test_the_page_of_a_step_tells_why_its_date_moved(client):
    person = UserFactory(roles=[Role.PSE])
    playbook = PlaybookFactory()
    PlaybookStepFactory(playbook=playbook, key="one", owner_role="pse")
    checklist = start(
        playbook, people=owners(pse=person), anchors={"kickoff": date(2027, 4, 12)}
    )
    client.force_login(person)

    set_anchor(
        checklist,
        "kickoff",
        date(2027, 4, 21),
        by=person,
        reason="They asked for it",
        now=NOW,
    )
    page = client.get(checklist.steps.get().get_absolute_url()).content.decode()

    assert "They asked for it" in page
    assert "the kickoff:" in page
    assert "Wed 21 Apr 2027" in page
