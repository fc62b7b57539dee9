"""What the sections of the bench print, and when they say that a bar is missed."""

from dataclasses import replace
from smtplib import SMTP

import pytest

from psdelivery.dashboards.bench import report, serving
from psdelivery.dashboards.bench.figures import (
    LIST,
    NONE,
    ClicksFigure,
    MailFigure,
    MoveFigure,
    MovesFigure,
    PageFigure,
    PagesFigure,
    compared,
)

pytestmark = pytest.mark.unit

FLOOR = PageFigure("Floor", "pm", 3, 9, 2.0, 2.0, NONE)
PAGE = PageFigure("Engagements", "pm", 9, 40_000, 20.0, 19.0, LIST)
SMALL = PagesFigure("PostgreSQL", False, 2000, 9000, FLOOR, [PAGE], 80_000, 9)
MOVE = MoveFigure(1000, 0.3, 5, 0.4, 10, 0.2, 15)
CLICKS = ClicksFigure("PostgreSQL", 2000, 50, 60.0, 600, 40, [], 0.05, 0.3, 0.04)


def test_a_move_misses_when_it_is_slow_or_asks_too_much():
    good = MovesFigure("PostgreSQL", "postgresql", [replace(MOVE, steps=10), MOVE])
    slow = replace(good, moves=[replace(MOVE, seconds=0.8)])
    greedy = replace(good, moves=[replace(MOVE, queries=9), replace(MOVE, queries=11)])

    assert good.misses() == []
    assert slow.misses() == ["1,000 steps: 1.10 s with preview"]
    assert greedy.misses() == [
        "1,000 steps: 11 queries, bar 10",
        "the queries grow with the steps",
    ]
    assert "1,000" in report.moves_text(good).splitlines()[-1]


def test_mail_misses_when_it_leaves_slowly():
    figure = MailFigure("SQLite", 1000, 240.0, 230.0, 260.0)

    assert figure.misses() == []
    assert replace(figure, rate=150.0).misses() == ["150 mails a second, bar 200"]
    assert "240 a second (230 to 260)" in report.mails_text(figure)


def test_clicks_miss_with_an_error_a_long_wait_or_no_tick():
    assert CLICKS.misses() == []
    assert replace(CLICKS, errors=["day: 500"]).misses() == ["1 errors"]
    assert replace(CLICKS, ticks=0).misses() == ["no click ticked a step"]
    assert replace(CLICKS, p95=0.5).misses() == ["p95 is 12.5 × the unloaded median"]
    text = report.clicks_text(replace(CLICKS, errors=["day: 500", "day: 500"]))
    assert "median 50 ms, p95 300 ms; one user alone: median 40 ms" in text
    assert text.splitlines()[-1] == "day: 500"


def test_a_larger_portal_misses_where_a_page_takes_much_longer():
    larger = replace(SMALL, engagements=20_000, seed_seconds=480)
    slower = replace(larger, pages=[replace(PAGE, milliseconds=31.0)])

    assert compared(SMALL, larger) == []
    assert compared(SMALL, slower) == [
        "Engagements as pm: 1.55 × the time with 2,000 engagements"
    ]
    text = report.compared_text(SMALL, slower)
    assert "Written in 8.0 minutes" in text
    assert text.splitlines()[-1].split() == [
        "Engagements",
        "pm",
        "20.0",
        "31.0",
        "1.55",
    ]


def test_the_mail_server_of_the_bench_takes_mail():
    with serving.mail_server() as url:
        host, _colon, port = url.removeprefix("smtp://").partition(":")
        with SMTP(host, int(port), timeout=10) as client:
            refused = client.sendmail("a@example.com", ["b@example.com"], "Hi\n.\nyou")

    assert refused == {}
