from datetime import timedelta
from decimal import Decimal

import pytest

from engagements.choices import Condition, Kind, Status
from engagements.models import Engagement
from psdelivery.history.models import Event
from psdelivery.people.choices import TimeOffKind
from psdelivery.people.services.settings import change_setting
from psdelivery.registry import RuleRefused
from scheduling.choices import Hold, HoursState
from scheduling.hours_settings import SOURCE, WEEK_ENDS_ON
from scheduling.models import HoursPart, HoursWeek
from scheduling.queries.hours import days_of, plan_of
from scheduling.rules.hours import STALE
from scheduling.services.hours.confirming import confirm_week, save_week
from scheduling.services.hours.weeks import week_of as begin_week
from tests.factories.engagements import (
    EngagementFactory,
    TeamMemberFactory,
    meet,
    waived,
)
from tests.factories.hours import (
    FRIDAY,
    NOW,
    as_planned,
    confirmed,
    day,
    part_of,
    planned,
    running,
    typed,
    week_of,
)
from tests.factories.people import TimeOffFactory, UserFactory
from tests.factories.scheduling import booked, workdays

pytestmark = pytest.mark.django_db
EIGHT = Decimal(8)


@pytest.fixture
def work():
    return running()


def refused(*codes):
    return pytest.raises(RuleRefused, check=lambda error: codes_of(error) == [*codes])


def codes_of(error):
    return [one.code for one in error.reasons]


def test_the_plan_is_what_is_booked_hard_and_beside_it_what_is_held(ann, work):
    planned(ann, work, days=workdays(count=2))
    booked(ann, work, days={day(4): Decimal(4)})

    plan = plan_of(ann, days_of(week_of(ann)))

    assert plan.hours_of(work.pk) == {day(0): EIGHT, day(1): EIGHT}
    assert plan.of(work.pk, day(4)).soft == 4
    assert plan.off[day(5) - timedelta(days=7)] == "weekend"


def test_one_click_confirms_the_week_as_it_was_planned(ann, work):
    planned(ann, work)

    week = as_planned(ann)

    part = part_of(week, work)
    assert (part.state, part.hours) == (HoursState.SUBMITTED, 40)
    assert {one.day: one.hours for one in part.entries.all()} == workdays()
    assert part.approver == work.team.get(role="pm").person
    assert week.confirmed_at == NOW
    event = Event.objects.get(verb="hours-confirmed")
    assert (event.actor, event.engagement) == (ann, work)
    # Nobody could erase a name from there.
    assert "Ann" not in event.subject_label


def test_what_was_planned_for_a_day_off_is_not_confirmed(ann, work):
    planned(ann, work)
    TimeOffFactory(person=ann, kind=TimeOffKind.SICKNESS,
                   starts_on=day(2), ends_on=day(2))  # fmt: skip

    assert part_of(as_planned(ann), work).hours == 32


def test_hours_are_corrected_and_other_work_is_added(ann, work):
    planned(ann, work)
    other = running()

    week = confirmed(
        ann, typed(work, 8, 7.25, None, 8, 8), typed(other, None, 0.75, note="A call")
    )

    assert part_of(week, work).hours == Decimal("31.25")
    assert part_of(week, other).hours == Decimal("0.75")
    assert part_of(week, other).note == "A call"


def test_planned_work_that_nobody_worked_on_goes_to_the_approver_too(ann, work):
    planned(ann, work)

    week = confirmed(ann, typed(work))

    assert part_of(week, work).hours == 0
    assert part_of(week, work).state == HoursState.SUBMITTED


def test_what_is_kept_is_confirmed_by_one_click_as_it_stands(ann, work):
    planned(ann, work)
    week = week_of(ann)
    save_week(week, [typed(work, 6)], version=1, by=ann, now=NOW)
    assert part_of(week, work).state == HoursState.DRAFT

    assert part_of(as_planned(ann), work).hours == 6


def test_until_they_are_approved_hours_are_told_again(ann, work):
    planned(ann, work)
    week = as_planned(ann)
    other = running()
    confirmed(ann, typed(work, 8), typed(other, 4), version=week.version)

    confirmed(ann, typed(work, 8, 8))

    assert list(HoursPart.objects.values_list("engagement", "hours")) == [(work.pk, 16)]


def test_a_week_that_changed_meanwhile_is_not_overwritten(ann, work):
    planned(ann, work)
    week = as_planned(ann)

    with refused(STALE):
        confirmed(ann, typed(work, 1), version=week.version - 1)

    assert part_of(week, work).hours == 40


def test_what_is_wrong_is_told_at_its_day_and_nothing_is_written(ann, work):
    other = running()
    rows = [typed(work, 16, -1, 7.1), typed(other, 9)]

    with pytest.raises(RuleRefused) as refusal:
        confirmed(ann, *rows)

    assert codes_of(refusal.value) == [
        f"hours-{work.pk}-20270316",
        f"hours-{work.pk}-20270317",
        f"hours-{other.pk}-20270315",
    ]
    assert not HoursPart.objects.exists()


def test_time_on_a_cancelled_engagement_is_refused(ann, work):
    gone = running()
    Engagement.objects.filter(pk=gone.pk).update(
        status=Status.CANCELLED, status_since=NOW
    )
    gone.refresh_from_db()

    with pytest.raises(RuleRefused, match="cancelled since Fri 19 Mar 2027"):
        confirmed(ann, typed(work, 8), typed(gone, 8))

    assert not HoursPart.objects.exists()


def test_everybody_tells_the_own_hours_while_they_work_here(ann, ben, work):
    week = week_of(ann)

    with refused("not-own"):
        confirm_week(week, [typed(work, 8)], version=None, by=ben, now=NOW)
    ann.is_active = False
    ann.save()
    with refused("left"):
        confirmed(ann, typed(work, 8))


def test_a_week_that_has_not_begun_is_not_told(ann, work):
    with refused("not-open"):
        confirmed(ann, typed(work, 8), now=NOW - timedelta(days=7))
    with refused("not-open"):
        begin_week(ann, FRIDAY + timedelta(days=7), now=NOW)


def test_a_week_without_plan_and_hours_is_not_confirmed_by_one_click(ann):
    with refused("nothing"):
        as_planned(ann)


def test_while_hours_are_imported_nothing_is_confirmed_here(ann, work):
    planned(ann, work)
    change_setting(SOURCE, "imported", by=None, now=NOW)

    with refused("imported"):
        as_planned(ann)


def test_after_the_setting_was_changed_no_day_is_asked_for_twice(ann, work):
    planned(ann, work)
    as_planned(ann)
    change_setting(WEEK_ENDS_ON, "6", by=None, now=NOW)

    later = begin_week(ann, FRIDAY + timedelta(days=1), now=NOW)

    assert later.ends_on == FRIDAY + timedelta(days=2)
    assert days_of(later) == [FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)]


def test_r3_hours_worked_at_risk_wait_for_their_release(ann):
    risky = EngagementFactory(status="active")
    TeamMemberFactory(engagement=risky, role="pm", person=UserFactory())
    # Its last day is the Tuesday of the week, and four hours are its cap.
    waived(
        risky,
        Condition.CUSTOMER_SIGNATURE,
        Condition.BILLING_TERMS,
        now=NOW - timedelta(days=10),
        hours=4,
        days=7,
    )

    week = confirmed(ann, typed(risky, 8, 8, 8))

    # Beyond the cap and after its end they are recorded all the same.
    assert part_of(week, risky).hours == 24
    assert part_of(week, risky).waits_for_release
    meet(risky, Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS, now=NOW)
    assert not part_of(week, risky).waits_for_release


def test_r2_hours_before_the_gate_wait_until_it_opens(ann):
    early = EngagementFactory(status="prospect")
    inside = EngagementFactory(kind=Kind.INTERNAL, status="active")

    week = confirmed(ann, typed(early, 2), typed(inside, 2))

    assert part_of(week, early).waits_for_release
    assert not part_of(week, inside).waits_for_release
    meet(early, Condition.CUSTOMER_SIGNATURE, Condition.BILLING_TERMS, now=NOW)
    assert not part_of(week, early).waits_for_release


def test_the_number_of_queries_does_not_grow_with_the_week(
    ann, django_assert_max_num_queries
):
    from scheduling.hours_page import grid_of

    for _n in range(6):
        planned(ann, running(), days={day(0): Decimal(1)})
    week = as_planned(ann)

    with django_assert_max_num_queries(8):
        grid = grid_of(HoursWeek.objects.select_related("person").get(pk=week.pk))
        assert grid.total == 6


def test_only_what_stands_is_shown_in_the_row_of_a_soft_hold(ann, work):
    from scheduling.hours_page import grid_of

    booked(ann, work, hold=Hold.SOFT)

    grid = grid_of(week_of(ann))

    assert [row.total for row in grid.rows] == [0]
    assert grid.rows[0].cells[2].planned.soft == 8
    assert not grid.is_told
