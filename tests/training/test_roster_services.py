"""What reports, decisions and hand-ins do to the roster of a class."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from engagements.registry import facts
from engagements.services.handoff_questions import StepWanted
from psdelivery.documents.models import Document
from psdelivery.history.models import Event
from psdelivery.outbox.models import Message
from psdelivery.playbooks.models import Step
from psdelivery.playbooks.rules.completion import Completion
from psdelivery.playbooks.services.steps import complete_step
from psdelivery.registry import RuleRefused
from tests.factories.shipped import ship_mails
from tests.factories.training import NOW, plan_class
from tests.training import zoom_reports
from training.choices import RowFate, SeatOrderState
from training.imports import Reading, read_report
from training.models import Attendance, Attendee, AttendeeReport, ReportRow
from training.roster_queries import counts_of, roster_state
from training.rules.roster import TrainingProof, reasons_against_complete
from training.services.attendance import enter_attendance
from training.services.attendees import Entered, add_attendee, call_off, edit_attendee
from training.services.decisions import Decision, decide_rows, reopen_row
from training.services.parking_lot import (
    answer_parked,
    park_question,
    turn_parked_into_step,
)
from training.services.reports import Upload, import_report
from training.services.roster import count_registered, hand_in_roster
from training.services.seat_orders import ask_for_seats, decide_order

AFTER = datetime(2027, 4, 8, 0, tzinfo=UTC)
AHEAD = datetime(2027, 3, 30, 0, tzinfo=UTC)


def take(delivery, text, *, by, session=None, now=AFTER, name="report.csv"):
    data = text.encode()
    told = read_report(data, Reading(ZoneInfo("Australia/Sydney")))
    upload = Upload(name, data, told, session)
    return import_report(delivery, upload, by=by, now=now)


def hold(delivery, now=AFTER):
    for session in delivery.sessions.all():
        step = Step.objects.get(checklist=session.checklist, key="held")
        complete_step(step, Completion(), by=None, now=now)
    delivery.refresh_from_db()


def minutes(session):
    found = Attendance.objects.filter(session=session).order_by("attendee__name")
    return [(one.attendee.name, one.minutes) for one in found]


def state_of(delivery, key):
    return Step.objects.get(checklist__delivery_owner=delivery, key=key).state


@pytest.fixture
def one_day(engagement, trainer, coordinator):
    """A class on Tue 6 April 2027 only."""
    return plan_class(engagement, days=1, trainer=trainer, by=coordinator)


@pytest.fixture
def session(one_day):
    return one_day.sessions.get()


def test_four_joins_under_two_names_are_one_attendee(one_day, session, coordinator):
    report = take(one_day, zoom_reports.WEBINAR, by=coordinator, session=session)

    names = list(Attendee.objects.values_list("name", "source"))
    assert names == [
        ("Bob Stone", "registration"),
        ("Jane Doe", "registration"),
        ("Müller, Jörg", "registration"),
    ]
    assert minutes(session) == [("Jane Doe", 180), ("Müller, Jörg", 240)]
    fates = report.rows.values_list("name", "fate").order_by("number")
    assert dict(fates) == {
        "PS Training": "ignored",
        "Tara Trainer": "ignored",
        "Jane Doe": "new",
        "Müller, Jörg": "new",
        "Bob Stone": "new",
        "+61 2*****78": "doubtful",
    }
    assert report.settled_at is None
    jane = Attendee.objects.get(name="Jane Doe")
    assert jane.aliases.get().name == "iPhone von Jane"


def test_without_an_address_a_person_decides_who_it_was(one_day, session, coordinator):
    take(one_day, zoom_reports.REGISTRATION, by=coordinator, now=AHEAD)
    report = take(one_day, zoom_reports.MEETING, by=coordinator, session=session)
    jane = Attendee.objects.get(email="jane@acme.example")
    assert minutes(session) == [("Bob Stone", 240), ("Jane Doe", 120)]
    (row,) = report.rows.filter(fate=RowFate.DOUBTFUL)
    assert row.name == "iPhone von Jane"

    match = {row.pk: Decision(RowFate.MATCHED, jane.pk)}
    assert decide_rows(report, match, by=coordinator, now=AFTER) == 1

    assert minutes(session) == [("Bob Stone", 240), ("Jane Doe", 240)]
    report.refresh_from_db()
    assert report.settled_at == AFTER
    step = Step.objects.get(checklist=session.checklist, key="attendee-report")
    assert (step.state, step.evidence) == ("done", report.document)
    assert decide_rows(report, match, by=coordinator, now=AFTER) == 0


def test_the_same_file_again_changes_nothing(one_day, session, coordinator):
    first = take(one_day, zoom_reports.WEBINAR, by=coordinator, session=session)
    again = take(one_day, zoom_reports.WEBINAR, by=coordinator, session=session)

    assert again == first
    assert AttendeeReport.objects.count() == Document.objects.count() == 1


def test_a_newer_file_of_the_session_doubles_nobody(one_day, session, coordinator):
    report = take(one_day, zoom_reports.WEBINAR, by=coordinator, session=session)
    phone = report.rows.get(fate=RowFate.DOUBTFUL)
    left_out = {phone.pk: Decision(RowFate.IGNORED)}
    decide_rows(report, left_out, by=coordinator, now=AFTER)
    before = minutes(session), Attendee.objects.count()

    newer = zoom_reports.WEBINAR.replace("09:12 AM", "10:30 AM")
    second = take(one_day, newer, by=coordinator, session=session)

    assert (minutes(session), Attendee.objects.count()) == before
    # Who was left out stays out, and is not asked for again.
    assert second.settled_at == AFTER
    note = second.rows.get(number=phone.number).note
    assert note == "Left out before."


def test_a_second_part_of_the_session_adds_its_minutes(one_day, session, coordinator):
    head = "Name,Email,Join Time,Leave Time\n"
    parts = [("09:00", "10:00"), ("11:00", "11:30")]
    for start, stop in parts:
        row = f"Ada L,ada@a.example,2027-04-06 {start},2027-04-06 {stop}\n"
        take(one_day, head + row, by=coordinator, session=session)

    assert minutes(session) == [("Ada L", 90)]


def test_what_was_decided_can_be_taken_back(one_day, session, coordinator):
    take(one_day, zoom_reports.REGISTRATION, by=coordinator, now=AHEAD)
    report = take(one_day, zoom_reports.MEETING, by=coordinator, session=session)
    jane = Attendee.objects.get(email="jane@acme.example")
    row = report.rows.get(fate=RowFate.DOUBTFUL)
    match = {row.pk: Decision(RowFate.MATCHED, jane.pk)}
    decide_rows(report, match, by=coordinator, now=AFTER)
    assert jane.aliases.filter(name="iPhone von Jane").exists()

    reopen_row(ReportRow.objects.get(pk=row.pk), by=coordinator, now=AFTER)

    assert minutes(session) == [("Bob Stone", 240), ("Jane Doe", 120)]
    assert not jane.aliases.filter(name="iPhone von Jane").exists()
    new = {row.pk: Decision(RowFate.NEW)}
    decide_rows(report, new, by=coordinator, now=AFTER)
    assert ("iPhone von Jane", 120) in minutes(session)
    reopen_row(ReportRow.objects.get(pk=row.pk), by=coordinator, now=AFTER)
    assert not Attendee.objects.filter(name="iPhone von Jane").exists()


def test_nobody_of_another_class_is_chosen(one_day, session, coordinator, engagement):
    report = take(one_day, zoom_reports.WEBINAR, by=coordinator, session=session)
    other = plan_class(engagement, days=1, first=NOW.date() + timedelta(days=90))
    stranger = add_attendee(other, Entered(name="Zoe"), by=coordinator, now=AFTER)
    row = report.rows.get(fate=RowFate.DOUBTFUL)

    with pytest.raises(RuleRefused, match="on the roster"):
        decide_rows(
            report,
            {row.pk: Decision(RowFate.MATCHED, stranger.pk)},
            by=coordinator,
            now=AFTER,
        )


def test_registrations_are_counted_and_a_cancelled_one_is_called_off(
    one_day, coordinator
):
    took = zoom_reports.REGISTRATION
    take(one_day, took, by=coordinator, now=AHEAD)
    assert one_day.counts.get().registered == 3
    assert state_of(one_day, "registered-one-week") == "done"
    assert state_of(one_day, "registered-two-days") == "open"
    assert counts_of(one_day).registered == 3

    later = took.replace('04:05:06 PM",approved', '04:05:06 PM",cancelled by self')
    take(one_day, later, by=coordinator, now=AHEAD + timedelta(days=4))

    bob = Attendee.objects.get(name="Bob Stone")
    assert bob.cancelled_at is not None
    assert (counts_of(one_day).registered, counts_of(one_day).called_off) == (2, 1)
    assert state_of(one_day, "registered-two-days") == "done"


def test_a_thousand_registrations_cost_a_fixed_number_of_queries_a_part(
    one_day, coordinator, django_assert_max_num_queries
):
    # 5 parts of 200; some twenty statements a part, and the steps at the end.
    with django_assert_max_num_queries(220):
        take(one_day, zoom_reports.registrations(1000), by=coordinator, now=AHEAD)

    assert one_day.attendees.count() == 1000


def test_a_count_of_a_day_to_come_is_refused(one_day, coordinator):
    tomorrow = AHEAD.date() + timedelta(days=2)
    with pytest.raises(RuleRefused, match="to come"):
        count_registered(one_day, 5, counted_on=tomorrow, by=coordinator, now=AHEAD)


def test_an_early_count_leaves_the_looks_open(one_day, coordinator):
    count_registered(one_day, 5, by=coordinator, now=AHEAD - timedelta(days=9))

    assert state_of(one_day, "registered-one-week") == "open"


def test_people_are_entered_corrected_and_called_off_by_hand(one_day, coordinator):
    by = {"by": coordinator, "now": AFTER}
    ada = add_attendee(one_day, Entered(name="Ada", email="ADA@a.example"), **by)
    with pytest.raises(RuleRefused, match="roster already"):
        add_attendee(one_day, Entered(name="Eve", email="ada@a.example"), **by)

    edit_attendee(ada, Entered(name="Ada Lovelace", email="ada@a.example"), **by)
    call_off(ada, is_off=True, **by)

    ada.refresh_from_db()
    assert (ada.name, ada.cancelled_at) == ("Ada Lovelace", AFTER)
    assert ada.aliases.get().name == "Ada"
    call_off(ada, is_off=False, **by)
    told = Event.objects.filter(verb__startswith="attendee")
    assert told.count() == 4
    assert "Ada" not in "".join(f"{e.subject_label}{e.changes}" for e in told)


def test_attendance_by_hand_completes_the_roster_of_a_class_held(
    one_day, session, coordinator
):
    ada = add_attendee(one_day, Entered(name="Ada"), by=coordinator, now=AFTER)
    bob = add_attendee(one_day, Entered(name="Bob"), by=coordinator, now=AFTER)
    hold(one_day)
    assert [r.code for r in reasons_against_complete(roster_state(one_day))] == [
        "attendance-missing"
    ]

    enter_attendance(session, {ada.pk: 200, bob.pk: 0}, by=coordinator, now=AFTER)

    assert state_of(one_day, "roster") == "done"
    counts = counts_of(one_day)
    assert (counts.registered, counts.came, counts.no_shows) == (2, 1, 1)


def test_r17_the_last_roster_handed_in_ticks_the_step_of_the_engagement(
    engagement, one_day, session, coordinator
):
    roster_in = Step.objects.get(checklist=engagement.checklist, key="roster-in")
    with pytest.raises(RuleRefused, match="not held yet"):
        hand_in_roster(one_day, by=coordinator, now=AFTER)
    other = plan_class(engagement, days=1, first=NOW.date() + timedelta(days=90))
    ada = add_attendee(one_day, Entered(name="=Ada"), by=coordinator, now=AFTER)
    hold(one_day)
    enter_attendance(session, {ada.pk: 200}, by=coordinator, now=AFTER)

    done = hand_in_roster(one_day, by=coordinator, now=AFTER)

    assert not done.is_last
    assert facts.read(TrainingProof, engagement).missing[0].code == "class-not-held"
    text = done.document.file.read().decode()
    assert "'=Ada,,,present,200" in text
    other.state = "cancelled"
    other.save()
    assert hand_in_roster(one_day, by=coordinator, now=AFTER).is_last
    roster_in.refresh_from_db()
    assert roster_in.state == "done"
    assert facts.read(TrainingProof, engagement).is_complete


def test_r17_revenue_waits_for_the_rosters(engagement, one_day, coordinator):
    steps = Step.objects.filter(checklist=engagement.checklist)
    release = steps.get(key="revenue-released")
    with pytest.raises(RuleRefused) as refusal:
        complete_step(release, Completion(), by=coordinator, now=AFTER)
    codes = [reason.code for reason in refusal.value.reasons]
    assert codes == ["class-not-held", "roster-out"]

    hold(one_day)
    document = Document(
        kind="link", title="R", url="https://x.example/", created_at=AFTER
    )
    document.save()
    roster_in = steps.get(key="roster-in")
    complete_step(roster_in, Completion(document), by=coordinator, now=AFTER)

    one_day.refresh_from_db()
    assert one_day.roster_in_by == coordinator
    complete_step(release, Completion(), by=coordinator, now=AFTER)


def test_extra_seats_are_asked_for_by_mail_and_ordered_with_a_reference(
    one_day, coordinator
):
    ship_mails()
    by = {"by": coordinator, "now": AHEAD}
    order, draft = ask_for_seats(one_day, 3, **by)
    assert (draft.kind, draft.state) == ("extra-seats", "draft")
    assert "3" in draft.text
    with pytest.raises(RuleRefused, match="open already"):
        ask_for_seats(one_day, 1, **by)
    with pytest.raises(RuleRefused, match="reference"):
        decide_order(order, is_ordered=True, **by)

    decide_order(order, is_ordered=True, reference="PO 77", **by)

    one_day.refresh_from_db()
    assert one_day.seats == 15
    with pytest.raises(RuleRefused, match="already"):
        decide_order(order, is_ordered=False, **by)
    declined, _draft = ask_for_seats(one_day, 2, **by)
    decided = decide_order(declined, is_ordered=False, **by)
    one_day.refresh_from_db()
    assert (decided.state, one_day.seats) == (SeatOrderState.DECLINED, 15)
    assert Message.objects.filter(kind="extra-seats").count() == 1


def test_the_parking_lot_is_done_when_no_question_is_open(
    one_day, coordinator, trainer
):
    by = {"by": trainer, "now": AFTER}
    first = park_question(one_day, "Why two stages?", "Ada", **by)
    second = park_question(one_day, "Runners on arm?", "", **by)
    hold(one_day)
    assert state_of(one_day, "parking-lot") == "open"
    answer_parked(first, "Cheaper", seen="", **by)
    with pytest.raises(RuleRefused, match="meanwhile"):
        answer_parked(first, "Dearer", seen="", **by)
    wanted = StepWanted("Ask product", trainer, AFTER.date())

    turned = turn_parked_into_step(second, wanted, **by)

    assert turned.step.assignee == trainer
    assert turned.step.checklist == one_day.checklist
    assert state_of(one_day, "parking-lot") == "done"
    with pytest.raises(RuleRefused, match="step has taken"):
        answer_parked(turned, "x", seen="", **by)
    park_question(one_day, "One more", "", **by)
    assert state_of(one_day, "parking-lot") == "open"


def test_a_class_called_off_takes_nothing_in(one_day, session, coordinator):
    one_day.state = "cancelled"
    one_day.save()

    for refused in (
        lambda: take(one_day, zoom_reports.UNIQUE, by=coordinator, session=session),
        lambda: add_attendee(one_day, Entered(name="A"), by=coordinator, now=AFTER),
        lambda: count_registered(one_day, 3, by=coordinator, now=AFTER),
        lambda: park_question(one_day, "Why?", "", by=coordinator, now=AFTER),
        lambda: ask_for_seats(one_day, 3, by=coordinator, now=AFTER),
        lambda: hand_in_roster(one_day, by=coordinator, now=AFTER),
    ):
        with pytest.raises(RuleRefused, match="called off"):
            refused()
