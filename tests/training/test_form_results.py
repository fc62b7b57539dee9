"""Results of forms as they really come: read without a database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from training.imports.form_results import (
    guessed_columns,
    order_of,
    read_sheet,
    responses_in,
)
from training.imports.problems import UnreadableReport
from training.rules.form_rows import Fate, Standing, judge_all

pytestmark = pytest.mark.unit

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 4, 20, 9, 0, tzinfo=UTC)

GOOGLE = """\
Timestamp,Email Address,Score,Full name,"What is a branch?",Response link
2027/04/10 10:00:00 AM GMT+2,Ada@Customer.example,18 / 20,Ada Byron,"A line,
of work",https://docs.google.com/forms/d/abc/edit#response=1
2027/04/11 11:30:00 PM GMT+2,bob@customer.example,9 / 20,Bob Stone,"Not ""so"" sure",\
https://docs.google.com/forms/d/abc/edit#response=2
"""
SHEET = """\
Timestamp;E-Mail-Adresse;Name
13/04/2027 10:00:00;ada@customer.example;Ada Byron
04/05/2027 10:00:00;bob@customer.example;Bob Stone
"""
MICROSOFT = """\
ID\tStart time\tCompletion time\tEmail\tName
1\t4/10/27 9:00:00\t4/10/27 10:00:00\tada@customer.example\tByron, Ada
2\t4/11/27 9:00:00\t4/11/27 10:00:00\tbob@customer.example\tStone, Bob
"""
OWN = """\
Wann,Wer,Wie heißen Sie?
2027-04-10 10:00,ada@customer.example,Ada Byron
"""


def read(text, *, order="", encoding="utf-8", zone=BERLIN):
    sheet = read_sheet(text.encode(encoding))
    columns = guessed_columns(sheet)
    return responses_in(sheet, columns, order or order_of(sheet, columns), zone)


def test_responses_of_a_form_are_read():
    first, second = read(GOOGLE)

    assert (first.name, first.email) == ("Ada Byron", "ada@customer.example")
    assert first.submitted_at == datetime(2027, 4, 10, 8, 0, tzinfo=UTC)
    assert (first.score, second.score) == (90, 45)
    assert first.response_url.endswith("#response=1")
    assert first.response_key != second.response_key
    assert second.submitted_at == datetime(2027, 4, 11, 21, 30, tzinfo=UTC)
    assert not first.problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found(encoding, delimiter):
    text = f"Timestamp{delimiter}Email{delimiter}Name\n" + delimiter.join(
        ["2027-04-10 10:00", "joerg@customer.example", "Jörg Müller"]
    )

    (found,) = read(text, encoding=encoding)

    assert found.name == "Jörg Müller"


def test_a_day_that_can_be_only_one_decides_for_all():
    sheet = read_sheet(SHEET.encode())

    assert order_of(sheet, guessed_columns(sheet)) == "dmy"
    first, second = read(SHEET)
    assert first.submitted_at == datetime(2027, 4, 13, 8, 0, tzinfo=UTC)
    assert second.submitted_at == datetime(2027, 5, 4, 8, 0, tzinfo=UTC)


def test_days_that_can_be_two_are_asked_for():
    sheet = read_sheet(MICROSOFT.encode())

    assert order_of(sheet, guessed_columns(sheet)) == ""
    assert {one.submitted_at.day for one in read(MICROSOFT, order="mdy")} == {10, 11}
    assert {one.submitted_at.month for one in read(MICROSOFT, order="dmy")} == {10, 11}
    assert [one.response_key for one in read(MICROSOFT, order="mdy")] == ["1", "2"]


def test_columns_without_known_heads_are_found_by_their_cells():
    sheet = read_sheet(OWN.encode())

    assert guessed_columns(sheet) == {"submitted": 0, "email": 1}
    (found,) = read(OWN)
    # Nobody said where the name is.
    assert found.name == "ada"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a spreadsheet", "spreadsheet"),
        (b"%PDF-1.4", "pdf"),
        (bytes(range(256)) * 20, "binary"),
        (b"Timestamp,Email\n", "nobody"),
        (b"Poll,Answer\nHow was it?,Good\n", "wrong-report"),
        (b'Timestamp,Email\n"2027-04-10 10:00,ada@customer.example\n', "broken"),
        (b"Timestamp,Email\n" + b"2027-04-10 10:00,a@b.example\n" * 5001, "long"),
    ],
)
def test_what_is_no_table_of_responses_is_refused(data, code):
    with pytest.raises(UnreadableReport) as refused:
        read_sheet(data)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",ada@customer.example,Ada", "no time"),
        ("soon,ada@customer.example,Ada", "“soon” is not a time"),
        ("2027-02-30 10:00,ada@customer.example,Ada", "not a time"),
        ("2027-04-10 10:00,,Ada", "no address"),
        ("2027-04-10 10:00,ada at home,Ada", "not an e-mail address"),
        ("2027-04-21 10:00,ada@customer.example,Ada", "future"),
        ("2026-04-10 10:00,ada@customer.example,Ada", "more than a year back"),
    ],
)
def test_a_wrong_row_says_why(row, words):
    fine = "2027-04-10 10:00,bob@customer.example,Bob"
    responses = read(f"Timestamp,Email,Name\n{row}\n{fine}\n")

    wrong, new = judge_all(responses, Standing(), now=NOW)

    assert (wrong.fate, new.fate) == (Fate.WRONG, Fate.NEW)
    assert words in wrong.why


def test_what_is_there_already_stays_as_it_is():
    responses = read(GOOGLE + GOOGLE.partition("\n")[2])
    standing = Standing(keys={responses[0].response_key})

    fates = [one.fate for one in judge_all(responses, standing, now=NOW)]

    assert fates == [Fate.THERE, Fate.NEW, Fate.THERE, Fate.THERE]


def test_without_numbers_address_and_moment_tell_responses_apart():
    (response,) = read(OWN)
    standing = Standing(handed_in={(response.email, response.submitted_at)})

    (judged,) = judge_all([response], standing, now=NOW)

    assert judged.fate == Fate.THERE


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        ({"began_at": NOW}, "before the class began"),
        ({"roster": frozenset({"bob@customer.example"})}, "Not on the roster"),
        ({"passed": frozenset({"ada@customer.example"})}, "passed already"),
        ({"began_at": NOW - timedelta(days=12), "roster": None}, ""),
    ],
)
def test_a_form_of_several_classes_brings_only_this_one(standing, words):
    (judged,) = judge_all(read(OWN), Standing(**standing), now=NOW)

    assert judged.fate == (Fate.LEFT_OUT if words else Fate.NEW)
    assert words in judged.why


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("18 / 20", 90),
        ("19.9/20", 99),
        ("90 %", 90),
        ("75", 75),
        ("120", None),
        ("21 / 20", None),
        ("0 / 0", None),
        ("good", None),
        ("", None),
    ],
)
def test_scores_are_read_in_per_cent(cell, score):
    text = f"Timestamp,Email,Score\n2027-04-10 10:00,a@b.example,{cell}\n"

    assert read(text)[0].score == score


def test_a_local_time_is_of_the_chosen_zone():
    new_york = ZoneInfo("America/New_York")

    (found,) = read(OWN, zone=new_york)

    assert found.submitted_at == datetime(2027, 4, 10, 14, 0, tzinfo=UTC)
