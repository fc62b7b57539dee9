from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from psdelivery.history.models import Event
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.people.register import portal_settings
from psdelivery.playbooks.choices import EvidenceWanted, Phase
from psdelivery.playbooks.models import Anchor, Checklist, Playbook, Step
from psdelivery.playbooks.rules.adhoc import AdHocStep, reasons_against_asking
from psdelivery.playbooks.rules.deadlines import why_due
from psdelivery.playbooks.services.adhoc import add_step, standing_checklist
from psdelivery.playbooks.services.checklists import change_owners, set_anchor
from psdelivery.playbooks.services.deadlines import timing_of
from psdelivery.registry import RuleRefused
from tests.factories.engagements import EngagementFactory
from tests.factories.people import (
    ContactFactory,
    CustomerFactory,
    PoolFactory,
    RegionFactory,
    UserFactory,
)
from tests.factories.playbooks import (
    NOW,
    ChecklistFactory,
    PlaybookFactory,
    PlaybookStepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db

DAY = date(2027, 4, 12)


def ask(checklist, *, by=None, holders=None, **asked):
    given = {"title": "Ask about the proxy", "due_day": DAY} | asked
    step = AdHocStep(**given)
    return add_step(checklist, step, owners=holders, by=by, now=NOW)


def codes(asked):
    return [reason.code for reason in reasons_against_asking(asked)]


def test_a_step_is_asked_of_a_person_by_a_day():
    anna, by = UserFactory(zone="Australia/Sydney", country="AU"), UserFactory()
    checklist = ChecklistFactory(engagement=EngagementFactory())

    step = ask(
        checklist,
        assignee=anna,
        by=by,
        phase=Phase.DELIVER,
        instructions="See the **notes**",
        subject_url="/engagements/1/handoff/",
        evidence_wanted=EvidenceWanted.NOTE,
    )

    step.refresh_from_db()
    assert (step.title, step.assignee, step.pool) == ("Ask about the proxy", anna, None)
    assert (step.due_day, step.due_zone) == (DAY, "Australia/Sydney")
    assert step.due_at == datetime(2027, 4, 12, 14, tzinfo=UTC)
    assert (step.phase, step.repeat) == (Phase.DELIVER, "")
    assert (step.engagement, step.open_since) == (checklist.engagement, NOW)
    assert step.next_reminder_at is not None
    event = Event.objects.get(verb="step-added")
    assert (event.actor, event.subject_label) == (by, "Ask about the proxy")


def test_a_step_is_due_at_a_moment():
    at = datetime(2027, 4, 12, 13, 30, tzinfo=UTC)

    step = ask(ChecklistFactory(), pool=PoolFactory(), due_day=None, due_at=at)

    assert (step.due_at, step.due_is_day) == (at, False)


def test_the_date_of_a_step_that_was_asked_for_says_so():
    step = ask(ChecklistFactory(), assignee=UserFactory())

    words = why_due(timing_of(step, portal_settings()))

    assert words == (
        "The day it was asked for (Mon 12 Apr 2027): "
        "Mon 12 Apr 2027, end of day Berlin time."
    )


def test_each_has_an_anchor_and_a_key_of_its_own():
    checklist = ChecklistFactory()

    keys = [ask(checklist, pool=checklist.pool).key for _time in range(3)]

    assert keys == ["asked-1", "asked-2", "asked-3"]
    assert {a.key for a in Anchor.objects.filter(checklist=checklist)} == set(keys)


def test_numbers_go_on_after_the_ninth():
    checklist = ChecklistFactory()
    for _time in range(11):
        step = ask(checklist, pool=checklist.pool)

    assert step.key == "asked-11"


def test_no_move_of_the_work_takes_it_along():
    PlaybookStepFactory(playbook=(playbook := PlaybookFactory()))
    checklist = start(playbook, anchors={"kickoff": DAY})
    step = ask(checklist, pool=checklist.pool)

    set_anchor(checklist, "kickoff", date(2027, 5, 12), by=None, now=NOW)

    step.refresh_from_db()
    assert step.due_day == DAY


def test_r23_a_role_goes_to_its_holder_else_to_the_coordinator_else_to_the_pool():
    checklist, pm, pc = ChecklistFactory(), UserFactory(), UserFactory()
    people = owners(pm=pm, coordinator=pc)

    assert ask(checklist, owner_role="pm", holders=people).assignee == pm
    assert ask(checklist, owner_role="sa", holders=people).assignee == pc
    assert ask(checklist, owner_role="sa").pool == checklist.pool


def test_r23_without_owners_the_coordinator_of_the_checklist_stands_in():
    pc = UserFactory()

    assert ask(ChecklistFactory(coordinator=pc), owner_role="pm").assignee == pc


def test_what_was_asked_of_a_person_does_not_follow_the_role():
    anna, checklist = UserFactory(), ChecklistFactory()
    given = ask(checklist, assignee=anna, owner_role="pm")
    by_role = ask(checklist, owner_role="pm", holders=owners(pm=anna))

    change_owners(checklist, owners(pm=(new := UserFactory())), by=None, now=NOW)

    given.refresh_from_db()
    by_role.refresh_from_db()
    assert (given.assignee, by_role.assignee) == (anna, new)


def test_a_contact_owns_a_step_and_the_lead_chases_on_the_customers_calendar():
    customer = CustomerFactory(zone="Asia/Tokyo", country="JP")
    jane, lead = ContactFactory(customer=customer), UserFactory()
    checklist = ChecklistFactory(customer=customer)

    step = ask(checklist, contact=jane, holders=owners(contact=lead))

    assert (step.contact, step.assignee, step.owner_role) == (
        jane,
        lead,
        EngagementRole.CONTACT,
    )
    assert step.due_zone == "Asia/Tokyo"


def test_a_chaser_can_be_named():
    jane, chaser = ContactFactory(), UserFactory()

    step = ask(ChecklistFactory(), contact=jane, assignee=chaser)

    assert (step.contact, step.assignee) == (jane, chaser)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"title": "  "}, "title-missing"),
        ({"owner_role": ""}, "owner-missing"),
        ({"due_day": None}, "due-missing"),
        ({"due_at": NOW}, "two-dates"),
        ({"due_day": date(1900, 1, 1)}, "due-far"),
        ({"due_day": None, "due_at": datetime(9999, 1, 1, tzinfo=UTC)}, "due-far"),
    ],
)
def test_what_is_missing_is_named(wrong, code):
    whole = {"title": "Ask", "owner_role": "pm", "due_day": DAY}

    assert codes(AdHocStep(**whole)) == []
    assert codes(AdHocStep(**whole | wrong)) == [code]


def test_nobody_who_left_is_asked():
    gone, left = UserFactory(is_active=False), ContactFactory(is_active=False)

    assert codes(AdHocStep(title="Ask", assignee=gone, due_day=DAY)) == ["owner-left"]
    assert codes(AdHocStep(title="Ask", contact=left, due_day=DAY)) == ["contact-left"]


def test_a_step_has_one_owner():
    both = AdHocStep(
        title="Ask", assignee=UserFactory(), pool=PoolFactory(), due_day=DAY
    )

    assert codes(both) == ["two-owners"]


def test_a_refused_step_writes_nothing():
    with pytest.raises(RuleRefused):
        ask(ChecklistFactory(), title="", owner_role="pm")

    assert not Step.objects.exists()
    assert not Anchor.objects.exists()
    assert not Event.objects.exists()


def test_a_long_title_is_cut_where_the_column_ends():
    assert len(ask(ChecklistFactory(), title="x" * 300, owner_role="pm").title) == 200


def test_a_pool_has_one_standing_checklist_for_what_belongs_to_no_engagement():
    region = RegionFactory(zone="America/New_York", country="US")
    pool = PoolFactory(role=Role.PRACTICE_MANAGER, region=region)

    first = standing_checklist(pool, now=NOW)
    step = ask(first, assignee=UserFactory())

    assert standing_checklist(pool, now=NOW) == first
    assert standing_checklist(PoolFactory(), now=NOW) != first
    assert (first.zone, first.country, first.engagement) == (
        "America/New_York",
        "US",
        None,
    )
    assert step.engagement is None
    assert not Playbook.objects.current().filter(key="asked").exists()


def test_the_database_holds_one_key_a_checklist():
    step = ask(ChecklistFactory(), owner_role="pm")

    with pytest.raises(IntegrityError), transaction.atomic():
        Anchor.objects.create(checklist=step.checklist, key=step.key)
    assert Checklist.objects.count() == 1
