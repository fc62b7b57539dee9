from datetime import timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.keepers import Keeping, keepers
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.queries import older_checklists
from psdelivery.playbooks.services.adoption import adopt, adoption_of
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.editing import (
    note_draft,
    publish_draft,
    remove_draft_step,
    save_draft_step,
    start_draft,
)
from psdelivery.playbooks.services.facts import adapt_checklist
from psdelivery.playbooks.services.steps import Completion, complete_step
from psdelivery.registry import RuleRefused
from tests.factories.people import UserFactory
from tests.factories.playbooks import (
    NOW,
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def people():
    return owners(pc=UserFactory(), pm=UserFactory())


@pytest.fixture
def checklist(people, monkeypatch):
    """A running checklist: plan and book are open, old is open, told is done."""
    monkeypatch.setattr(keepers, "_keepers", {})
    keepers.register("test", lambda checklist: Keeping({"labs": True}, people))
    playbook = PlaybookFactory(key="class")
    for order, key in enumerate(["plan", "book", "old", "told"]):
        PlaybookStepFactory(playbook=playbook, key=key, title=key, order=order)
    checklist = start(playbook, people=people)
    set_anchor(checklist, "kickoff", NOW.date(), by=None, now=NOW)
    told = checklist.steps.get(key="told")
    complete_step(told, Completion(), by=None, now=NOW)
    return checklist


@pytest.fixture
def published(checklist):
    """Version 2: plan later and for the PM, told renamed, old gone, two new ones."""
    by = UserFactory()
    draft = start_draft("class", by=by, now=NOW)
    plan, told = draft.steps.get(key="plan"), draft.steps.get(key="told")
    plan.title, plan.offset_value = "Plan well", 10
    plan.owner_role = EngagementRole.PM
    told.title = "Tell"
    save_draft_step(plan, by=by, now=NOW)
    save_draft_step(told, by=by, now=NOW)
    remove_draft_step(draft.steps.get(key="old"), by=by, now=NOW)
    for key, condition in [("labs", {"labs": True}), ("room", {"labs": False})]:
        step = PlaybookStepFactory.build(
            playbook=draft, key=key, title=key, condition=condition, blocked_by=["plan"]
        )
        save_draft_step(step, by=by, now=NOW)
    note_draft(draft, "Better", title="Class", by=by, now=NOW)
    return publish_draft(draft, by=by, now=NOW)


def step(checklist, key):
    return Step.objects.get(checklist=checklist, key=key)


def test_a_running_checklist_does_not_change_by_itself(checklist, published):
    assert step(checklist, "plan").title == "plan"
    assert list(older_checklists(published)) == [checklist]


def test_the_offer_leaves_out_done_steps_and_conditions_that_do_not_hold(
    checklist, published
):
    offered = adoption_of(checklist)

    assert [offer.key for offer in offered.added] == ["labs"]
    assert [offer.key for offer in offered.removed] == ["old"]
    ((key, fields),) = [(offer.key, offer.fields) for offer in offered.changed]
    assert key == "plan"
    assert set(fields) == {"title", "owner_role", "offset_value"}


def test_what_is_chosen_is_taken_over_with_owner_date_and_order(
    checklist, published, people
):
    by = UserFactory()
    adopt(checklist, {"plan", "old", "labs"}, version=2, by=by, now=LATER)

    plan = step(checklist, "plan")
    assert (plan.title, plan.assignee) == ("Plan well", people.by_role["pm"])
    assert plan.due_day == NOW.date() + timedelta(days=10)
    assert step(checklist, "old").state == StepState.CANCELLED
    assert list(step(checklist, "labs").blockers.all()) == [plan]
    assert step(checklist, "told").title == "told"
    assert adoption_of(checklist.__class__.objects.get(pk=checklist.pk)) is None
    event = Event.objects.get(verb="playbook-adopted")
    assert (event.actor, event.changes["left_as_it_was"][1]) == (by, [])


def test_what_is_not_chosen_stays_for_good(checklist, published, people):
    adopt(checklist, set(), version=2, by=UserFactory(), now=LATER)
    checklist.refresh_from_db()
    adapt_checklist(checklist, {"labs": True}, people, now=LATER)

    assert step(checklist, "plan").title == "plan"
    assert step(checklist, "old").state == StepState.OPEN
    assert step(checklist, "labs").state == StepState.NOT_APPLICABLE
    assert "version 2" in step(checklist, "labs").note
    assert not older_checklists(published).exists()


def test_a_delegated_step_stays_with_whom_it_was_given_to(checklist, published):
    friend = UserFactory()
    Step.objects.filter(checklist=checklist, key="plan").update(
        assignee=friend, pool=None, is_delegated=True
    )

    adopt(checklist, {"plan"}, version=2, by=UserFactory(), now=LATER)

    assert step(checklist, "plan").assignee == friend


def test_what_the_person_did_not_see_is_refused(checklist, published):
    with pytest.raises(RuleRefused):
        adopt(checklist, {"plan"}, version=1, by=UserFactory(), now=LATER)

    assert step(checklist, "plan").title == "plan"
