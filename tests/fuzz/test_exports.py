"""The export as a spreadsheet reads it: text stays text, rows stay rows."""

import csv

import pytest
from django.urls import reverse

from engagements.models import Engagement
from psdelivery.people.models import Customer
from tests.fuzz.nasty import SCRIPT
from tests.fuzz.poison import poison
from tests.fuzz.test_nasty_names import TEXTS

EXPORT = reverse("engagements:engagement-export")
MARK = "\ufeff"
FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://evil.example/")', " =1+1", "\n=1+1", "＝1+1",
]  # fmt: skip
TEXT = [
    'Say "hello", twice', "two\nlines", "a;b\tc", "Ünïcödé 株式会社", "\U0001f680",
    SCRIPT, "'quoted", "NULL", "x" * 160,
]  # fmt: skip


def rows_of(answer):
    """The rows of an export, read as UTF-8 by the rules of CSV."""
    text = b"".join(answer).decode()
    assert text.startswith(MARK)
    return list(csv.reader(text.removeprefix(MARK).splitlines(keepends=True)))


def row_named(rows, title):
    (row,) = [row for row in rows if title in row]
    return row


def entitled(world, title):
    Engagement.objects.filter(pk=world.consulting.pk).update(title=title)


@pytest.mark.parametrize("title", FORMULAS)
def test_no_cell_begins_like_a_formula(title, world, me):
    entitled(world, title)
    Customer.objects.filter(pk=world.customer.pk).update(name=title)

    cells = [cell for row in rows_of(me.client.get(EXPORT)) for cell in row]

    assert any(title.strip() in cell for cell in cells)
    assert not [cell for cell in cells if cell.strip().startswith(tuple("=+-@＝"))]


@pytest.mark.parametrize("title", TEXT)
def test_text_comes_back_as_it_was_typed(title, world, me):
    entitled(world, title)

    rows = rows_of(me.client.get(EXPORT))

    assert row_named(rows, title)[0] == "Acme"
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize("text_for", TEXTS)
def test_rows_stay_rows_whatever_the_names(text_for, world, me):
    poison(text_for)

    rows = rows_of(me.client.get(EXPORT))

    assert len(rows) == 1 + Engagement.objects.count()
    assert {len(row) for row in rows} == {len(rows[0])}


def test_a_value_stays_a_number(world, me):
    world.consulting.paper.value, world.consulting.paper.currency = 1000, "EUR"
    world.consulting.paper.save()

    row = row_named(rows_of(me.client.get(EXPORT)), "Rollout")

    assert row[-2:] == ["1000.00", "EUR"]


def test_the_export_is_a_file_that_no_browser_shows(me):
    answer = me.client.get(EXPORT)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith(
        'attachment; filename="engagements-'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
