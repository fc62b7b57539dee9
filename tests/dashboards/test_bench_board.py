"""The bench of the board: its data hold together, and it says what is missed."""

from dataclasses import replace

import pytest
from django.db.models import Sum

from psdelivery.dashboards.bench import report
from psdelivery.dashboards.bench.board_figures import (
    BOARD,
    BoardFigure,
    TaskFigure,
    board_of,
)
from psdelivery.dashboards.bench.boards import board_pages
from psdelivery.dashboards.bench.figures import PageFigure
from psdelivery.dashboards.bench.planning import fill_planning
from psdelivery.people.models import User
from scheduling.choices import Hold
from scheduling.models import Allocation, AllocationDay, CapacityDay
from scheduling.services.capacity import booked_hours
from tests.factories.scheduling import NOW

PAGE = PageFigure("Board by day", "coordinator", 12, 200_000, 120.0, 110.0, BOARD)
TASK = TaskFigure("scroll through all rows", 80.0, 2, 12.0)
FIGURE = BoardFigure("SQLite", 500, 55_000, [PAGE], [TASK], "Chromium 1")


@pytest.mark.unit
def test_the_board_misses_when_it_is_slow_large_or_stutters():
    slow = replace(PAGE, queries=13, size=400_001, milliseconds=1001.0)
    stuttering = replace(TASK, longest=250.0)

    assert FIGURE.misses() == []
    assert replace(FIGURE, pages=[slow]).misses() == [
        "SQLite, 500 people: Board by day: 13 queries, bar 12",
        "SQLite, 500 people: Board by day: 400,001 bytes, bar 400,000",
        "SQLite, 500 people: Board by day: 1001 ms, bar 1000",
    ]
    assert replace(FIGURE, tasks=[stuttering]).misses() == [
        "SQLite, 500 people: scroll through all rows: a task of 250 ms, bar 200"
    ]


@pytest.mark.unit
def test_the_board_is_told_in_two_tables():
    text = report.board_text(FIGURE)

    assert "Board · SQLite · 500 people, 55,000 booked days" in text
    assert "Chromium 1: tasks of its main thread" in text
    assert text.splitlines()[-1].split()[-3:] == ["80", "2", "12.0"]
    without = report.board_text(replace(FIGURE, tasks=[]))
    assert "No Chromium" in without.splitlines()[-1]


@pytest.mark.unit
def test_figures_come_back_as_they_were_printed():
    told = {
        "database": "SQLite",
        "people": 500,
        "days": 55_000,
        "pages": [vars(PAGE) | {"bars": vars(BOARD)}],
    }

    assert board_of(told, [vars(TASK)], "Chromium 1") == FIGURE


@pytest.mark.django_db
def test_the_planned_hours_of_a_day_are_those_of_its_bookings():
    fill_planning(40, NOW)

    keys = set(CapacityDay.objects.values_list("person_id", "day"))
    sums = booked_hours(set(sorted(keys)[:2000]))
    for row in CapacityDay.objects.filter(person_id__lte=sorted(keys)[1999][0] - 1):
        assert (row.hard, row.soft) == sums.get((row.person_id, row.day), (0, 0))
    total = AllocationDay.objects.aggregate(total=Sum("hours"))["total"]
    assert total == Allocation.objects.aggregate(total=Sum("hours"))["total"]
    assert Allocation.objects.filter(person=None, hold=Hold.SOFT).exists()
    assert fill_planning(40, NOW) == AllocationDay.objects.count()


@pytest.mark.django_db
def test_the_pages_of_the_bench_answer(client):
    fill_planning(40, NOW)
    client.force_login(User.objects.get(username="coordinator"))

    for page in board_pages(NOW):
        assert client.get(page.path).status_code == 200, page.title
