from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.playbooks.choices import BallWith
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.ball import ball_of
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.rules.handing import next_monday
from psdelivery.playbooks.services.checklists import change_owners
from psdelivery.playbooks.services.handing import (
    delegate_step,
    pass_step,
    snooze_step,
    take_back_step,
    unpin_step,
    wait_for_customer,
    wake_step,
)
from psdelivery.playbooks.services.reminders import scan_reminders
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import RuleRefused
from tests.factories.people import ContactFactory, UserFactory
from tests.factories.playbooks import (
    PlaybookFactory,
    PlaybookStepFactory,
    StepFactory,
    owners,
    start,
)

pytestmark = pytest.mark.django_db

# Due on Thu 15 April; the owner hears of it on Tue 13 and Thu 15 at 08:00 Berlin.
KICKOFF = date(2027, 4, 12)
NOW = datetime(2027, 4, 12, 9, 0, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def at_seven(day, month=4):
    return datetime(2027, month, day, 6, 1, tzinfo=UTC)


@pytest.fixture
def anna():
    return UserFactory(first_name="Anna", last_name="Smith", roles=[Role.PSE])


@pytest.fixture
def step(anna):
    PlaybookStepFactory(
        playbook=(playbook := PlaybookFactory()),
        key="one",
        owner_role="pse",
        title="Call the customer",
    )
    people = owners(pse=anna, coordinator=UserFactory())
    early = datetime(2027, 3, 1, 9, tzinfo=UTC)
    checklist = start(playbook, people=people, anchors={"kickoff": KICKOFF}, now=early)
    return checklist.steps.get()


def codes(refusal):
    return [reason.code for reason in refusal.value.reasons]


def test_a_snoozed_step_is_quiet_until_its_day_and_then_told_once(step, anna):
    snooze_step(step, date(2027, 4, 14), by=anna, now=NOW)

    assert scan_reminders(now=at_seven(13)) == 0
    assert scan_reminders(now=at_seven(14)) == 1
    assert Message.objects.get().to == [anna.email]
    assert scan_reminders(now=at_seven(15)) == 1


def test_a_snooze_never_hides_an_escalation(step, anna):
    late = datetime(2027, 4, 16, 3, 0, tzinfo=UTC)
    snooze_step(step, date(2027, 4, 22), by=anna, now=late)

    assert scan_reminders(now=datetime(2027, 4, 16, 12, tzinfo=UTC)) == 1
    assert Message.objects.get().to != [anna.email]


@pytest.mark.parametrize(
    ("until", "now", "code"),
    [
        (date(2027, 4, 12), NOW, "snooze-past"),
        (date(2027, 4, 11), NOW, "snooze-past"),
        (date(2027, 4, 16), NOW, "snooze-beyond-deadline"),
        (date(2027, 4, 30), datetime(2027, 4, 20, 9, tzinfo=UTC), "snooze-far"),
    ],
)
def test_a_snooze_has_its_limits(step, anna, until, now, code):
    with pytest.raises(RuleRefused) as refusal:
        snooze_step(step, until, by=anna, now=now)

    assert codes(refusal) == [code]
    assert Step.objects.get().snoozed_until is None


def test_a_step_that_is_done_is_neither_put_off_nor_given_away(step, anna):
    complete_step(step, Completion(), by=anna, now=NOW)

    for attempt in (
        lambda: snooze_step(step, date(2027, 4, 14), by=anna, now=NOW),
        lambda: delegate_step(step, UserFactory(), by=anna, now=NOW),
        lambda: pass_step(step, "customer", by=anna, now=NOW),
    ):
        with pytest.raises(RuleRefused) as refusal:
            attempt()
        assert codes(refusal) == ["not-open"]


def test_waking_a_step_brings_its_reminders_back(step, anna):
    before = step.next_reminder_at
    snooze_step(step, date(2027, 4, 14), by=anna, now=NOW)

    woken = wake_step(step, by=anna, now=NOW)

    assert (woken.snoozed_until, woken.next_reminder_at) == (None, before)


def test_a_delegated_step_goes_to_a_person_and_stays_there(step, anna):
    ben = UserFactory()

    delegate_step(step, ben, by=anna, note="You know them", now=NOW)
    change_owners(step.checklist, owners(pse=UserFactory()), by=None, now=NOW)

    given = Step.objects.get()
    event = Event.objects.get(verb="step-delegated")
    assert (given.assignee, given.is_delegated) == (ben, True)
    assert event.changes == {"assignee": [{"person": anna.pk}, {"person": ben.pk}]}
    assert event.reason == "You know them"


def test_a_step_is_taken_back_by_whoever_had_it(step, anna):
    delegate_step(step, UserFactory(), by=anna, now=NOW)

    back = take_back_step(step, by=anna, now=NOW)

    assert (back.assignee, back.is_delegated) == (anna, False)


def test_a_step_of_a_pool_is_taken_back_to_the_pool():
    step, ben = StepFactory(), UserFactory()
    delegate_step(step, ben, by=ben, now=NOW)

    back = take_back_step(step, by=ben, now=NOW)

    assert (back.assignee, back.pool) == (None, step.checklist.pool)


@pytest.mark.parametrize("code", ["delegate-left", "delegate-same"])
def test_a_step_is_not_delegated_to_just_anybody(step, anna, code):
    to = anna if code == "delegate-same" else UserFactory(is_active=False)

    with pytest.raises(RuleRefused) as refusal:
        delegate_step(step, to, by=anna, now=NOW)

    assert codes(refusal) == [code]


def test_what_was_not_given_away_is_not_taken_back(step, anna):
    with pytest.raises(RuleRefused) as refusal:
        take_back_step(step, by=anna, now=NOW)

    assert codes(refusal) == ["not-delegated"]


@pytest.mark.parametrize(
    ("role", "party"),
    [
        (EngagementRole.CONTACT, BallWith.CUSTOMER),
        (EngagementRole.SAL, BallWith.SALES),
        (EngagementRole.CSM, BallWith.SALES),
        (EngagementRole.FINANCE, BallWith.FINANCE),
        (EngagementRole.PM, BallWith.US),
    ],
)
def test_the_ball_of_a_step_is_with_its_owners_side(role, party):
    assert ball_of(StepFactory(owner_role=role, open_since=NOW)).party == party


def test_the_ball_of_a_contacts_step_is_with_the_customer():
    assert ball_of(StepFactory(contact=ContactFactory())).party == BallWith.CUSTOMER


def test_the_ball_can_be_passed_by_hand_and_back(step, anna):
    waits = wait_for_customer(step, by=anna, now=NOW)
    assert (ball_of(waits).party, ball_of(waits).since) == (BallWith.CUSTOMER, NOW)

    back = pass_step(step, "", by=anna, now=NOW + timedelta(days=2))
    assert ball_of(back).party == BallWith.US


def test_r20_a_date_kept_by_hand_follows_its_rule_again(step, anna):
    Step.objects.update(pinned=True, due_day=date(2027, 4, 1))

    assert unpin_step(step, by=anna, now=NOW).due_day == date(2027, 4, 15)


def test_next_monday_is_never_today():
    assert next_monday(date(2027, 4, 12)) == date(2027, 4, 19)
    assert next_monday(date(2027, 4, 18)) == date(2027, 4, 19)


@pytest.fixture
def as_anna(client, anna):
    with time_machine.travel(NOW, tick=False):
        client.force_login(anna)
        yield client


def url(name, step):
    return reverse(f"playbooks:step-{name}", args=[step.pk])


def test_two_clicks_put_a_step_off_from_my_day(as_anna, step):
    row = as_anna.get(reverse("dashboards:my-day")).content.decode()
    assert url("hand", step) in row

    block = as_anna.get(url("hand", step), headers=HTMX).content.decode()
    assert 'name="until" value="2027-04-13"' in block
    answer = as_anna.post(
        url("snooze", step), {"until": "2027-04-14"}, headers=HTMX
    ).content.decode()

    assert "put off until 14 Apr" in answer
    assert url("wake", step) in answer
    assert Step.objects.get().snoozed_until == date(2027, 4, 14)
    assert "Put off" in as_anna.get("/").content.decode()


def test_without_javascript_the_step_page_has_the_forms(as_anna, step):
    assert as_anna.get(url("hand", step)).url == f"{step.get_absolute_url()}#hand"

    page = as_anna.get(step.get_absolute_url()).content.decode()

    for name in ("snooze", "delegate", "pass"):
        assert f'action="{url(name, step)}"' in page
    answer = as_anna.post(url("snooze", step), {"until": "2027-04-14", "next": "/"})
    assert answer.url == "/"


def test_a_step_is_delegated_from_its_page_and_undone_by_the_toast(as_anna, step, anna):
    ben = UserFactory(first_name="Ben")

    page = as_anna.post(
        url("delegate", step), {"to": ben.pk, "note": "Yours"}, follow=True
    ).content.decode()

    assert Step.objects.get().assignee == ben
    assert "Delegated: Call the customer" in page


@pytest.mark.parametrize(
    "until", ["", "soon", "2027-02-30", "1800-01-01", "9999-01-01"]
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "row"])
def test_a_bad_day_is_refused(as_anna, step, until, headers):
    answer = as_anna.post(url("snooze", step), {"until": until}, headers=headers)

    assert answer.status_code == 422
    assert Step.objects.get().snoozed_until is None


def test_a_snooze_beyond_its_limit_says_why(as_anna, step):
    answer = as_anna.post(url("snooze", step), {"until": "2027-04-20"})

    assert answer.status_code == 409
    assert "put it off until then at most" in answer.content.decode()


def test_a_stranger_hands_nothing_on(client, step):
    client.force_login(UserFactory(roles=[Role.PSE]))

    for name in ("snooze", "wake", "delegate", "take-back", "pass", "unpin"):
        assert client.post(url(name, step)).status_code == 404


def test_the_block_takes_the_same_queries_for_3_and_30_people(as_anna, step):
    counts = []
    for count in (3, 30):
        UserFactory.create_batch(count)
        with CaptureQueriesContext(connection) as queries:
            as_anna.get(url("hand", step), headers=HTMX)
        counts.append(len(queries))

    assert counts[0] == counts[1]
