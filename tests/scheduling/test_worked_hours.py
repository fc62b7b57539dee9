from datetime import timedelta
from decimal import Decimal

import pytest

from engagements.registry import facts
from engagements.rules.hours import WorkedHours
from psdelivery.people.choices import Role
from psdelivery.people.services.settings import change_setting
from scheduling.hours_settings import SOURCE
from scheduling.models import HoursImport, HoursPart, HoursWeek
from scheduling.services.hours.approving import approve, send_back
from scheduling.services.hours.correcting import Correction, correct
from tests.factories.hours import (
    FRIDAY,
    NOW,
    confirmed,
    day,
    deciding,
    part_of,
    planned,
    running,
    typed,
)
from tests.factories.people import UserFactory
from tests.factories.scheduling import MONDAY, workdays

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
# 200 hours sold over ten weeks, 20 a week: four hours on each day. What was worked,
# day by day, and its sum as it was added up by hand.
WORKED = [
    ((4, 4, 4, 4, 4), "20"),
    ((4, 4.25, 3.75, 4, 4), "20"),
    ((8, 8, 4, 0, 0), "20"),
    ((4, 4, 4, 4, 4.5), "20.5"),
    ((3.75, 3.75, 3.75, 3.75, 3.75), "18.75"),
    ((0, 0, 0, 0, 0), "0"),
    ((6.25, 6.25, 6.25, 6.25, 6.25), "31.25"),
    ((4, 4, 4, 4, 4), "20"),
]


@pytest.fixture
def pm():
    return UserFactory(roles=[Role.PM])


@pytest.fixture
def work(pm):
    engagement = running(pm)
    engagement.paper.hours = Decimal(200)
    engagement.paper.billing_terms = "time_and_materials"
    engagement.paper.save()
    return engagement


def told(engagement):
    return facts.read(WorkedHours, engagement)


def test_200_hours_over_ten_weeks_are_right_to_the_quarter_hour(ann, work, pm):
    first = MONDAY - 7 * WEEK
    planned(ann, work, days=workdays(first, count=50, hours=4),
            now=NOW - 60 * WEEK / 7)  # fmt: skip
    for number, (hours, _sum) in enumerate(WORKED):
        friday = FRIDAY - (7 - number) * WEEK
        monday = friday - timedelta(days=4)
        week = confirmed(ann, typed(work, *hours, first=monday), ends_on=friday)
        # The last week still waits.
        if friday < FRIDAY:
            approve(part_of(week, work), None, deciding(pm))

    found = told(work)

    assert len(found.weeks) == 10
    assert [week.planned for week in found.weeks] == [20] * 10
    assert [week.worked for week in found.weeks] == [
        Decimal(total) for _hours, total in WORKED
    ] + [0, 0]
    assert (found.approved, found.waiting) == (Decimal("130.5"), 20)
    assert found.worked == Decimal("150.5")
    # 200 sold, 150.5 worked: 49.5 are left, of which 40 are still planned.
    assert work.paper.hours - found.worked == Decimal("49.5")
    assert found.planned_after(FRIDAY) == 40


def test_corrections_count_at_once_and_are_approved_when_they_are(ann, work, pm):
    part = part_of(confirmed(ann, typed(work, 8, 8)), work)
    approve(part, None, deciding(pm))

    correct(part, Correction(day(1), Decimal("6.5"), "I went home"), deciding(ann))

    assert (told(work).approved, told(work).waiting) == (16, Decimal("-1.5"))
    assert told(work).worked == Decimal("14.5")
    approve(part, None, deciding(pm))
    assert (told(work).approved, told(work).waiting) == (Decimal("14.5"), 0)


def test_what_went_back_or_is_only_kept_is_not_worked(ann, work, pm):
    part = part_of(confirmed(ann, typed(work, 8)), work)
    send_back(part, "Not you", None, deciding(pm))

    assert told(work).worked == 0


def test_hours_to_release_are_told_beside(ann, work):
    part = part_of(confirmed(ann, typed(work, 8)), work)
    HoursPart.objects.filter(pk=part.pk).update(waits_for_release=True)

    assert told(work).to_release == 8
    assert told(work).waiting == 8


def test_imported_hours_say_how_far_they_reach(work):
    assert (told(work).is_imported, told(work).covered_until) == (False, None)
    change_setting(SOURCE, "imported", by=None, now=NOW)
    for friday, settled in ((FRIDAY - WEEK, NOW), (FRIDAY, None)):
        HoursImport.objects.create(
            file_name="psa.csv", covered_until=friday, uploaded_at=NOW,
            uploaded_by=UserFactory(), settled_at=settled,
        )  # fmt: skip

    assert told(work).is_imported
    assert told(work).covered_until == FRIDAY - WEEK


@pytest.mark.parametrize("count", [3, 30])
def test_the_fact_asks_as_often_for_3_weeks_as_for_30(
    ann, work, count, django_assert_num_queries
):
    for number in range(count):
        week = HoursWeek.objects.create(person=ann, ends_on=FRIDAY - number * WEEK)
        HoursPart.objects.create(week=week, engagement=work, hours=8, state="submitted")

    with django_assert_num_queries(3):
        assert told(work).worked == 8 * count
