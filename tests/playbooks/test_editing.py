from datetime import timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.playbooks.models import Playbook, PlaybookStep
from psdelivery.playbooks.rules.editing import (
    difference_between,
    problems_of_condition,
    problems_of_reminders,
    reasons_against_publishing,
)
from psdelivery.playbooks.services.editing import (
    discard_draft,
    note_draft,
    publish_draft,
    remove_draft_step,
    save_draft_step,
    shift_draft_step,
    start_draft,
)
from psdelivery.playbooks.services.shipped import load_playbook
from psdelivery.registry import RuleRefused
from tests.factories.people import UserFactory
from tests.factories.playbooks import NOW, PlaybookFactory, PlaybookStepFactory, start

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def playbook():
    playbook = PlaybookFactory(title="Class")
    PlaybookStepFactory(playbook=playbook, key="plan", title="Plan", order=0)
    PlaybookStepFactory(
        playbook=playbook, key="link", title="Link", order=1, blocked_by=["plan"]
    )
    return playbook


def titles(playbook):
    return [step.title for step in playbook.steps.order_by("order")]


def test_a_draft_copies_the_current_version_and_leaves_it_alone(playbook, by):
    draft = start_draft(playbook.key, by=by, now=NOW)
    step = draft.steps.get(key="link")
    step.title = "Send the link"
    save_draft_step(step, by=by, now=LATER)

    assert titles(playbook) == ["Plan", "Link"]
    assert titles(draft) == ["Plan", "Send the link"]
    assert draft.steps.get(key="link").blocked_by == ["plan"]
    assert Playbook.objects.current().get(key=playbook.key) == playbook


def test_a_second_person_goes_on_with_the_same_draft(playbook, by):
    first = start_draft(playbook.key, by=by, now=NOW)

    assert start_draft(playbook.key, by=UserFactory(), now=LATER) == first


def test_a_new_step_stands_last_and_a_removed_one_blocks_nobody(playbook, by):
    draft = start_draft(playbook.key, by=by, now=NOW)
    new = PlaybookStepFactory.build(playbook=draft, key="new", title="New")
    save_draft_step(new, by=by, now=NOW)
    remove_draft_step(draft.steps.get(key="plan"), by=by, now=NOW)

    assert titles(draft) == ["Link", "New"]
    assert draft.steps.get(key="link").blocked_by == []


def test_steps_change_places_within_their_phase(playbook, by):
    draft = start_draft(playbook.key, by=by, now=NOW)
    shift_draft_step(draft.steps.get(key="link"), up=True, by=by, now=NOW)
    assert titles(draft) == ["Link", "Plan"]

    shift_draft_step(draft.steps.get(key="link"), up=True, by=by, now=NOW)
    assert titles(draft) == ["Link", "Plan"]


def test_a_published_draft_is_what_new_checklists_are_made_from(playbook, by):
    running = start(playbook)
    draft = start_draft(playbook.key, by=by, now=NOW)
    step = draft.steps.get(key="link")
    step.title = "Send the link"
    save_draft_step(step, by=by, now=NOW)
    note_draft(draft, "Clearer words", title="Class", by=by, now=NOW)
    publish_draft(draft, by=by, now=LATER)

    fresh = start(playbook)
    assert fresh.playbook.version == 2
    assert fresh.steps.filter(title="Send the link").exists()
    assert running.steps.filter(title="Link").exists()
    event = Event.objects.get(verb="playbook-published")
    assert (event.reason, event.changes["version"]) == ("Clearer words", [1, 2])


def test_shipped_data_leave_a_published_playbook_alone(playbook, by):
    draft = start_draft(playbook.key, by=by, now=NOW)
    note_draft(draft, "Other name", title="Course", by=by, now=NOW)
    publish_draft(draft, by=by, now=NOW)

    assert load_playbook({"key": playbook.key, "title": "Shipped", "step": []}) is None


def test_a_draft_that_says_nothing_new_or_lacks_its_note_is_refused(playbook, by):
    draft = start_draft(playbook.key, by=by, now=NOW)

    with pytest.raises(RuleRefused) as refused:
        publish_draft(draft, by=by, now=NOW)

    codes = [reason.code for reason in refused.value.reasons]
    assert codes == ["nothing-new", "note-missing"]


def test_a_draft_thrown_away_cannot_be_published(playbook, by):
    draft = start_draft(playbook.key, by=by, now=NOW)
    discard_draft(draft, by=by, now=NOW)

    with pytest.raises(RuleRefused):
        publish_draft(draft, by=by, now=NOW)
    assert not PlaybookStep.objects.filter(playbook__key=playbook.key).count() > 2


def test_steps_that_wait_for_each_other_are_refused(playbook):
    steps = [
        PlaybookStep(key="a", title="A", blocked_by=["b"]),
        PlaybookStep(key="b", title="B", blocked_by=["a"]),
        PlaybookStep(key="c", title="C", blocked_by=["a"]),
        PlaybookStep(key="d", title="D", blocked_by=[]),
    ]

    (reason,) = reasons_against_publishing(steps)

    assert reason.code == "circle"
    assert "“A”, “B”, “C”" in reason.sentence


def test_a_step_that_waits_for_an_unknown_one_is_refused():
    steps = [PlaybookStep(key="a", title="A", blocked_by=["gone"])]

    assert [r.code for r in reasons_against_publishing(steps)] == ["unknown-blocker"]
    assert [r.code for r in reasons_against_publishing([])] == ["no-steps"]


@pytest.mark.parametrize(
    ("days", "count"),
    [
        ({"owner": [2, 0], "coordinator": [1], "manager": [3]}, 0),
        ({}, 0),
        ({"owner": [400]}, 0),
        ({"owner": [401]}, 1),
        ({"owner": [-1]}, 1),
        ({"owner": [2, 2]}, 1),
        ({"everybody": [1]}, 1),
        ({"owner": list(range(11))}, 1),
    ],
)
def test_r21_reminder_days_of_a_playbook_have_bounds(days, count):
    assert len(problems_of_reminders(days)) == count


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ({}, 0),
        ({"labs": True, "size": ["small", "medium"]}, 0),
        ({"size": "huge"}, 1),
        ({"weather": True}, 1),
        ({"kind": ["training", "party"]}, 1),
    ],
)
def test_a_condition_asks_for_known_facts(condition, count):
    assert len(problems_of_condition(condition)) == count


def test_the_difference_names_what_came_went_and_changed():
    old = [PlaybookStep(key="a", title="A"), PlaybookStep(key="b", title="B")]
    new = [
        PlaybookStep(key="b", title="B", offset_value=3),
        PlaybookStep(key="c", title="C"),
    ]

    difference = difference_between(old, new)

    assert [step.key for step in difference.added] == ["c"]
    assert [step.key for step in difference.removed] == ["a"]
    assert [(c.key, c.fields) for c in difference.changed] == [("b", ("offset_value",))]
    assert difference.keys == {"a", "b", "c"}
    assert difference_between(old, old).is_empty
