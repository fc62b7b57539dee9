"""Who is who: joins of one person together, and the person on the roster."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training import zoom_reports
from training.choices import RowFate
from training.imports import Entry, Join, Reading, Section, read_report
from training.rules.matching import (
    Known,
    Memory,
    Person,
    candidates_for,
    directory_of,
    people_of,
    verdicts_on,
)
from training.rules.names import ALIKE, WITHIN, forms_of, is_same, likeness
from training.rules.roster import is_present, merged, minutes_within

pytestmark = pytest.mark.unit

START = datetime(2027, 4, 5, 23, tzinfo=UTC)
END = START + timedelta(hours=4)
JANE = Known(1, ("Jane Doe",), frozenset({"jane@acme.example"}))
BOB = Known(2, ("Bob Stone",))


def at(minute):
    return START + timedelta(minutes=minute)


def join(start, stop):
    return Join(at(start), at(stop))


def entry(name="", email="", *, line=2, section=Section.ATTENDEE, **more):
    return Entry(line, name, email, section, **more)


def verdict(name, email="", roster=(JANE, BOB), **memory):
    person = Person(9, (name,) if name else (), email)
    return verdicts_on([person], roster, Memory(**memory))[9]


@pytest.mark.parametrize(
    "name",
    [
        "Jane Doe",
        "jane doe",
        "Doe, Jane",
        "Jane Doe (Acme)",
        "Jane Doe [she/her]",
        "Jane Doe - Acme Inc",
        "Jane Doe | Acme",
        "Dr. Jane Doe",
        "Jane Doe’s iPhone",
        "JD (Jane Doe)",
        "Jané Döe",
    ],
)
def test_ways_to_write_a_whole_name_are_the_same(name):
    assert is_same(name, "Jane Doe")


@pytest.mark.parametrize(
    ("first", "second"),
    [("Jörg Müller", "Joerg Mueller"), ("Jörg Müller", "Jorg Muller"), ("ß Ø", "SS O")],
)
def test_accents_do_not_make_another_name(first, second):
    assert is_same(first, second)


@pytest.mark.parametrize(
    "name",
    ["iPhone von Jane", "Jane", "J Doe", "Jane M. Doe", "Jnae Doe", "Jane's iPad Pro"],
)
def test_what_is_alike_is_not_the_same(name):
    assert not is_same(name, "Jane Doe")
    assert ALIKE <= likeness(name, "Jane Doe") < 1


@pytest.mark.parametrize(
    "name", ["Bob Stone", "John Smith", "Otter.ai", "iPhone", "+49"]
)
def test_other_names_are_not_alike(name):
    assert likeness(name, "Jane Doe") < ALIKE


@pytest.mark.parametrize(
    "name", ["iPhone", "Galaxy S21", "+61 2*****78", "", "()", "3"]
)
def test_a_device_or_a_number_is_no_name(name):
    assert forms_of(name) == ()


def test_one_address_under_two_names_is_one_person():
    report = read_report(
        zoom_reports.WEBINAR.encode(), Reading(ZoneInfo("Australia/Sydney"))
    )

    people = people_of(report.entries)

    (jane,) = [one for one in people if one.email == "jane@acme.example"]
    assert jane.names == ("Jane Doe", "iPhone von Jane")
    assert len(jane.joins) == 4
    # 9:00 to 11:00 over two devices, half an hour, and the last one to the end.
    joins = [told for told, _name in jane.joins]
    assert minutes_within(joins, START, END) == 120 + 30 + 30


def test_without_an_address_the_whole_name_puts_rows_together():
    people = people_of(
        [
            entry("Jane Doe", "jane@acme.example", join=join(0, 10)),
            entry("Doe, Jane", line=3, join=join(20, 30)),
            entry("jane", line=4, join=join(40, 50)),
            entry("Jane", line=5, join=join(50, 60)),
        ]
    )

    assert [(one.number, len(one.joins)) for one in people] == [(2, 2), (4, 2)]


def test_two_addresses_of_one_name_stay_two_people():
    people = people_of(
        [
            entry("Jane Doe", "jane@acme.example"),
            entry("Jane Doe", "jane@other.example", line=3),
            entry("Jane Doe", line=4),
        ]
    )

    assert [one.email for one in people] == [
        "jane@acme.example",
        "jane@other.example",
        "",
    ]


def test_who_registered_twice_and_cancelled_once_still_comes():
    (jane,) = people_of(
        [
            entry("Jane Doe", "jane@acme.example", is_off=True, registered_at=at(5)),
            entry("Jane Doe", "jane@acme.example", registered_at=at(9), line=3),
        ]
    )

    assert (jane.is_off, jane.registered_at) == (False, at(5))


@pytest.mark.parametrize(
    ("name", "email", "fate", "attendee"),
    [
        ("Whoever", "jane@acme.example", RowFate.MATCHED, 1),
        ("Jane Doe", "", RowFate.MATCHED, 1),
        ("Bob Stone", "bob@home.example", RowFate.MATCHED, 2),
        ("Jane Doe", "jane@home.example", RowFate.DOUBTFUL, None),
        ("iPhone von Jane", "", RowFate.DOUBTFUL, None),
        ("J. Doe", "", RowFate.DOUBTFUL, None),
        ("iPhone", "", RowFate.DOUBTFUL, None),
        ("Bobby", "bstone@acme.example", RowFate.DOUBTFUL, None),
        ("Ada Lovelace", "", RowFate.NEW, None),
        ("Ada Lovelace", "ada@acme.example", RowFate.NEW, None),
        ("Jane Smith", "smith@acme.example", RowFate.NEW, None),
    ],
)
def test_what_is_certain_is_matched_and_what_is_not_waits(name, email, fate, attendee):
    found = verdict(name, email)

    assert (found.fate, found.attendee) == (fate, attendee)
    assert bool(found.note) == (fate == RowFate.DOUBTFUL)


def test_where_people_registered_a_stranger_without_address_is_doubtful():
    assert verdict("Ada Lovelace", expects=True).fate == RowFate.DOUBTFUL
    assert verdict("Ada Lovelace", "a@b.example", expects=True).fate == RowFate.NEW


def test_another_name_that_is_known_of_somebody_is_theirs():
    known = Known(1, ("Jane Doe", "iPhone von Jane"), frozenset({"j@a.example"}))

    assert verdict("iPhone von Jane", roster=[known]).attendee == 1
    # A device alone says nobody, whoever used it the last time.
    phone = Known(1, ("Jane Doe", "iPhone"), frozenset())
    assert verdict("iPhone", roster=[phone]).fate == RowFate.DOUBTFUL


def test_two_of_one_name_on_the_roster_are_told_apart_by_a_person():
    roster = [Known(1, ("Jane Doe",)), Known(2, ("Jane Doe",))]

    assert verdict("Jane Doe", roster=roster).fate == RowFate.DOUBTFUL


def test_our_own_people_are_left_out_but_not_who_is_on_the_roster():
    host = Person(2, ("Tara Trainer",), "tara@ps.example", is_staff=True)
    promoted = Person(3, ("Jane Doe",), "jane@acme.example", is_staff=True)

    found = verdicts_on([host, promoted], [JANE], Memory())

    assert found[2].fate == RowFate.IGNORED
    assert found[3].attendee == 1
    trainer = {"staff_names": ("Tara Trainer",), "staff_emails": frozenset({"t@ps.de"})}
    assert verdict("Tara Trainer", **trainer).fate == RowFate.IGNORED
    assert verdict("Anybody", "t@ps.de", **trainer).fate == RowFate.IGNORED
    assert verdict("Tara", **trainer).fate == RowFate.NEW


def test_who_was_left_out_stays_out():
    left_out = frozenset({("otter.ai", "")})

    assert verdict("Otter.ai", left_out=left_out).fate == RowFate.IGNORED
    assert verdict("Otter.ai").fate != RowFate.IGNORED


def test_a_cancelled_registration_finds_its_person_or_is_left_out():
    off = Person(2, ("Jane Doe",), "", is_off=True)
    unknown = Person(3, ("Carl Gone",), "c@a.example", is_off=True)

    found = verdicts_on([off, unknown], [JANE], Memory())

    assert (found[2].fate, found[2].attendee) == (RowFate.MATCHED, 1)
    assert found[3].fate == RowFate.IGNORED


def test_two_strangers_of_a_report_are_compared_with_each_other():
    people = [
        Person(2, ("Jane",), ""),
        Person(3, ("Jane Doe",), "jane@acme.example"),
        Person(4, ("Jane Doe",), "jane@home.example"),
    ]

    found = verdicts_on(people, [], Memory())

    assert [found[n].fate for n in (2, 3, 4)] == [
        RowFate.DOUBTFUL,
        RowFate.NEW,
        RowFate.DOUBTFUL,
    ]


def test_candidates_come_with_the_likeliest_first():
    roster = [JANE, BOB, Known(3, ("Jane Dow",)), Known(4, ("Jana Doe",))]
    person = Person(9, ("Jane Doe iPhone",))

    found = candidates_for(person, directory_of(roster).near(person))

    assert [one.pk for one in found] == [1, 3, 4]


def test_people_who_both_registered_are_not_compared_by_single_letters():
    roster = [Known(1, ("Anna Maier",), frozenset({"maier@acme.example"}))]

    found = verdict("Anna Meier", "meier@acme.example", roster=roster)
    assert found.fate == RowFate.NEW
    assert verdict("Anna Meier", roster=roster).fate == RowFate.DOUBTFUL
    longer = verdict("Anna Lena Maier", "al@acme.example", roster=roster)
    assert longer.fate == RowFate.DOUBTFUL
    assert likeness("Anna Lena Maier", "Anna Maier") == WITHIN


def test_overlapping_joins_count_once_and_only_within_the_session():
    joins = [join(-10, 20), join(10, 30), join(30, 40), join(230, 260)]

    assert merged(joins) == [join(-10, 40), join(230, 260)]
    assert minutes_within(joins, START, END) == 40 + 10
    assert minutes_within([], START, END, counted=15) == 15
    assert minutes_within(joins, START, END, counted=999) == 240


def test_minutes_are_rounded_to_the_nearest():
    half = Join(START, START + timedelta(seconds=90))
    less = Join(START, START + timedelta(seconds=89))

    assert minutes_within([half], START, END) == 2
    assert minutes_within([less], START, END) == 1


def test_whoever_was_there_long_enough_was_present():
    assert [is_present(n, 10) for n in (None, 0, 9, 10)] == [False, False, False, True]


MINUTES = st.integers(-30, 270)
JOINS = st.lists(
    st.tuples(MINUTES, MINUTES).map(lambda pair: join(min(pair), max(pair))), max_size=8
)


@given(JOINS)
def test_minutes_are_those_of_the_clock_on_which_somebody_is_in(joins):
    inside = {
        minute
        for minute in range(240)
        if any(one.joined <= at(minute) < one.left for one in joins)
    }

    assert minutes_within(joins, START, END) == len(inside)


@given(JOINS, JOINS)
def test_the_same_joins_again_change_nothing(joins, more):
    once = minutes_within(joins, START, END)

    assert minutes_within(joins + joins, START, END) == once
    assert minutes_within(joins + more, START, END) >= once


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(NAMES, NAMES)
def test_any_two_names_are_compared_alike_from_both_sides(first, second):
    assert is_same(first, second) == is_same(second, first)
    assert 0 <= likeness(first, second) <= 1


@given(st.lists(st.tuples(NAMES, st.sampled_from(["", "a@b.example", "c@d.example"]))))
def test_every_row_belongs_to_one_person_with_a_verdict(rows):
    entries = [
        entry(name, email, line=number, join=join(0, 1))
        for number, (name, email) in enumerate(rows)
        if name or email
    ]

    people = people_of(entries)
    found = verdicts_on(people, [JANE, BOB], Memory())

    assert sum(len(person.joins) for person in people) == len(entries)
    assert found.keys() == {person.number for person in people}
