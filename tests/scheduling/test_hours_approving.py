from decimal import Decimal

import pytest

from engagements.choices import Kind
from engagements.services.team import change_member
from psdelivery.people.choices import EngagementRole, Role
from psdelivery.registry import RuleRefused
from scheduling.choices import HoursState
from scheduling.models import HoursEntry, HoursPart
from scheduling.queries.hours_approval import approval_rows, waiting_parts
from scheduling.rules.hours import STALE
from scheduling.rules.hours_approval import DECIDED
from scheduling.services.hours.approvers import approver_of
from scheduling.services.hours.approving import approve, approve_many, send_back
from scheduling.services.hours.correcting import Correction, correct
from tests.factories.engagements import EngagementFactory, TeamMemberFactory
from tests.factories.hours import (
    NOW,
    as_planned,
    confirmed,
    day,
    deciding,
    part_of,
    planned,
    running,
    typed,
    week_of,
)
from tests.factories.people import TimeOffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return UserFactory(first_name="Mona", roles=[Role.PRACTICE_MANAGER])


@pytest.fixture
def pm(manager):
    return UserFactory(first_name="Paul", roles=[Role.PM], manager=manager)


@pytest.fixture
def work(pm):
    return running(pm)


@pytest.fixture
def part(ann, work):
    planned(ann, work)
    return part_of(as_planned(ann), work)


def refused(*codes):
    return pytest.raises(
        RuleRefused, check=lambda error: [one.code for one in error.reasons] == [*codes]
    )


def waiting(person):
    return list(waiting_parts(person, NOW, everything=False))


def test_the_pm_approves(part, pm):
    done = approve(part, part.version, deciding(pm))

    assert (done.state, done.approved_hours) == (HoursState.APPROVED, 40)
    assert (done.decided_by, done.decided_at) == (pm, NOW)
    assert waiting(pm) == []


def test_nobody_approves_the_own_hours_the_backup_is_the_manager(work, pm, manager):
    own = part_of(confirmed(pm, typed(work, 2)), work)

    assert own.approver == manager
    with refused("own"):
        approve(own, own.version, deciding(pm))
    own.refresh_from_db()
    assert own.state == HoursState.SUBMITTED
    assert approve(own, own.version, deciding(manager)).state == HoursState.APPROVED


def test_training_waits_for_the_tc_internal_work_for_coordination(ann, coordinator):
    training = EngagementFactory(kind=Kind.TRAINING)
    TeamMemberFactory(engagement=training, role=EngagementRole.TC, person=coordinator)
    internal = EngagementFactory(kind=Kind.INTERNAL)

    assert approver_of(training, ann).person == coordinator
    pool = approver_of(internal, ann).pool
    assert (pool.role, pool.region) == (Role.COORDINATOR, internal.region)
    # The coordinator's own time on the own class: a manager decides.
    boss = UserFactory()
    coordinator.manager = boss
    assert approver_of(training, coordinator).person == boss


def test_without_a_manager_it_waits_for_the_pool_never_for_nobody(work, pm, manager):
    pm.manager = None
    assert approver_of(work, pm).pool.region == work.region

    work.practice.manager = manager
    assert approver_of(work, pm).person == manager


def test_whoever_stands_in_approves_for_who_is_away(part, pm, ben):
    TimeOffFactory(person=pm, starts_on=day(0), ends_on=day(9), deputy=ben)

    assert waiting(ben) == [part]
    done = approve(part, part.version, deciding(ben))

    assert done.decided_by == ben
    event = done_event("hours-approved")
    assert (event.actor, event.on_behalf_of) == (ben, pm)


def done_event(verb):
    from psdelivery.history.models import Event

    return Event.objects.get(verb=verb)


@pytest.mark.parametrize(
    ("roles", "codes"),
    [
        ([Role.COORDINATOR], ["not-yours"]),
        ([Role.PSE], ["not-yours"]),
        ([Role.PM], ["not-yours"]),
        ([Role.LEADERSHIP], []),
    ],
)
def test_who_else_may_approve_consulting(part, roles, codes):
    other = UserFactory(roles=roles)

    found = approve_many([(part.pk, part.version)], deciding(other))

    assert [one.code for one in found.refused] == codes
    assert len(found.approved) == (not codes)


def test_the_second_approver_is_told_who_was_faster(part, pm, manager):
    approve(part, part.version, deciding(pm))

    with pytest.raises(RuleRefused, match="Paul .* has approved these hours already"):
        approve(part, part.version, deciding(as_leader(manager)))


def as_leader(person):
    from psdelivery.people.models import RoleGrant

    RoleGrant.objects.create(user=person, role=Role.LEADERSHIP)
    person.__dict__.pop("role_set", None)
    return person


def test_hours_that_changed_since_they_were_seen_are_not_approved(part, ann, work, pm):
    confirmed(ann, typed(work, 4))

    with refused(STALE):
        approve(part, part.version, deciding(pm))


def test_of_many_what_changed_is_told_and_the_rest_approved(part, ann, work, ben, pm):
    other = part_of(confirmed(ben, typed(work, 8)), work)
    confirmed(ann, typed(work, 4))

    found = approve_many(
        [(part.pk, part.version), (other.pk, other.version)], deciding(pm)
    )

    assert found.approved == [other]
    (reason,) = found.refused
    assert (reason.code, reason.fix_url) == (STALE, part.get_absolute_url())
    assert reason.sentence.startswith("Ann A,")


def test_hours_go_back_with_a_reason_and_come_again(part, ann, work, pm):
    with refused("reason"):
        send_back(part, " ", part.version, deciding(pm))
    returned = send_back(
        part, "Friday was on the other one", part.version, deciding(pm)
    )

    assert (returned.state, returned.week.confirmed_at) == (HoursState.RETURNED, None)
    with refused(DECIDED):
        approve(part, returned.version, deciding(pm))

    again = part_of(confirmed(ann, typed(work, 8, 8, 8, 8)), work)

    assert (again.state, again.hours) == (HoursState.SUBMITTED, 32)
    assert (again.returned_reason, again.decided_by) == ("", None)


def corrected(part, by, hours, number=4, reason="I had gone home", seen=None):
    correction = Correction(day(number), Decimal(str(hours)), reason, seen)
    return correct(part, correction, deciding(by))


def test_after_the_approval_only_counter_entries_change_hours(part, ann, work, pm):
    approve(part, None, deciding(pm))
    with refused(STALE):
        confirmed(ann, typed(work, 4))

    stored = corrected(part, ann, 6.5)

    entry = HoursEntry.objects.get(part=part, is_counter=True)
    assert (entry.hours, entry.note) == (Decimal("-1.5"), "I had gone home")
    assert entry.waits
    # The sum is right at once, and what is approved stays until it is decided.
    assert (stored.hours, stored.approved_hours) == (Decimal("38.5"), 40)
    assert stored.is_correction
    assert waiting(pm) == [part]

    done = approve(part, stored.version, deciding(pm))

    assert (done.hours, done.approved_hours) == (Decimal("38.5"), Decimal("38.5"))
    assert not HoursEntry.objects.filter(waits=True).exists()


def test_a_correction_that_is_refused_is_taken_back_by_its_opposite(part, ann, pm):
    approve(part, None, deciding(pm))
    stored = corrected(part, ann, 10)

    done = send_back(part, "You were off", stored.version, deciding(pm))

    assert (done.state, done.hours, done.approved_hours) == ("approved", 40, 40)
    hours = part.entries.filter(day=day(4)).order_by("pk").values_list("hours", "note")
    assert list(hours) == [
        (8, ""), (2, "I had gone home"), (-2, "Not approved: You were off"),
    ]  # fmt: skip


def test_what_the_approver_corrects_is_approved_at_once(part, pm):
    approve(part, None, deciding(pm))

    stored = corrected(part, pm, 0, reason="It was a holiday")

    assert (stored.state, stored.hours, stored.approved_hours) == ("approved", 32, 32)


@pytest.mark.parametrize(
    ("hours", "number", "reason", "codes"),
    [
        (8, 4, "Why", ["hours"]),  # nothing changes
        (25, 4, "Why", ["hours"]),
        (7.1, 4, "Why", ["hours"]),
        (-1, 4, "Why", ["hours"]),
        (6, 9, "Why", ["day"]),
        (6, 4, " ", ["reason"]),
    ],
)
def test_what_stands_against_a_correction(part, ann, pm, hours, number, reason, codes):
    approve(part, None, deciding(pm))

    with refused(*codes):
        corrected(part, ann, hours, number, reason)


def test_before_the_approval_the_week_itself_is_changed(part, ann, ben):
    with refused("not-approved"):
        corrected(part, ann, 4)
    with refused("not-yours"):
        corrected(part, ben, 4)


def test_hours_that_wait_follow_another_pm(part, work):
    new = UserFactory(first_name="Nora", roles=[Role.PM])
    member = work.team.get(role=EngagementRole.PM)
    member.person = new

    change_member(member, by=None, now=NOW)

    part.refresh_from_db()
    assert part.approver == new


def test_the_list_says_what_differs_in_as_many_queries_for_3_and_for_30(
    pm, work, django_assert_max_num_queries
):
    for count in (3, 27):
        for _number in range(count):
            tell(UserFactory(), work, pm)
        with django_assert_max_num_queries(9):
            rows = approval_rows(waiting(pm))
            found = [[(one.day, one.more) for one in row.differences] for row in rows]
    assert found == [[(day(0), 8), (day(1), 2)]] * 30


def tell(person, work, approver):
    """Hours that wait, written without the services."""
    part = HoursPart.objects.create(
        week=week_of(person), engagement=work, state="submitted", approver=approver
    )
    HoursEntry.objects.bulk_create(
        HoursEntry(part=part, day=day(number), hours=hours, by=person, at=NOW)
        for number, hours in enumerate((8, 2))
    )


def test_what_is_as_planned_asks_for_no_second_look(part, ann, ben, work, pm):
    planned(ben, work)
    confirmed(ben, typed(work, 8, 8, 8, 8, 7))

    rows = {row.part.week.person: row for row in approval_rows(waiting(pm))}

    assert rows[ann].is_as_planned
    assert not rows[ben].is_as_planned
    HoursPart.objects.filter(pk=part.pk).update(waits_for_release=True)
    assert not any(row.is_as_planned for row in approval_rows(waiting(pm)))


def test_managers_see_what_they_may_approve_in_place_of_others(part, pm, coordinator):
    leader = UserFactory(roles=[Role.LEADERSHIP])

    assert waiting(leader) == []
    assert list(waiting_parts(leader, NOW, everything=True)) == [part]
    assert list(waiting_parts(pm, NOW, everything=True)) == [part]
    assert list(waiting_parts(coordinator, NOW, everything=True)) == []
