from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from psdelivery.people.choices import EngagementRole
from psdelivery.playbooks.choices import StepState
from psdelivery.playbooks.models import Checklist, Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.checklists import (
    cancel_steps,
    change_owners,
    move_checklist_zone,
    pause_checklists,
    resume_checklists,
    revive_steps,
    set_anchor,
)
from psdelivery.playbooks.services.facts import adapt_checklist
from psdelivery.playbooks.services.steps import complete_step
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.playbooks import (
    NOW,
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db

KICKOFF = date(2027, 4, 12)
DATED = {"kickoff": KICKOFF}
MONTH = timedelta(days=30)


@pytest.fixture
def playbook():
    return PlaybookFactory()


def berlin(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Berlin"))


def step_of(checklist, key="one"):
    return checklist.steps.get(key=key)


def test_r23_open_steps_go_to_the_new_holder_and_done_ones_stay(playbook):
    for key in ("open", "done"):
        PlaybookStepFactory(playbook=playbook, key=key, owner_role=EngagementRole.PM)
    old, new = UserFactory(), UserFactory()
    checklist = start(playbook, people=owners(pm=old), anchors=DATED)
    complete_step(step_of(checklist, "done"), Completion(), by=old, now=NOW)

    moved = change_owners(checklist, owners(pm=new), by=None, now=NOW)

    assert moved == 1
    assert step_of(checklist, "open").assignee == new
    assert step_of(checklist, "done").assignee == old


def test_nothing_changes_hands_while_the_holders_are_the_same(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", owner_role=EngagementRole.PM)
    people = owners(pm=UserFactory())
    checklist = start(playbook, people=people, anchors=DATED)

    assert change_owners(checklist, people, by=None, now=NOW) == 0


def test_r23_a_role_that_loses_its_holder_falls_to_the_pool(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", owner_role=EngagementRole.PM)
    checklist = start(playbook, people=owners(pm=UserFactory()), anchors=DATED)
    behind = owners()

    change_owners(checklist, behind, by=None, now=NOW)

    assert (step_of(checklist).assignee, step_of(checklist).pool) == (None, behind.pool)


def test_dates_on_the_owners_calendar_follow_the_new_owner(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", calendar="owner")
    checklist = start(playbook, people=owners(pc=UserFactory()), anchors=DATED)
    sydney = UserFactory(zone="Australia/Sydney")

    change_owners(checklist, owners(pc=sydney), by=None, now=NOW)

    assert step_of(checklist).due_zone == "Australia/Sydney"
    assert step_of(checklist).due_at == datetime(
        2027, 4, 16, tzinfo=ZoneInfo("Australia/Sydney")
    )


def test_the_checklist_escalates_to_the_new_people(playbook):
    checklist = start(playbook)
    coordinator, manager = UserFactory(), UserFactory()

    new = owners(coordinator=coordinator, manager=manager)
    change_owners(checklist, new, by=None, now=NOW)

    checklist.refresh_from_db()
    assert (checklist.coordinator, checklist.manager) == (coordinator, manager)


def test_changing_owners_takes_the_same_queries_for_3_and_60_steps():
    counts = []
    for count in (3, 60):
        playbook = PlaybookFactory()
        for number in range(count):
            PlaybookStepFactory(playbook=playbook, owner_role=["pm", "pc"][number % 2])
        people = owners(pm=UserFactory(), coordinator=UserFactory())
        checklist = start(playbook, people=people, anchors=DATED)
        new = owners(pm=UserFactory(), coordinator=UserFactory())
        with CaptureQueriesContext(connection) as queries:
            change_owners(checklist, new, by=None, now=NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_same_zone_again_computes_nothing_anew(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", calendar="session")
    checklist = start(playbook, anchors=DATED)
    checklist.steps.update(due_zone="as it was")

    move_checklist_zone(checklist, "Europe/Berlin", now=NOW)

    assert step_of(checklist).due_zone == "as it was"


def test_the_session_calendar_moves_to_another_zone(playbook):
    PlaybookStepFactory(playbook=playbook, key="one", calendar="session")
    PlaybookStepFactory(playbook=playbook, key="other", calendar="company")
    checklist = start(playbook, anchors=DATED)
    before = step_of(checklist, "other").due_at

    move_checklist_zone(checklist, "Australia/Sydney", now=NOW)

    assert step_of(checklist).due_zone == "Australia/Sydney"
    assert step_of(checklist, "other").due_at == before


def paused_engagement(playbook, days_before):
    """An engagement put on hold, whose step was due so many days before it ends."""
    engagement = EngagementFactory()
    checklist = start(
        playbook, engagement_id=engagement.pk, anchors=DATED, people=owners()
    )
    pause_checklists(engagement.pk)
    return engagement, checklist, step_of(checklist).due_at + days_before


def test_on_hold_nothing_reminds_and_nothing_is_late(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")

    _engagement, checklist, later = paused_engagement(playbook, MONTH)

    assert step_of(checklist).next_reminder_at is None
    assert not Step.objects.late(later).exists()
    assert not Step.objects.running().exists()


def test_an_anchor_moved_on_hold_reminds_nobody(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    _engagement, checklist, _later = paused_engagement(playbook, MONTH)

    set_anchor(checklist, "kickoff", date(2027, 5, 3), by=None, now=NOW)

    assert step_of(checklist).due_day == date(2027, 5, 6)
    assert step_of(checklist).next_reminder_at is None


def test_a_checklist_started_below_one_on_hold_is_on_hold(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    _engagement, checklist, _later = paused_engagement(playbook, MONTH)
    checklist.refresh_from_db()

    below = start(playbook, parent=checklist, anchors={})

    assert below.is_paused
    assert step_of(below).next_reminder_at is None


def test_r21_after_a_hold_the_owner_hears_first_and_not_the_manager(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    engagement, checklist, _later = paused_engagement(playbook, MONTH)
    resumed = berlin(2027, 5, 19, 12)

    resume_checklists(engagement.pk, now=resumed)

    # The owner's morning of the deadline is long past: it is told at once.
    assert step_of(checklist).next_reminder_at == berlin(2027, 4, 15, 8)
    assert Step.objects.late(resumed).exists()


def test_resuming_leaves_done_steps_alone(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    engagement, checklist, later = paused_engagement(playbook, MONTH)
    complete_step(step_of(checklist), Completion(), by=None, now=NOW)

    resume_checklists(engagement.pk, now=later)

    assert step_of(checklist).next_reminder_at is None
    assert not Checklist.objects.filter(is_paused=True).exists()


def test_cancelled_steps_come_back_with_their_reminders(playbook):
    for key in ("one", "done"):
        PlaybookStepFactory(playbook=playbook, key=key)
    checklist = start(playbook, anchors=DATED)
    complete_step(step_of(checklist, "done"), Completion(), by=None, now=NOW)

    assert cancel_steps(checklist.steps.all(), now=NOW) == 1
    cancelled = step_of(checklist)
    assert revive_steps(checklist.steps.all(), now=NOW) == 1

    assert cancelled.state == StepState.CANCELLED
    assert cancelled.next_reminder_at is None
    assert step_of(checklist).state == StepState.OPEN
    assert step_of(checklist).next_reminder_at is not None
    assert step_of(checklist, "done").state == StepState.DONE


def test_revived_steps_follow_what_moved_meanwhile(playbook):
    PlaybookStepFactory(playbook=playbook, key="one")
    checklist = start(playbook, anchors=DATED)
    cancel_steps(checklist.steps.all(), now=NOW)
    set_anchor(checklist, "kickoff", date(2027, 5, 3), by=None, now=NOW)

    revive_steps(checklist.steps.all(), now=NOW)

    assert step_of(checklist).due_day == date(2027, 5, 6)


def test_conditional_steps_come_and_go_with_the_facts(playbook):
    PlaybookStepFactory(playbook=playbook, key="always")
    PlaybookStepFactory(playbook=playbook, key="labs", condition={"labs": True})
    PlaybookStepFactory(playbook=playbook, key="onsite", condition={"remote": False})
    people = owners()
    checklist = start(
        playbook, people=people, facts={"labs": True, "remote": True}, anchors=DATED
    )

    adapt_checklist(checklist, {"labs": False, "remote": False}, people, now=NOW)

    states = dict(checklist.steps.values_list("key", "state"))
    assert states == {"always": "open", "labs": "cancelled", "onsite": "open"}
    assert step_of(checklist, "onsite").due_day == date(2027, 4, 15)


def test_a_fact_that_comes_back_opens_its_step_again(playbook):
    PlaybookStepFactory(playbook=playbook, key="labs", condition={"labs": True})
    people = owners()
    checklist = start(playbook, people=people, facts={"labs": True}, anchors=DATED)

    adapt_checklist(checklist, {"labs": False}, people, now=NOW)
    adapt_checklist(checklist, {"labs": True}, people, now=NOW)

    assert step_of(checklist, "labs").state == StepState.OPEN
    assert checklist.steps.count() == 1


def test_what_is_done_stays_done_when_the_facts_change(playbook):
    PlaybookStepFactory(playbook=playbook, key="labs", condition={"labs": True})
    people = owners()
    checklist = start(playbook, people=people, facts={"labs": True}, anchors=DATED)
    complete_step(step_of(checklist, "labs"), Completion(), by=None, now=NOW)

    adapt_checklist(checklist, {"labs": False}, people, now=NOW)

    assert step_of(checklist, "labs").state == StepState.DONE


def test_r11_a_step_added_inside_its_span_is_late_by_design(playbook):
    PlaybookStepFactory(
        playbook=playbook,
        key="link",
        condition={"remote": True},
        offset_value=-14,
        due_at_once=True,
    )
    people = owners()
    checklist = start(playbook, people=people, facts={"remote": False}, anchors=DATED)

    online = berlin(2027, 4, 7, 12)
    adapt_checklist(checklist, {"remote": True}, people, now=online)

    link = step_of(checklist, "link")
    assert (link.due_day, link.late_by_design) == (date(2027, 4, 7), True)


def test_an_added_step_waits_for_the_steps_before_it(playbook):
    PlaybookStepFactory(playbook=playbook, key="first")
    PlaybookStepFactory(
        playbook=playbook,
        key="labs",
        condition={"labs": True},
        anchor="lab_day",
        sets_anchor="labs_ready",
        blocked_by=["first"],
    )
    people = owners()
    checklist = start(playbook, people=people, facts={"labs": False})

    adapt_checklist(checklist, {"labs": True}, people, now=NOW)

    added = step_of(checklist, "labs")
    assert [blocker.key for blocker in added.blockers.all()] == ["first"]
    assert added.due_at is None
    assert set(checklist.anchors.values_list("key", flat=True)) == {
        "kickoff",
        "lab_day",
        "labs_ready",
    }
