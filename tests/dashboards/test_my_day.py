from datetime import date, timedelta

import pytest
import time_machine

from psdelivery.dashboards.queries import my_day_of
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Checklist, Step
from tests.dashboards.conftest import NOW
from tests.factories.people import ContactFactory, UserFactory
from tests.factories.scheduling import booked, startable, workdays

pytestmark = pytest.mark.django_db


def titles(day, key):
    return [
        row.step.pk
        for section in day.sections
        if section.key == key
        for row in section.rows
    ]


def test_steps_stand_by_time_to_breach_in_their_section(register, due, coordinator):
    late, today, week, later = due(register(), -3, 2, 30, 24 * 20)

    day = my_day_of(coordinator, NOW)

    assert titles(day, "late") == [late.pk]
    assert titles(day, "today") == [today.pk]
    assert titles(day, "week") == [week.pk]
    assert titles(day, "later") == [later.pk]
    assert (day.late, day.today, day.week) == (1, 1, 1)


def test_of_what_comes_after_the_week_only_the_next_are_listed(
    register, due, coordinator
):
    steps = due(register(), *[24 * days for days in range(10, 18)])

    day = my_day_of(coordinator, NOW)

    assert titles(day, "later") == [step.pk for step in steps[:5]]
    assert day.left_out == 3


def test_what_is_put_off_is_listed_however_late_it_is_due(register, due, coordinator):
    steps = due(register(), *[24 * days for days in range(10, 18)])
    day = (NOW + timedelta(days=9)).date()
    Step.objects.filter(pk=steps[-1].pk).update(snoozed_until=day)

    found = my_day_of(coordinator, NOW)
    assert titles(found, "snoozed") == [steps[-1].pk]
    assert titles(found, "later") == [step.pk for step in steps[:5]]


def test_a_day_that_ends_far_west_is_listed_after_later_moments(
    register, due, coordinator
):
    # The last day of the week ends in Los Angeles when the next has long begun here.
    steps = due(register(), *[24 * 7 + 15 + number for number in range(7)])
    *moments, west = steps
    Step.objects.filter(pk__in=[step.pk for step in moments]).update(due_is_day=False)
    Step.objects.filter(pk=west.pk).update(
        due_is_day=True,
        due_day=(NOW + timedelta(days=7)).date(),
        due_at=NOW + timedelta(days=7, hours=23),
        due_zone="America/Los_Angeles",
    )

    found = my_day_of(coordinator, NOW)
    assert titles(found, "week") == [west.pk]
    assert titles(found, "later") == [step.pk for step in moments[:5]]


def test_homework_says_who_does_it(register, due, coordinator):
    engagement = register()
    (step,) = due(engagement, 2)
    contact = ContactFactory(customer=engagement.customer)
    Step.objects.filter(pk=step.pk).update(contact=contact)

    (section,) = my_day_of(coordinator, NOW).sections
    assert section.rows[0].why == "The customer does it, you ask for it"


def test_undated_steps_are_counted_not_listed(register, due, coordinator):
    engagement = register()
    due(engagement, 2)

    day = my_day_of(coordinator, NOW)

    assert day.undated == engagement.steps.count() - 1
    assert sum(len(section.rows) for section in day.sections) == 1


def test_nothing_of_an_engagement_on_hold_is_shown(register, due, coordinator):
    engagement = register()
    due(engagement, -3)
    Checklist.objects.filter(engagement=engagement).update(is_paused=True)

    day = my_day_of(coordinator, NOW)

    assert day.sections == []
    assert day.late == 0


def test_steps_of_other_people_are_not_mine(register, due):
    due(register(), -3)
    stranger = UserFactory(roles=[Role.PSE])

    assert my_day_of(stranger, NOW).sections == []


def test_a_pool_shows_its_steps_to_its_members_and_says_why(
    register, due, coordinator, place
):
    engagement = register()
    (step,) = due(engagement, 2)
    pool = engagement.checklist.pool
    Step.objects.filter(pk=step.pk).update(assignee=None, pool=pool)
    colleague = UserFactory(roles=[Role.COORDINATOR], region=place["region"])

    day = my_day_of(colleague, NOW)

    assert titles(day, "today") == [step.pk]
    assert pool.name in day.sections[0].rows[0].why


def test_a_moment_belongs_to_the_day_of_the_readers_clock(register, due, coordinator):
    (step,) = due(register(), 13, due_is_day=False)
    coordinator.zone = "Europe/Berlin"
    assert titles(my_day_of(coordinator, NOW), "today") == [step.pk]

    coordinator.zone = "Australia/Sydney"
    assert titles(my_day_of(coordinator, NOW), "week") == [step.pk]


def test_a_day_belongs_to_the_day_that_stands_beside_it(register, due, coordinator):
    (step,) = due(register(), 30)
    coordinator.zone = "Europe/Berlin"
    Step.objects.filter(pk=step.pk).update(due_day=NOW.date(), due_zone="Asia/Tokyo")

    assert titles(my_day_of(coordinator, NOW), "today") == [step.pk]


@time_machine.travel(NOW, tick=False)
def test_the_page_works_and_ticks_come_with_it(client, register, due, coordinator):
    (step,) = due(register(), 2)
    Step.objects.filter(pk=step.pk).update(evidence_wanted="none", sets_anchor="")
    client.force_login(coordinator)

    page = client.get("/").content.decode()

    assert step.title in page
    assert f"/playbooks/steps/{step.pk}/complete/" in page


@time_machine.travel(NOW, tick=False)
def test_an_empty_day_says_what_would_be_here(client, coordinator):
    client.force_login(coordinator)

    assert "Nothing is due" in client.get("/").content.decode()


@time_machine.travel(NOW, tick=False)
def test_an_empty_day_leads_nobody_to_a_page_that_is_closed_to_them(
    client, coordinator
):
    for person, is_led in (
        (coordinator, True),
        (UserFactory(roles=[Role.ADMINISTRATOR]), False),
    ):
        client.force_login(person)
        assert ("See the engagements" in client.get("/").content.decode()) is is_led


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("address", ["/", "/steps/"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    client, register, due, coordinator, django_assert_max_num_queries, address
):
    client.force_login(coordinator)
    due(register(), 1, 2, 3)
    client.get(address)
    few = count_queries(client, address)
    for _number in range(3):
        due(register(), *range(1, 11))

    assert count_queries(client, address) == few
    assert few <= 12


def count_queries(client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@time_machine.travel(NOW, tick=False)
def test_what_one_is_booked_for_stands_on_my_day(client):
    pse = UserFactory(roles=[Role.PSE])
    soon = booked(pse, startable(title="Migration"))
    booked(pse, days=workdays(date(2027, 4, 12)))
    booked(UserFactory(roles=[Role.PSE]), startable(title="Not mine"))
    client.force_login(pse)

    day = my_day_of(pse, NOW)
    shown = client.get("/").content.decode()

    assert day.bookings == [soon]
    assert "You are booked" in shown
    assert "Migration" in shown
    assert "Not mine" not in shown
