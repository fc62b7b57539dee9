import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections

from psdelivery.documents.services import add_link
from psdelivery.history.models import Event
from psdelivery.playbooks.choices import EvidenceWanted, OffsetKind, Repeat, StepState
from psdelivery.playbooks.events import StepCompleted, StepReopened
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import (
    Completion,
    reasons_against_completing,
)
from psdelivery.playbooks.services.checklists import set_anchor
from psdelivery.playbooks.services.steps import (
    complete_step,
    nearest_anchor,
    reopen_step,
    set_aside_step,
)
from psdelivery.registry import RuleRefused, reactions
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.playbooks import (
    NOW,
    PlaybookFactory,
    PlaybookStepFactory,
    StepFactory,
    start,
)

pytestmark = pytest.mark.django_db

KICKOFF = date(2027, 4, 12)
DATED = {"kickoff": KICKOFF}


@pytest.fixture
def playbook():
    return PlaybookFactory()


@pytest.fixture
def heard(monkeypatch):
    """What was published of steps during the test."""
    events = []
    monkeypatch.setattr(reactions, "_by_event", {})
    reactions.register(StepCompleted, events.append)
    reactions.register(StepReopened, events.append)
    return events


def one(playbook, *, anchors=DATED, **fields):
    """The step of a checklist made from a playbook of one step."""
    PlaybookStepFactory(playbook=playbook, key="one", **fields)
    return start(playbook, anchors=anchors).steps.get(key="one")


def tick(step, *, now=NOW, by=None, **handed_in):
    return complete_step(step, Completion(**handed_in), by=by, now=now)


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def test_a_tick_says_who_and_when_and_stops_the_reminders(playbook):
    step, person = one(playbook), UserFactory()

    tick(step, by=person, note="Called them")

    step.refresh_from_db()
    assert (step.state, step.done_at, step.done_by) == (StepState.DONE, NOW, person)
    assert (step.note, step.next_reminder_at) == ("Called them", None)


def test_a_tick_stands_in_the_history_of_the_engagement(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", title="Call")
    engagement, person = EngagementFactory(), UserFactory()
    checklist = start(playbook, engagement_id=engagement.pk)

    tick(checklist.steps.get(), by=person, note="They agreed")

    event = Event.objects.get(verb="step-completed")
    assert (event.engagement_id, event.actor) == (engagement.pk, person)
    assert (event.reason, event.subject_label) == ("They agreed", "Call")


def test_a_tick_is_told_to_the_places_below(playbook, heard):
    step = one(playbook)

    tick(step)
    reopen_step(step, by=None, now=NOW)

    assert heard == [
        StepCompleted(step, None, None, NOW),
        StepReopened(step, None, NOW),
    ]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (EvidenceWanted.NOTE, "note-missing"),
        (EvidenceWanted.LINK_OR_FILE, "evidence-missing"),
    ],
)
def test_a_tick_without_its_evidence_is_refused(playbook, wanted, code):
    step = one(playbook, evidence_wanted=wanted)

    with pytest.raises(RuleRefused) as refusal:
        tick(step, note="  ")

    assert codes(refusal) == [code]
    step.refresh_from_db()
    assert step.is_open
    assert not Event.objects.filter(verb="step-completed").exists()


def test_a_tick_with_its_evidence_passes(playbook):
    step = one(playbook, evidence_wanted=EvidenceWanted.LINK_OR_FILE)
    link = add_link("https://example.com/", title="", engagement=None, by=None, now=NOW)

    assert tick(step, evidence=link).evidence == link


def test_a_tick_that_dates_an_event_wants_its_day(playbook):
    step = one(playbook, sets_anchor="golive")

    with pytest.raises(RuleRefused) as refusal:
        tick(step)

    assert codes(refusal) == ["day-missing"]


def test_a_step_waits_for_the_open_steps_before_it(playbook):
    PlaybookStepFactory(playbook=playbook, key="first", title="Ask")
    PlaybookStepFactory(playbook=playbook, key="one", blocked_by=["first"])
    checklist = start(playbook)
    step = checklist.steps.get(key="one")

    with pytest.raises(RuleRefused) as refusal:
        tick(step)
    tick(checklist.steps.get(key="first"))

    assert [reason.sentence for reason in refusal.value.reasons] == [
        "“Ask” comes first."
    ]
    assert tick(step).state == StepState.DONE


def test_a_done_step_cannot_be_ticked_again(playbook):
    step = one(playbook)
    tick(step, note="First")

    with pytest.raises(RuleRefused) as refusal:
        tick(step, note="Second")

    assert codes(refusal) == ["not-open"]
    step.refresh_from_db()
    assert step.note == "First"


def test_all_reasons_are_told_at_once(playbook):
    PlaybookStepFactory(playbook=playbook, key="first")
    PlaybookStepFactory(
        playbook=playbook,
        key="one",
        blocked_by=["first"],
        evidence_wanted=EvidenceWanted.NOTE,
        sets_anchor="golive",
    )
    step = start(playbook).steps.get(key="one")

    reasons = reasons_against_completing(step, Completion())

    assert [reason.code for reason in reasons] == [
        "blocked",
        "note-missing",
        "day-missing",
    ]


def test_ticking_dates_the_anchor_that_the_step_sets(playbook):
    PlaybookStepFactory(playbook=playbook, key="follows", anchor="golive")
    step = one(playbook, sets_anchor="golive", title="Go live")

    tick(step, happened_on=date(2027, 5, 3))

    follows = step.checklist.steps.get(key="follows")
    assert follows.due_day == date(2027, 5, 6)
    assert Event.objects.get(verb="anchor-dated").reason == "Go live"


def test_the_anchor_set_may_be_one_of_the_parent(playbook):
    parent = start(playbook, anchors=DATED | {"golive": None})
    below = PlaybookFactory()
    PlaybookStepFactory(playbook=below, key="one", sets_anchor="golive")
    step = start(below, parent=parent, anchors={}).steps.get()

    tick(step, happened_on=date(2027, 5, 3))

    assert parent.anchors.get(key="golive").day == date(2027, 5, 3)
    assert nearest_anchor(step.checklist, "unheard-of") is None


def test_a_tick_passes_where_nothing_hangs_on_the_day_it_tells():
    step = StepFactory(sets_anchor="golive")

    assert tick(step, happened_on=KICKOFF).state == StepState.DONE


def test_a_weekly_step_is_followed_by_that_of_the_next_week(playbook):
    step = one(playbook, repeat=Repeat.WEEKLY, evidence_wanted=EvidenceWanted.NOTE)

    tick(step, note="All well")

    following = step.checklist.steps.get(period=1)
    assert following.due_day == step.due_day + timedelta(weeks=1)
    assert (following.is_open, following.note, following.done_at) == (True, "", None)


def test_a_repeated_moment_keeps_its_hour_over_the_clock_change(playbook):
    before_change = datetime(2027, 3, 24, 23, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    step = one(
        playbook,
        anchors={"kickoff": before_change},
        repeat=Repeat.WEEKLY,
        offset_unit=OffsetKind.HOURS,
        offset_value=0,
    )

    tick(step)

    following = step.checklist.steps.get(period=1)
    assert following.due_day == date(2027, 3, 31)


def test_a_row_of_weeks_ends_with_the_day_of_its_last_anchor(playbook):
    ends = DATED | {"planned_end": KICKOFF + timedelta(weeks=1)}
    step = one(playbook, anchors=ends, repeat=Repeat.WEEKLY, repeat_until="planned_end")

    tick(step)
    tick(step.checklist.steps.get(period=1))

    periods = step.checklist.steps.values_list("period", flat=True)
    assert sorted(periods) == [0, 1]


def test_a_row_goes_on_while_its_end_is_not_known(playbook):
    ends = DATED | {"planned_end": None}
    step = one(
        playbook, anchors=ends, repeat=Repeat.MONTHLY, repeat_until="planned_end"
    )

    tick(step)

    assert step.checklist.steps.get(period=1).due_day == date(2027, 5, 15)


def test_a_row_without_a_begin_does_not_go_on(playbook):
    step = one(playbook, anchors={"kickoff": None}, repeat=Repeat.WEEKLY)

    tick(step)

    assert step.checklist.steps.count() == 1


def test_a_period_is_opened_once_however_often_the_last_is_ticked(playbook):
    step = one(playbook, repeat=Repeat.WEEKLY)

    tick(step)
    reopen_step(step, by=None, now=NOW)
    tick(step)

    assert step.checklist.steps.filter(period=1).count() == 1


def test_a_date_pinned_by_hand_is_not_pinned_for_the_next_period(playbook):
    step = one(playbook, repeat=Repeat.WEEKLY)
    Step.objects.filter(pk=step.pk).update(pinned=True, due_day=date(2027, 4, 30))

    tick(step)

    following = step.checklist.steps.get(period=1)
    assert (following.pinned, following.due_day) == (False, date(2027, 4, 22))


def test_r21_a_period_opened_late_is_told_to_its_owner_first(playbook):
    step = one(playbook, repeat=Repeat.WEEKLY)
    late = datetime(2027, 5, 31, 12, tzinfo=ZoneInfo("Europe/Berlin"))

    tick(step, now=late)

    # Due on 22 April, and not escalated for the weeks in which it was not there.
    following = step.checklist.steps.get(period=1)
    assert following.next_reminder_at == datetime(
        2027, 4, 22, 8, tzinfo=ZoneInfo("Europe/Berlin")
    )


def test_setting_aside_keeps_the_reason(playbook):
    step, person = one(playbook), UserFactory()

    set_aside_step(step, by=person, reason="They host it", now=NOW)

    step.refresh_from_db()
    assert (step.state, step.note) == (StepState.NOT_APPLICABLE, "They host it")
    assert step.next_reminder_at is None
    assert Event.objects.get(verb="step-set-aside").reason == "They host it"


def test_a_week_set_aside_is_followed_by_the_next(playbook):
    step = one(playbook, repeat=Repeat.WEEKLY)

    set_aside_step(step, by=UserFactory(), reason="No hours this week", now=NOW)

    following = step.checklist.steps.get(period=1)
    assert (following.is_open, following.note) == (True, "")


def test_setting_aside_without_a_reason_is_refused(playbook):
    step = one(playbook)

    with pytest.raises(RuleRefused) as refusal:
        set_aside_step(step, by=UserFactory(), reason=" ", now=NOW)

    assert codes(refusal) == ["reason-missing"]


def test_a_step_set_aside_no_longer_blocks(playbook):
    PlaybookStepFactory(playbook=playbook, key="first")
    PlaybookStepFactory(playbook=playbook, key="one", blocked_by=["first"])
    checklist = start(playbook)
    first = checklist.steps.get(key="first")

    set_aside_step(first, by=UserFactory(), reason="None", now=NOW)

    assert tick(checklist.steps.get(key="one")).state == StepState.DONE


@pytest.mark.parametrize("settle", [tick, lambda step: aside(step)])
def test_what_was_settled_can_be_opened_again_with_its_reminders(playbook, settle):
    step = one(playbook)
    settle(step)

    reopened = reopen_step(step, by=UserFactory(), reason="A slip", now=NOW)

    assert (reopened.state, reopened.done_at, reopened.done_by) == ("open", None, None)
    assert reopened.next_reminder_at is not None
    assert Event.objects.get(verb="step-reopened").reason == "A slip"


def aside(step):
    return set_aside_step(step, by=UserFactory(), reason="No", now=NOW)


def test_an_open_step_cannot_be_opened_again(playbook):
    with pytest.raises(RuleRefused) as refusal:
        reopen_step(one(playbook), by=None, now=NOW)

    assert codes(refusal) == ["not-done"]


def test_r20_a_reopened_step_follows_what_moved_meanwhile(playbook):
    step = one(playbook)
    tick(step)
    set_anchor(step.checklist, "kickoff", date(2027, 5, 3), by=None, now=NOW)

    assert reopen_step(step, by=None, now=NOW).due_day == date(2027, 5, 6)


@pytest.mark.django_db(transaction=True)
def test_two_people_ticking_at_once_give_one_done(playbook):
    if connection.vendor != "postgresql":
        pytest.skip("two connections to one test database need PostgreSQL")
    step = one(playbook, repeat=Repeat.WEEKLY)
    people, begin, results = [UserFactory(), UserFactory()], threading.Barrier(2), []

    def click(person):
        begin.wait(10)
        try:
            tick(step, by=person)
            results.append("done")
        except RuleRefused as refusal:
            results.append(refusal.reasons[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(results) == ["done", "not-open"]
    assert Event.objects.filter(verb="step-completed").count() == 1
    assert step.checklist.steps.count() == 2
