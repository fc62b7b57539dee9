"""Somebody is ill this morning: ways out, and one action that takes it all along."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from engagements.models import Assessment, NeededSkill, TeamMember
from psdelivery.outbox.models import Message
from psdelivery.people.choices import EngagementRole, Role, TimeOffKind
from psdelivery.people.models import TimeOff
from psdelivery.people.rules.time_off import TimeOffDraft
from psdelivery.people.services import enter_time_off
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.adhoc import AdHocStep
from psdelivery.playbooks.services.adhoc import add_step
from psdelivery.registry import RuleRefused
from scheduling.choices import ConflictState, Hold
from scheduling.models import Allocation, CapacityDay, ConflictCase
from scheduling.rules.conflicts import made_up
from scheduling.services.resolving import taken_by
from scheduling.services.standing_in import is_awake, stand_in
from scheduling.stand_ins import stand_ins_for
from tests.factories.engagements import open_gate, registered
from tests.factories.people import (
    ContactFactory,
    PersonSkillFactory,
    SkillFactory,
    UserFactory,
)
from tests.factories.scheduling import MONDAY, NOW, booked, workdays

TUESDAY = MONDAY + timedelta(days=1)
FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def engagement(coordinator, shipped, texts):
    engagement = open_gate(registered(team=[(EngagementRole.PC, coordinator)]))
    engagement.main_contact = ContactFactory(customer=engagement.customer)
    engagement.save()
    return engagement


@pytest.fixture
def case(ann, engagement):
    """Ann is booked Monday to Friday and ill on Monday and Tuesday."""
    booked(ann, engagement, hold=Hold.HARD)
    draft = TimeOffDraft(kind=TimeOffKind.SICKNESS, starts_on=MONDAY, ends_on=TUESDAY)
    enter_time_off(ann, draft, by=None, now=NOW)
    return ConflictCase.objects.get()


def hours_of(person):
    days = person.allocation_days.order_by("day")
    return {row.day: row.hours for row in days}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("zone", "hour", "expected"),
    [
        ("Europe/Berlin", 7, True),
        ("Europe/Berlin", 6, False),
        ("Europe/Berlin", 21, False),
        ("Australia/Sydney", 9, False),
        ("America/New_York", 13, True),
    ],
)
def test_awake_is_daytime_where_the_person_is(zone, hour, expected):
    person = UserFactory.build(zone=zone)
    berlin = datetime(2027, 3, 15, hour, 0, tzinfo=ZoneInfo("Europe/Berlin"))

    # Sydney is ten hours ahead of Berlin in March: 9:00 there is 19:00 here.
    expected = expected or (zone == "Australia/Sydney" and 7 <= hour + 10 < 21)
    assert is_awake(person, berlin) is expected


@pytest.mark.unit
def test_lost_days_are_made_up_on_the_next_days_that_have_the_hours():
    gone = {1: {MONDAY: Decimal(8)}, 2: {MONDAY: Decimal(4), TUESDAY: Decimal(4)}}
    free = {
        date(2027, 3, 22): Decimal(4),
        date(2027, 3, 23): Decimal(8),
        date(2027, 3, 24): Decimal(5),
    }

    assert made_up(gone, free) == {
        1: {date(2027, 3, 23): Decimal(8)},
        2: {date(2027, 3, 22): Decimal(4), date(2027, 3, 24): Decimal(4)},
    }
    assert made_up(gone, {}) == {1: {}, 2: {}}


def test_a_stand_in_takes_days_and_steps_and_the_mail_is_drafted(
    case, ann, ben, coordinator, engagement
):
    hers, later = [
        add_step(
            engagement.checklist,
            AdHocStep(title="Prepare", assignee=ann, due_day=day),
            by=None,
            now=NOW,
        )
        for day in (TUESDAY, FRIDAY)
    ]

    done = stand_in(case, ben, reason="Ann is ill", by=coordinator, now=NOW)

    assert hours_of(ben) == {MONDAY: 8, TUESDAY: 8}
    assert list(hours_of(ann)) == [MONDAY + timedelta(days=n) for n in (2, 3, 4)]
    assert done.steps == Step.objects.filter(assignee=ben).count() > 0
    hers.refresh_from_db()
    later.refresh_from_db()
    assert (hers.assignee, later.assignee) == (ben, ann)
    case.refresh_from_db()
    assert case.state == ConflictState.RESOLVED
    member = TeamMember.objects.get(engagement=engagement, person=ben)
    assert (member.booking, member.hours) == ("hard", 16)
    draft = Message.objects.get(kind="stand-in")
    assert draft.state == "draft"
    assert "Ben B" in draft.text
    assert "Mon 15 Mar 2027" in draft.text


def test_a_stand_in_without_the_hours_is_refused_and_nothing_has_moved(
    case, ann, ben, coordinator
):
    booked(ben, hold=Hold.HARD, days=workdays(hours=4))

    with pytest.raises(RuleRefused) as refused:
        stand_in(case, ben, reason="Ann is ill", by=coordinator, now=NOW)

    assert "4 of 8 hours are free" in str(refused.value)
    assert list(hours_of(ann)) == list(workdays())
    case.refresh_from_db()
    assert case.state == ConflictState.OPEN
    assert not Message.objects.filter(kind="stand-in").exists()


def test_who_is_free_able_and_awake_is_proposed_first(case, ben, shipped):
    skill = SkillFactory()
    able = UserFactory(first_name="Zoe", last_name="Able", roles=[Role.PSE])
    PersonSkillFactory(person=able, skill=skill, level=3)
    busy = UserFactory(first_name="Abe", last_name="Busy", roles=[Role.PSE])
    booked(busy, hold=Hold.HARD, days=workdays(MONDAY, 1))
    asleep = UserFactory(
        first_name="Aki", last_name="Asleep", roles=[Role.PSE], zone="Pacific/Auckland"
    )
    UserFactory(roles=[Role.PM])
    gone = UserFactory(roles=[Role.PSE])
    booked(gone, hold=Hold.HARD)
    assessment = Assessment.objects.create(engagement=case.engagement, changed_at=NOW)
    NeededSkill.objects.create(assessment=assessment, skill=skill, level=3)
    found = stand_ins_for(case, taken_by(case), NOW)

    names = [one.name for one in found]
    assert names == [
        "Zoe Able",
        "Ben B",
        "Aki Asleep",
        "Abe Busy",
    ]
    assert [one.fit for one in found][-1] == "1 of 2 days free"
    assert "it is night there" in found[2].why
    assert asleep.pk == found[2].pk


@pytest.fixture
def as_coordinator(client, coordinator, at_now):
    client.force_login(coordinator)
    return client


def test_the_page_says_who_when_and_what_and_offers_ways_out(as_coordinator, case, ben):
    html = as_coordinator.get(case.get_absolute_url()).text

    assert "Ann A cannot work as booked" in html
    assert "Mon 15 Mar 2027" in html
    assert "2 of 2 days free" in html
    # Monday after the two weeks of work: the next days with eight free hours.
    assert "Mon 22 Mar 2027, Tue 23 Mar 2027" in html


def test_the_coordinator_chooses_a_stand_in_on_the_page(as_coordinator, case, ben):
    address = reverse("scheduling:conflict-stand-in", args=[case.pk])
    answer = as_coordinator.post(
        address, {"other-person": ben.pk, "other-reason": "Ann is ill"}, follow=True
    )

    assert answer.status_code == 200
    assert "Ben B takes the days" in answer.text
    assert hours_of(ben)


def test_days_are_moved_for_the_same_person_on_the_page(as_coordinator, case, ann):
    address = reverse("scheduling:conflict-shift", args=[case.pk])
    answer = as_coordinator.post(
        address,
        {"shift-start": "2027-03-22", "shift-reason": "Ann is ill"},
        follow=True,
    )

    assert "The days are moved" in answer.text
    days = list(hours_of(ann))
    assert days[:3] == [MONDAY + timedelta(days=n) for n in (2, 3, 4)]
    assert days[3:] == [date(2027, 3, 22), date(2027, 3, 23)]
    assert Allocation.objects.active().count() == 1


def test_days_are_released_on_the_page(as_coordinator, case, ann):
    address = reverse("scheduling:conflict-release", args=[case.pk])
    as_coordinator.post(address, {"release-reason": "The customer waits"})

    assert len(hours_of(ann)) == 3
    assert not CapacityDay.objects.filter(overbooked=True).exists()


@pytest.mark.parametrize(
    ("view", "values"),
    [
        ("conflict-stand-in", {"other-reason": "Ill"}),
        ("conflict-stand-in", {"other-person": "0", "other-reason": "Ill"}),
        ("conflict-shift", {"shift-start": "soon", "shift-reason": "Ill"}),
        ("conflict-release", {"release-reason": ""}),
    ],
)
def test_bad_input_is_told_and_moves_nothing(as_coordinator, case, ann, view, values):
    answer = as_coordinator.post(reverse(f"scheduling:{view}", args=[case.pk]), values)

    assert answer.status_code == 422
    assert len(hours_of(ann)) == 5


def test_a_conflict_resolved_meanwhile_says_so(as_coordinator, case, ben, coordinator):
    stand_in(case, ben, reason="Ann is ill", by=coordinator, now=NOW)
    address = reverse("scheduling:conflict-release", args=[case.pk])

    answer = as_coordinator.post(address, {"release-reason": "Ill"})

    assert answer.status_code == 409
    assert "resolved meanwhile" in answer.text


def test_illness_is_entered_and_leads_to_what_was_booked(
    as_coordinator, ann, engagement
):
    booked(ann, engagement, hold=Hold.HARD)
    answer = as_coordinator.post(
        reverse("scheduling:illness-add"),
        {"person": ann.pk, "starts_on": "2027-03-15", "ends_on": "2027-03-15"},
        follow=True,
    )

    assert "The illness is entered" in answer.text
    assert TimeOff.objects.get().state == "approved"
    assert ConflictCase.objects.get().get_absolute_url() in answer.text


def test_illness_that_ends_before_it_begins_is_told_at_the_field(as_coordinator, ann):
    answer = as_coordinator.post(
        reverse("scheduling:illness-add"),
        {"person": ann.pk, "starts_on": "2027-03-15", "ends_on": "2027-03-14"},
    )

    assert answer.status_code == 422
    assert "The last day lies before the first." in answer.text
    assert not TimeOff.objects.exists()


def test_why_somebody_is_away_is_not_told_to_everybody(
    client, case, at_now, engagement
):
    pm = UserFactory(roles=[Role.PM])
    TeamMember.objects.create(engagement=engagement, role=EngagementRole.PM, person=pm)
    client.force_login(pm)

    html = client.get(case.get_absolute_url()).text

    assert "away" in html
    assert "sickness" not in html


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_takes_the_same_queries(
    as_coordinator, case, django_assert_max_num_queries, count
):
    ConflictCase.objects.bulk_create(
        ConflictCase(
            person=UserFactory(),
            engagement=case.engagement,
            cause="hours",
            starts_on=FRIDAY,
            ends_on=FRIDAY,
            opened_at=NOW,
        )
        for _n in range(count)
    )
    with django_assert_max_num_queries(12):
        as_coordinator.get(reverse("scheduling:conflict-list"))
