"""The training event plan: begun, decided, kept in versions, and what is open."""

from datetime import timedelta

import pytest

from psdelivery.history.models import Event
from psdelivery.livetext.models import LiveText
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Step
from psdelivery.registry import RuleRefused
from tests.factories.handoff import hand_over
from tests.factories.people import ContactFactory
from tests.factories.training import NOW, plan_class
from training.choices import DeliveryState, Place, Platform
from training.event_plan import plan_of, state_of
from training.models import Delivery
from training.rules.event_plan import (
    PlanState,
    changed_lines,
    differences,
    open_items,
)
from training.services.event_plan import (
    Keeping,
    begin_plan,
    decide_choices,
    keep_version,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
LABELS = {"audience": "Who attends", "notes": "Notes", "open_items": "Open items"}
DECIDED = {
    "place": Place.REMOTE,
    "address": "",
    "platform": Platform.MEETING,
    "seats": 14,
    "language": "German",
    "materials_language": "English",
    "labs": "no",
    "certification": "yes",
    "recording": "yes",
    "recording_for": "Attendees alone",
}


@pytest.fixture
def plan(delivery, coordinator):
    return begin_plan(delivery, by=coordinator, now=NOW)


def write(plan, **texts):
    for key, text in texts.items():
        LiveText.objects.filter(sheet=plan.sheet, key=key).update(text=text)


def write_everything(plan):
    keys = ("audience", "knowledge", "topics", "logistics_contact", "hardware")
    write(plan, materials="PDF", **dict.fromkeys(keys, "Known"))


def state_of_step(delivery, key):
    return Step.objects.get(checklist=delivery.checklist_id, key=key)


def sentences(state):
    return [item.sentence for item in open_items(state)]


@pytest.mark.unit
def test_what_is_empty_or_undecided_is_open():
    found = sentences(PlanState({}, LABELS, materials_language="English"))

    assert found == [
        "Remote or on site: to be decided.",
        "Meeting or webinar: to be decided.",
        "Labs: to be decided.",
        "Certification: to be decided.",
        "Recording: to be decided.",
        "Who attends: nothing is written yet.",
    ]


@pytest.mark.unit
def test_what_was_noted_as_open_is_told_line_by_line():
    texts = {"audience": "Ops", "open_items": "- Proxy: Jane, 3 March\n\n* Badge\n "}
    everything = frozenset({"place", "platform", "labs", "certification", "recording"})
    state = PlanState(texts, LABELS, decided=everything, materials_language="English")

    assert sentences(state) == ["Proxy: Jane, 3 March", "Badge"]
    assert {item.part for item in open_items(state)} == {"live-open_items"}


@pytest.mark.unit
def test_a_recording_needs_who_gets_it_and_a_place_its_address():
    state = PlanState({}, {}, recording="yes", is_on_site=True)

    found = sentences(state)

    assert "Recording: who gets it?" in found
    assert "Address: where is the class?" in found
    assert "Meeting or webinar: to be decided." not in found


@pytest.mark.unit
def test_differences_are_told_part_by_part_and_line_by_line():
    old = {"audience": "Ops\n12 people", "notes": "same"}
    new = {"audience": "Ops\n14 people", "notes": "same", "open_items": "Proxy"}

    found = differences(old, new, LABELS)

    assert [one.label for one in found] == ["Who attends", "Open items"]
    assert [(line.kind, line.text) for line in found[0].lines] == [
        ("same", "Ops"),
        ("removed", "12 people"),
        ("added", "14 people"),
    ]
    assert [line.kind for line in changed_lines("", "Proxy")] == ["added"]


def test_a_plan_begins_with_what_engagement_and_class_say(engagement, coordinator):
    engagement.main_contact = ContactFactory(
        customer=engagement.customer, name="Jane Roe", email="jane@acme.example"
    )
    engagement.save()
    delivery = plan_class(engagement, place=Place.ON_SITE, address="1 George St")

    begun = begin_plan(delivery, by=coordinator, now=NOW)
    again = begin_plan(delivery, by=coordinator, now=LATER)

    texts = state_of(begun).texts
    assert texts["logistics_contact"].startswith("Jane Roe")
    assert "jane@acme.example" in texts["logistics_contact"]
    assert texts["on_site"] == "1 George St"
    assert begun.choices == {"decided": [], "materials_language": "English"}
    assert again.pk == begun.pk
    assert Event.objects.filter(verb="plan-begun").count() == 1


def test_no_plan_is_begun_for_a_class_that_was_called_off(delivery, coordinator):
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.CANCELLED)
    delivery.refresh_from_db()

    with pytest.raises(RuleRefused):
        begin_plan(delivery, by=coordinator, now=NOW)

    assert plan_of(delivery) is None


def test_choices_of_the_class_are_written_to_the_class_alone(plan, coordinator):
    decided = decide_choices(plan, DECIDED, by=coordinator, now=NOW)

    delivery = Delivery.objects.get(pk=plan.delivery_id)
    assert (delivery.seats, delivery.language) == (14, "German")
    assert (delivery.with_labs, delivery.with_certification) == (False, True)
    platforms = delivery.sessions.values_list("platform", flat=True)
    assert set(platforms) == {Platform.MEETING}
    assert decided.choices == {
        "decided": ["place", "platform", "labs", "certification", "recording"],
        "recording": "yes",
        "recording_for": "Attendees alone",
        "materials_language": "English",
    }
    # Without labs the class has no steps for them.
    assert state_of_step(delivery, "lab-code").state != StepState.OPEN


def test_a_choice_that_is_open_again_leaves_the_class_as_it_is(plan, coordinator):
    decide_choices(plan, DECIDED, by=coordinator, now=NOW)
    undecided = DECIDED | {"labs": "", "platform": "", "recording": ""}

    plan = decide_choices(plan, undecided, by=coordinator, now=LATER)

    delivery = Delivery.objects.get(pk=plan.delivery_id)
    assert delivery.with_labs is False
    assert plan.choices["decided"] == ["place", "certification"]
    told = Event.objects.filter(verb="plan-decided").order_by("-pk").first()
    assert told.changes["labs"] == ["no", "open"]


def test_the_first_version_ticks_the_draft_with_the_version_as_evidence(
    plan, coordinator
):
    version = keep_version(plan, Keeping("First"), by=coordinator, now=NOW)

    drafted = state_of_step(plan.delivery, "event-plan-drafted")
    completed = state_of_step(plan.delivery, "event-plan-completed")
    assert (drafted.state, completed.state) == (StepState.DONE, StepState.OPEN)
    assert drafted.evidence.url.endswith(
        f"/training/classes/{plan.delivery_id}/plan/versions/1/"
    )
    assert version.texts["seats"] == "12"
    assert "Who attends: nothing is written yet." in version.texts["still_open"]


def test_a_version_without_a_change_is_not_kept(plan, coordinator):
    keep_version(plan, Keeping(), by=coordinator, now=NOW)

    with pytest.raises(RuleRefused) as refusal:
        keep_version(plan, Keeping(), by=coordinator, now=LATER)

    assert [one.code for one in refusal.value.reasons] == ["unchanged"]
    assert plan.versions.count() == 1


def test_a_complete_plan_ticks_both_steps(plan, coordinator):
    hand_over(plan.delivery.engagement, by=coordinator, now=NOW)
    decide_choices(plan, DECIDED, by=coordinator, now=NOW)
    write_everything(plan)

    keep_version(plan, Keeping(is_complete=True), by=coordinator, now=LATER)

    plan.refresh_from_db()
    assert (plan.version, plan.completed_at) == (1, LATER)
    for key in ("event-plan-drafted", "event-plan-completed"):
        step = state_of_step(plan.delivery, key)
        assert (step.state, step.done_by) == (StepState.DONE, coordinator)


def test_a_complete_plan_with_open_items_says_who_settles_them(plan, coordinator):
    hand_over(plan.delivery.engagement, by=coordinator, now=NOW)
    with pytest.raises(RuleRefused) as refusal:
        keep_version(plan, Keeping(is_complete=True), by=coordinator, now=NOW)
    assert [one.code for one in refusal.value.reasons] == ["note"]

    kept = keep_version(
        plan,
        Keeping("Jane tries the proxy until 3 March", is_complete=True),
        by=coordinator,
        now=NOW,
    )

    assert kept.number == 1
    step = state_of_step(plan.delivery, "event-plan-completed")
    assert step.note == "Jane tries the proxy until 3 March"
