from dataclasses import asdict, replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from psdelivery import access
from psdelivery.dashboards.bench import databases, report
from psdelivery.dashboards.bench.data import fill_with_steps
from psdelivery.dashboards.bench.figures import (
    DASHBOARD,
    LIST,
    NONE,
    PageFigure,
    PagesFigure,
    ScanFigure,
    ScansFigure,
)
from psdelivery.dashboards.bench.pages import (
    BrokenPageError,
    Page,
    measure,
    open_floor,
)
from psdelivery.dashboards.bench.scans import goes_by_index, measure_scan
from psdelivery.people.choices import Role
from psdelivery.playbooks.models import Reminder, Step
from tests.factories.people import UserFactory

NOW = datetime(2027, 6, 9, 9, 30, tzinfo=UTC)
FLOOR = PageFigure("Floor", "pm", 3, 9, 2.0, 2.0, NONE)
PAGE = PageFigure("Engagements", "pm", 9, 40_000, 20.0, 19.0, LIST)


@pytest.fixture
def pm(db):
    return UserFactory(username="pm", roles=[Role.PM])


def test_the_floor_is_one_query_and_is_closed_again(pm):
    with open_floor() as path:
        figure = measure(Page("Floor", "pm", path, NONE), runs=2)

    # Session, person, and the one of the floor.
    assert figure.queries == 3
    assert 0 < figure.size < 30
    assert "bench-floor" not in access.URLS
    with pytest.raises(NoReverseMatch):
        reverse("bench-floor")


def test_a_page_that_does_not_answer_is_no_figure(pm):
    with pytest.raises(BrokenPageError, match="404"):
        measure(Page("Nowhere", "pm", "/nowhere/"), runs=1)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({}, []),
        ({"queries": 13}, ["13 queries, bar 12"]),
        ({"size": 150_001}, ["150,001 bytes, bar 150,000"]),
        ({"bars": DASHBOARD, "milliseconds": 1001}, ["1001 ms, bar 1000"]),
    ],
)
def test_a_page_says_which_bars_it_misses(changes, missed):
    assert replace(PAGE, **changes).misses(12.0) == missed


@pytest.mark.unit
def test_a_list_takes_at_most_twelve_times_the_floor():
    assert PAGE.misses(12.1) == ["12.1 × the floor, bar 12"]


@pytest.mark.unit
def test_processor_time_counts_where_the_database_is_in_the_process():
    figure = PagesFigure("SQLite", True, 200, 9000, FLOOR, [PAGE], 80_000, 9)

    assert figure.times_floor(PAGE) == 9.5
    assert replace(figure, in_process=False).times_floor(PAGE) == 10


@pytest.mark.unit
def test_a_scan_misses_when_it_is_slow_or_loses_a_mail():
    figure = ScansFigure("SQLite", False, [ScanFigure(100, 10, 31.0, 5, 9)])

    assert report.misses_of_scans(figure) == [
        "SQLite: scan of 100 with 10 due: 9 reminders of 10 due",
        "SQLite: scan of 100 with 10 due: 31.0 s, bar 30 s",
        "SQLite: the scan does not use the partial index",
    ]


@pytest.mark.unit
def test_figures_come_back_from_a_process_as_they_were():
    figure = PagesFigure("SQLite", False, 200, 9000, FLOOR, [PAGE], 80_000, 9)

    assert report.pages_of(asdict(figure)) == figure


@pytest.mark.unit
def test_the_table_of_pages_shows_how_many_times_the_floor():
    figure = PagesFigure("SQLite", False, 200, 9000, FLOOR, [PAGE], 80_000, 9)

    last = report.pages_text(figure).splitlines()[3]

    assert last.split() == ["Engagements", "pm", "9", "40,000", "20.0", "19.0", "10.0"]


@pytest.mark.django_db
def test_a_scan_queues_what_is_due_and_goes_by_the_index():
    steps = fill_with_steps(700, NOW)

    by_index = goes_by_index(NOW)
    figures = [measure_scan(steps, due, NOW) for due in (0, 5, 20)]

    assert by_index
    assert steps == Step.objects.count() >= 700
    assert [figure.queued for figure in figures] == [0, 5, 20]
    assert Reminder.objects.count() == 26


@pytest.mark.unit
def test_databases_of_another_day_are_removed(tmp_path):
    old = tmp_path / "pages-20200101-abc-200.sqlite3"
    old.touch()

    url = databases.kept_database(tmp_path, 200, NOW)

    assert not old.exists()
    assert url == databases.kept_database(tmp_path, 200, NOW)
    assert url != databases.kept_database(tmp_path, 2000, NOW)


@pytest.mark.unit
def test_figures_are_written_between_the_marks_with_their_command(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(f"Before\n{report.BEGIN}\nold\n{report.END}\nAfter\n")

    report.write_section(page, "make bench", ["a table"])

    text = page.read_text()
    assert text.startswith("Before\n")
    assert text.endswith("\nAfter\n")
    assert "Made by `make bench` on" in text
    assert "```text\na table\n```" in text
    assert "old" not in text


@pytest.mark.full
def test_the_whole_bench_prints_its_tables(tmp_path):
    printed = StringIO()

    call_command(
        "bench",
        quick=True,
        database="sqlite",
        engagements=[13],
        steps=1200,
        runs=2,
        folder=tmp_path,
        stdout=printed,
    )

    text = printed.getvalue()
    assert "Pages · SQLite" in text
    assert "13 engagements" in text
    assert "Portfolio" in text
    assert "due steps found by the partial index" in text


@pytest.mark.full
def test_a_part_that_fails_says_why(tmp_path):
    with pytest.raises(
        databases.BenchError, match="'unknown' isn't an available database"
    ):
        databases.run_inside("unknown://x", tmp_path, ["scans", "--steps=1"])
