"""R-5 with several people who bring the handoff to its end at the same moment."""

import pytest

from engagements.handoff import all_readers
from engagements.models import Acknowledgement, Handoff
from engagements.services.handoff import acknowledge_handoff, hold_handoff
from psdelivery.people.choices import Role
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.engagements import NOW, open_gate, registered
from tests.factories.handoff import OUTCOME, TEXTS, add_outcome, again, begun, write
from tests.factories.people import UserFactory
from tests.factories.shipped import ship_playbooks
from tests.together import at_once, elsewhere, move_to_disk

pytestmark = pytest.mark.django_db(transaction=True)
READERS = 4


@pytest.fixture
def engagement():
    ship_playbooks()
    lead = UserFactory(roles=[Role.PM])
    engineers = [UserFactory(roles=[Role.PSE]) for _n in range(READERS - 1)]
    team = [("pm", lead), *(("pse", one) for one in engineers)]
    work = open_gate(registered(team=team, by=None, now=NOW), now=NOW)
    work.team.filter(role="pse").update(hours=40, first_day=NOW.date())
    return work


def last_step(engagement):
    return Step.objects.get(engagement=engagement, key="handoff-acknowledged").state


def is_done(engagement):
    return Handoff.objects.filter(engagement=engagement, done_at=NOW).exists()


def test_r5_who_read_it_at_the_same_moment_bring_it_to_its_end(
    engagement, tmp_path, monkeypatch
):
    handoff = begun(engagement)
    write(handoff, **TEXTS)
    add_outcome(handoff, OUTCOME)
    hold_handoff(again(handoff), NOW.date(), [], by=None, now=NOW)
    people = [reader.person for reader in all_readers(again(handoff))]
    assert len(people) == READERS
    steps = {
        asked.person_id: asked.step
        for asked in Acknowledgement.objects.select_related("step")
    }
    move_to_disk(tmp_path, monkeypatch)

    def read(number):
        person = people[number]
        if number % 2:
            complete_step(steps[person.pk], Completion(), by=person, now=NOW)
        else:
            acknowledge_handoff(again(handoff), by=person, now=NOW)

    at_once(read, READERS)

    assert elsewhere(lambda: is_done(engagement))
    assert elsewhere(lambda: last_step(engagement)) == StepState.DONE
