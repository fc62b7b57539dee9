"""Reports of the meeting platform are read as they really come."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training import zoom_reports
from training.choices import ReportKind
from training.imports import Reading, Section, UnreadableReport, read_report

pytestmark = pytest.mark.unit

SYDNEY = Reading(ZoneInfo("Australia/Sydney"), date(2027, 4, 6))


def read(text, encoding="utf-8", reading=SYDNEY):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return read_report(data, reading)


def of(report, email):
    return [entry for entry in report.entries if entry.email == email]


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def refused(data, code):
    with pytest.raises(UnreadableReport) as refusal:
        read(data)
    assert refusal.value.code == code
    return refusal.value.sentence


def test_a_webinar_report_has_parts_and_several_joins_a_person():
    report = read(zoom_reports.WEBINAR)

    assert report.kind == ReportKind.ATTENDEE
    assert report.topic == "GitLab CI/CD, for Acme"
    sections = [entry.section for entry in report.entries]
    assert sections == [
        Section.HOST,
        Section.PANELIST,
        *[Section.ATTENDEE] * 6,
        Section.OTHER,
    ]
    jane = of(report, "jane@acme.example")
    assert [entry.name for entry in jane] == ["Jane Doe", "iPhone von Jane"] * 2
    # 08:55 in Sydney; the clocks have gone back two days before.
    assert jane[0].join.joined == utc(2027, 4, 5, 22, 55)
    assert jane[0].minutes == 65
    assert jane[0].registered_at == utc(2027, 3, 24, 23, 21, 3)
    (bob,) = of(report, "bob@acme.example")
    assert (bob.is_there, bob.join, bob.minutes) == (False, None, None)


def test_a_meeting_report_leaves_the_waiting_room_out():
    report = read(zoom_reports.MEETING)

    assert report.kind == ReportKind.ATTENDEE
    assert [entry.name for entry in report.entries] == [
        "PS Training",
        "Jane (Acme)",
        "iPhone von Jane",
        "Bob Stone (Bobby)",
    ]
    # The line about the meeting says whose it is.
    assert report.entries[0].section == Section.HOST
    (jane,) = of(report, "jane@acme.example")
    assert jane.join.left - jane.join.joined == timedelta(minutes=125)


def test_a_report_of_unique_users_has_minutes_and_no_joins():
    report = read(zoom_reports.UNIQUE)

    told = [(one.name, one.minutes, one.join) for one in report.entries]
    assert told == [("Jane Doe", 245, None), ("Bob Stone", 118, None)]


def test_a_registration_report_with_quoted_line_ends_and_a_cancelled_one():
    report = read(zoom_reports.REGISTRATION)

    assert report.kind == ReportKind.REGISTRATION
    assert [(one.name, one.email, one.is_off) for one in report.entries] == [
        ("Jane Doe", "jane@acme.example", False),
        ("Jörg Müller", "joerg.mueller@acme.example", False),
        ("Bob Stone", "bob@acme.example", False),
        ("Carl Gone", "carl@acme.example", True),
    ]
    assert report.entries[3].line == 11


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_encoding_delimiter_and_line_end_tells_the_same(
    encoding, delimiter, line_end
):
    lines = [
        ["Name (Original Name)", "User Email", "Join Time", "Leave Time"],
        ["Jörg Müller", "j@acme.example", "2027-04-06 09:00", "2027-04-06 10:00"],
    ]
    text = line_end.join(delimiter.join(line) for line in lines)

    (entry,) = read(text, encoding).entries

    assert (entry.name, entry.email) == ("Jörg Müller", "j@acme.example")
    assert entry.join.joined == utc(2027, 4, 5, 23)


def test_a_german_report_and_the_line_of_a_spreadsheet():
    report = read(f"sep=;\r\n{zoom_reports.GERMAN}", "cp1252")

    (entry,) = report.entries
    assert (entry.name, entry.minutes) == ("Jörg Müller", 240)
    assert entry.join.joined == utc(2027, 4, 5, 23)


@pytest.mark.parametrize(
    "words",
    [
        "Apr 6, 2027 09:00:00 AM",
        "Apr 6, 2027 09:00 AM",
        "April 6, 2027 9:00 am",
        "Apr 6, 2027 09:00:00",
        "6 Apr 2027 09:00",
        "6. April 2027 09:00",
        "04/06/2027 09:00:00 AM",
        "04/06/2027 09:00",
        "06/04/2027 09:00",
        "06.04.2027 09:00:00",
        "2027-04-06 09:00:00",
        "2027-04-06T09:00:00.000",
        "2027/04/06 09:00",
        "04/06/27 09:00 AM",
        "2027-04-05T23:00:00Z",
        "2027-04-06 01:00 +02:00",
        "Apr 6, 2027 01:00 AM (GMT+2:00)",
        "Apr 6, 2027 01:00 AM Europe/Berlin",
        "Apr 6, 2027 09:00\u202fAM",
    ],
)
def test_each_way_to_write_a_time(words):
    text = f'Name,Email,Join Time,Leave Time\nJ,j@a.example,"{words}","{words}"\n'

    (entry,) = read(text).entries

    assert entry.join.joined == utc(2027, 4, 5, 23)


def test_any_time_that_can_be_only_one_decides_how_the_others_are_read():
    text = (
        "Name,Email,Join Time,Leave Time\n"
        "J,j@a.example,06/04/2027 09:00,06/04/2027 10:00\n"
        "K,k@a.example,13/04/2027 09:00,13/04/2027 10:00\n"
    )
    far = Reading(ZoneInfo("UTC"), date(2027, 6, 4))

    assert read(text, reading=far).entries[0].join.joined == utc(2027, 4, 6, 9)


@pytest.mark.parametrize(
    ("head", "zone"),
    [
        ("Time Zone,Europe/Berlin\n", ZoneInfo("Europe/Berlin")),
        ("Timezone: (GMT+02:00) Berlin\n", timezone(timedelta(hours=2))),
        ("", UTC),
    ],
)
def test_a_zone_that_the_file_names_goes_before_the_one_chosen(head, zone):
    column = "Join Time" if head else "Join Time (UTC)"
    text = (
        f"{head}Name,Email,{column},Leave Time\n"
        "J,j@a.example,2027-04-06 09:00,2027-04-06 10:00\n"
    )

    report = read(text)

    assert report.zone == zone
    shown = datetime(2027, 4, 6, 9, tzinfo=zone)
    assert report.entries[0].join.joined == shown


def test_in_the_hour_that_clocks_show_twice_nobody_leaves_before_they_join():
    text = (
        "Name,Email,Join Time,Leave Time\n"
        "J,j@a.example,2027-10-31 02:50,2027-10-31 02:10\n"
    )

    report = read(text, reading=Reading(ZoneInfo("Europe/Berlin")))

    join = report.entries[0].join
    assert join.left - join.joined == timedelta(minutes=20)


def test_a_list_of_names_and_addresses_counts_as_registrations():
    report = read("Name;E-Mail\nAda Lovelace;ADA@acme.example\n;\n")

    assert report.kind == ReportKind.REGISTRATION
    assert [(e.name, e.email) for e in report.entries] == [
        ("Ada Lovelace", "ada@acme.example")
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"\xff\xfe", "empty"),
        (b"PK\x03\x04rest of it", "spreadsheet"),
        (b"%PDF-1.7 rest", "pdf"),
        (bytes(range(256)) * 20, "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        ("Name,Email,Join Time".encode("utf-16")[:-1], "broken"),
        (b'Name,Email,Join Time\n"Jane,j@a.example', "broken"),
        (b'Name,Email,Join Time\n"Jane" x,j@a.example,', "broken"),
        (b"Name,Email,Join Time\n" + b"x" * 200_000, "broken"),
        (b"Name,Email,Join Time\n", "nobody"),
        (b"Name,Email,Join Time\n,,\n", "nobody"),
        (zoom_reports.POLL.encode(), "wrong-report"),
        (b"id,amount\n1,2\n", "wrong-report"),
        (b"hello\n", "wrong-report"),
        (b"Name,Email,Join Time\nJ,j@a.example,yesterday\n", "time"),
        (b"Name,Email,Join Time\nJ,j@a.example,2027-13-06 09:00\n", "time"),
        (b"Name,Email,Join Time\nJ,j@a.example,04/06/2027 13:00 AM\n", "time"),
        (b"Name,Email,Join Time\nJ,j@a.example,0001-04-06 09:00\n", "time"),
        (b"Name,Email,Join Time\nJ,j@a.example,2027-04-06 09:00 Mars\n", "time"),
        (b"Name,Email,Duration (Minutes)\nJ,j@a.example,long\n", "minutes"),
        (b"Name,Email,Duration (Minutes)\nJ,j@a.example,99999\n", "minutes"),
        (
            b"Name,Email,Join Time,Leave Time\nJ,,2027-04-06 09:00,2027-04-06 08:00",
            "order",
        ),
        (b"Name,Email,Join Time\n" + b"J,,\n" * 30_001, "long"),
    ],
)
def test_what_is_no_report_is_refused_with_its_reason(data, code):
    assert refused(data, code)


def test_a_refusal_names_the_line_and_the_report():
    assert "Line 3" in refused(b"Name,Email,Join Time\nA,,\nJ,,soon\n", "time")
    assert "Poll Report" in refused(zoom_reports.POLL.encode(), "wrong-report")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    read_or_refuse(data)


PIECES = st.sampled_from(
    [
        *["Name", "Email", "Join Time", "Leave Time", "Duration (Minutes)", "Attended"],
        *["Attendee Details", "Topic", "Meeting ID", "Time Zone", "Host Details,"],
        *[",", ";", "\t", "\n", "\r\n", '"', "\x00", "\ufeff", "é", "\u202f", "--"],
        *["Apr 6, 2027 09:00", "04/06/2027", "9:99", "2027-04-06 09:00", "(GMT+99)"],
        *["jane@a.example", "Jane", "999999", "1:2:3", "Yes", "No", "Poll Report"],
    ]
)


@given(st.lists(PIECES, max_size=60), st.sampled_from(["utf-8", "utf-16", "utf-16-be"]))
def test_any_pieces_of_a_report_are_read_or_refused(pieces, encoding):
    read_or_refuse("".join(pieces).encode(encoding))


@given(st.lists(st.lists(st.text(max_size=20), max_size=5), max_size=6))
def test_any_rows_under_a_proper_head_are_read_or_refused(rows):
    head = "Name,Email,Join Time,Leave Time,Duration (Minutes)\n"
    body = "\n".join(",".join(row) for row in rows)
    read_or_refuse((head + body).encode("utf-8", "surrogatepass"))


def read_or_refuse(data):
    report = None
    # A refusal is an answer too; anything else that is raised fails the test.
    with suppress(UnreadableReport):
        report = read_report(data, SYDNEY)
    for entry in report.entries if report else ():
        assert entry.name or entry.email
        assert len(entry.name) <= 200
        assert entry.join is None or entry.join.joined <= entry.join.left
