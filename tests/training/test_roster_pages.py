"""The roster as people use it: import, review, counts, hand-in."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from psdelivery.jobs.models import Job
from psdelivery.jobs.services import run_one
from psdelivery.outbox.models import Message
from psdelivery.people.models import SettingValue
from psdelivery.playbooks.models import Step
from tests.factories.shipped import ship_mails
from tests.factories.training import plan_class
from tests.training import zoom_reports
from tests.training.test_roster_services import AFTER, hold, take
from training.choices import RowFate
from training.models import Attendance, Attendee, AttendeeReport, ParkedQuestion
from training.services.attendees import Entered, add_attendee

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_day(engagement, trainer, coordinator):
    return plan_class(engagement, days=1, trainer=trainer, by=coordinator)


@pytest.fixture
def after(client, coordinator):
    """The coordinator, two days after the class."""
    with time_machine.travel(AFTER, tick=False):
        client.force_login(coordinator)
        yield client


def address(name, *args):
    return reverse(f"training:{name}", args=args)


def chosen(text, name="participants_912.csv", encoding="utf-8", **more):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    file = SimpleUploadedFile(name, data, "text/csv")
    return {"report": file, "session": "", "zone": "Australia/Sydney"} | more


def upload(client, delivery, text, **more):
    return client.post(address("report-upload", delivery.pk), chosen(text, **more))


def limit(key):
    """One megabyte at most."""
    SettingValue.objects.create(key=key, value=1, changed_at=AFTER)


def errors(response):
    assert response.status_code == 422
    return {
        name: " ".join(told) for name, told in response.context["form"].errors.items()
    }


def test_a_report_is_imported_reviewed_and_stands_on_the_roster(after, one_day):
    upload(after, one_day, zoom_reports.REGISTRATION)
    response = upload(after, one_day, zoom_reports.MEETING)
    report = AttendeeReport.objects.get(kind="attendee")
    assert response.url == address("report-review", one_day.pk, report.pk)
    page = after.get(response.url).content.decode()
    assert "iPhone von Jane" in page
    assert "Somebody on the roster is alike." in page
    assert "11:00–13:00" in page
    row = report.rows.get(fate=RowFate.DOUBTFUL)
    jane = Attendee.objects.get(email="jane@acme.example")

    answer = after.post(response.url, {f"row-{row.pk}": str(jane.pk)}, follow=True)

    assert answer.redirect_chain[-1][0] == address("delivery-roster", one_day.pk)
    text = answer.content.decode()
    assert "240 min" in text
    assert "participants" not in text
    assert Attendance.objects.get(attendee=jane).minutes == 240


def test_the_same_file_again_is_said_and_changes_nothing(after, one_day):
    upload(after, one_day, zoom_reports.WEBINAR)
    again = after.post(
        address("report-upload", one_day.pk), chosen(zoom_reports.WEBINAR), follow=True
    )

    assert "nothing changed" in again.content.decode()
    assert AttendeeReport.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02" * 900, "not a text file"),
        (b"PK\x03\x04 sheet", "CSV"),
        (b'Name,Email,Join Time\n"Jane,j@a.example', "quotation"),
        (zoom_reports.POLL.encode(), "Poll Report"),
        (b"id,amount\n1,2\n", "no table"),
        (b"Name,Email,Join Time\nJ,j@a.example,soon\n", "Line 2"),
    ],
)
def test_what_is_no_report_is_refused_at_the_field(after, one_day, data, words):
    assert words in errors(upload(after, one_day, data))["report"]

    assert not AttendeeReport.objects.exists()
    assert not Attendee.objects.exists()


def test_a_file_above_the_limit_is_refused_before_it_is_read(after, one_day):
    limit("roster.report_megabytes")
    large = b"Name,Email\n" + b"x" * (1024 * 1024)

    told = errors(upload(after, one_day, large))

    assert told == {"report": "The file is too large: 2 MB, at most 1 MB."}


def test_a_file_above_what_the_portal_takes_is_refused_too(after, one_day):
    limit("documents.max_megabytes")
    large = b"Name,Email\n" + b"x" * (6 * 1024 * 1024)

    assert "too large" in errors(upload(after, one_day, large))["report"]


def test_a_report_of_another_day_or_zone_is_refused_with_a_hint(after, one_day):
    other_day = zoom_reports.WEBINAR.replace("Apr 6, 2027", "Apr 5, 2027")
    told = errors(upload(after, one_day, other_day))
    assert "no session is then" in told["session"]
    session = one_day.sessions.get()
    told = errors(upload(after, one_day, other_day, session=str(session.pk)))
    assert "this session is on Tue 6 Apr" in told["session"]

    told = errors(upload(after, one_day, zoom_reports.WEBINAR, zone="America/Lima"))
    assert "Sydney time" in told["zone"]
    assert errors(upload(after, one_day, "x", zone="Mars"))["zone"]


def test_the_session_is_found_by_the_times(after, delivery):
    upload(after, delivery, zoom_reports.WEBINAR)

    assert AttendeeReport.objects.get().session == delivery.sessions.first()
    told = errors(upload(after, delivery, zoom_reports.UNIQUE))
    assert "choose the session" in told["session"]


def test_a_session_that_has_not_begun_has_no_report(client, coordinator, one_day):
    with time_machine.travel(datetime(2027, 4, 5, tzinfo=UTC), tick=False):
        client.force_login(coordinator)
        told = errors(upload(client, one_day, zoom_reports.WEBINAR))

    assert "cannot be held before" in told["session"]


def test_a_long_report_is_taken_in_by_a_job_with_its_progress(after, one_day):
    response = upload(after, one_day, zoom_reports.registrations(450))
    job = Job.objects.get()
    assert response.url == job.get_absolute_url()
    assert (
        "not taken in yet"
        in after.get(address("delivery-roster", one_day.pk)).content.decode()
    )

    assert run_one()

    job.refresh_from_db()
    assert (job.state, job.progress_done, job.progress_total) == ("done", 450, 450)
    assert job.result["url"] == address("delivery-roster", one_day.pk)
    assert "Open the roster" in after.get(job.get_absolute_url()).content.decode()
    assert one_day.attendees.count() == 450
    assert one_day.counts.get().registered == 450


def test_a_job_that_was_killed_goes_on_where_it_was(after, one_day, monkeypatch):
    upload(after, one_day, zoom_reports.registrations(450))
    job = Job.objects.get()
    from training import report_jobs

    whole = report_jobs.take_in

    def dies(report, told, *, tell, **more):
        def once(done, total):
            tell(done, total)
            raise KeyboardInterrupt

        whole(report, told, tell=once, **more)

    monkeypatch.setattr(report_jobs, "take_in", dies)
    with pytest.raises(KeyboardInterrupt):
        run_one()
    monkeypatch.setattr(report_jobs, "take_in", whole)
    Job.objects.filter(pk=job.pk).update(lease_until=AFTER - timedelta(hours=1))

    assert run_one()

    assert one_day.attendees.count() == 450
    assert AttendeeReport.objects.get().settled_at is not None


def test_rows_are_decided_in_each_way_and_decided_again(after, one_day):
    rows = [
        "iPhone,,2027-04-06 09:00,2027-04-06 10:00",
        "iPad,,2027-04-06 09:00,2027-04-06 10:00",
        "Galaxy,,2027-04-06 09:00,2027-04-06 10:00",
    ]
    head = "Name,Email,Join Time,Leave Time"
    upload(after, one_day, "\n".join([head, *rows]))
    report = AttendeeReport.objects.get()
    phone, pad, galaxy = report.rows.order_by("number")
    url = address("report-review", one_day.pk, report.pk)
    assert "in one row at least" in errors(after.post(url, {}))["__all__"]
    told = errors(
        after.post(url, {f"row-{phone.pk}": "other", f"other-{phone.pk}": "X"})
    )
    assert "somebody on the roster" in told[f"other-{phone.pk}"]
    ada = add_attendee(one_day, Entered(name="Ada"), by=report.imported_by, now=AFTER)

    typed = {
        f"other-{phone.pk}": "ada",
        f"row-{pad.pk}": "new",
        f"row-{galaxy.pk}": "out",
    }
    after.post(url, typed)

    fates = list(report.rows.order_by("number").values_list("fate", "attendee__name"))
    assert fates == [("matched", "Ada"), ("new", "iPad"), ("ignored", None)]
    after.post(address("row-reopen", one_day.pk, report.pk, phone.pk))
    assert not Attendance.objects.filter(attendee=ada).exists()
    assert "Galaxy" in after.get(url).content.decode()


def test_people_are_added_edited_and_called_off(after, one_day):
    add = address("attendee-add", one_day.pk)
    after.post(add, {"name": "Ada Lovelace", "email": "ADA@acme.example"})
    ada = Attendee.objects.get()
    told = errors(after.post(add, {"name": "Eve", "email": "ada@acme.example"}))
    assert told == {"email": "This address is on the roster already."}
    assert errors(after.post(add, {"name": " \u200b"}))["name"]

    edit = address("attendee-edit", ada.pk)
    after.post(edit, {"name": "Ada King", "email": "ada@acme.example"})
    assert "Ada Lovelace" in after.get(edit).content.decode()
    after.post(address("attendee-call-off", ada.pk), {"is_off": "1"})

    ada.refresh_from_db()
    assert (ada.name, ada.cancelled_at) == ("Ada King", AFTER)
    shown = after.get(address("delivery-roster", one_day.pk), {"show": "called-off"})
    assert [row.attendee for row in shown.context["rows"]] == [ada]


def test_who_was_there_is_entered_by_hand_and_the_roster_handed_in(
    after, one_day, coordinator
):
    session = one_day.sessions.get()
    ada = add_attendee(one_day, Entered(name="Ada"), by=coordinator, now=AFTER)
    hold(one_day)
    hand_in = address("roster-hand-in", one_day.pk)
    refused = after.post(hand_in)
    assert refused.status_code == 409
    assert "import the attendee report" in refused.content.decode()
    url = address("attendance-edit", session.pk)
    assert errors(after.post(url, {f"minutes-{ada.pk}": "241"}))

    after.post(url, {f"minutes-{ada.pk}": "240"})
    answer = after.post(hand_in, follow=True).content.decode()

    assert "All classes have theirs in" in answer
    one_day.refresh_from_db()
    assert one_day.roster_in_by == coordinator


def test_the_roster_as_files(after, one_day, coordinator):
    add_attendee(one_day, Entered(name="=1+1"), by=coordinator, now=AFTER)

    csv = after.get(address("roster-export", one_day.pk, "csv"))
    assert "'=1+1" in csv.content.decode("utf-8-sig")
    assert "attachment" in csv["Content-Disposition"]
    sheet = after.get(address("roster-export", one_day.pk, "xlsx"))
    with ZipFile(BytesIO(sheet.content)) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
    assert 't="inlineStr"' in text
    assert ">=1+1</t>" in text
    assert after.get(address("roster-export", one_day.pk, "exe")).status_code == 404


def test_counting_registrations_and_ordering_seats(client, coordinator, one_day):
    ship_mails()
    with time_machine.travel(datetime(2027, 3, 30, tzinfo=UTC), tick=False):
        client.force_login(coordinator)
        count = address("count-add", one_day.pk)
        typed = {"registered": "14", "counted_on": "2027-03-30"}
        late = errors(client.post(count, typed | {"counted_on": "2027-04-01"}))
        assert "to come" in late["counted_on"]
        client.post(count, typed)
        roster = client.get(address("delivery-roster", one_day.pk)).content.decode()
        assert "2 more than there are seats" in roster
        assert (
            "14 of 12 seats registered"
            in client.get(one_day.get_absolute_url()).content.decode()
        )

        seats = address("seat-order-add", one_day.pk)
        assert client.get(seats).context["form"]["seats"].value() == 2
        response = client.post(seats, {"seats": "2"})
        draft = Message.objects.get(kind="extra-seats")
        assert response.url == draft.get_absolute_url()
        assert "2 extra seats" in draft.text
        assert "open already" in errors(client.post(seats, {"seats": "1"}))["__all__"]
        order = one_day.seat_orders.get()
        decide = address("seat-order-decide", order.pk)
        assert errors(client.post(decide, {"decision": "ordered"}))["reference"]
        client.post(decide, {"decision": "ordered", "reference": "PO 77"})
        assert client.post(decide, {"decision": "declined"}).status_code == 409

    one_day.refresh_from_db()
    assert one_day.seats == 14
    step = Step.objects.get(checklist=one_day.checklist, key="registered-one-week")
    assert step.note == "14 of 12 seats registered on Tue 30 Mar 2027."


def test_the_mail_after_a_class_tells_who_came_and_the_links(after, one_day):
    ship_mails()
    upload(after, one_day, zoom_reports.WEBINAR)
    links = {
        "recording_url": "https://zoom.example/rec/1",
        "survey_url": "https://survey.example/1",
    }
    url = address("closing-links", one_day.pk)
    assert errors(after.post(url, {"survey_url": "javascript:alert(1)"}))
    after.post(url, links)

    after.post(reverse("outbox:draft-add", args=["next-steps", one_day.pk]))

    text = Message.objects.get(kind="next-steps").text
    assert "2 people of 3 people who had registered" in text
    assert "1 person" in text
    assert "https://zoom.example/rec/1" in text
    assert "https://survey.example/1" in text


def test_the_mail_after_a_class_leaves_out_what_is_not_known(after, one_day):
    ship_mails()

    after.post(reverse("outbox:draft-add", args=["next-steps", one_day.pk]))

    text = Message.objects.get(kind="next-steps").text
    assert "had registered" not in text
    assert "recording" not in text
    assert "attended_count" not in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"answers": "", "score": "4"}, "answers"),
        ({"answers": "5", "score": "5.1"}, "score"),
        ({"answers": "0", "score": "4"}, "answers"),
        ({"results": SimpleUploadedFile("s.csv", b"a,b\nx,y\n")}, "results"),
        ({"results": SimpleUploadedFile("s.csv", b"\x00\x01")}, "results"),
    ],
)
def test_a_survey_that_cannot_be_is_refused(after, one_day, typed, field):
    assert list(errors(after.post(address("survey-add", one_day.pk), typed))) == [field]
    assert not one_day.survey_results.exists()


def test_results_of_the_survey_are_typed_or_read(after, one_day):
    url = address("survey-add", one_day.pk)
    after.post(url, {"answers": "9", "score": "4.25", "note": "Too fast"})
    data = (
        b"Survey Report\n#,User Name,Submitted,Content,Pace,Words\n"
        b"1,A,Apr 6,5,4,Good\n2,B,Apr 6,4,,\n"
    )
    after.post(url, {"results": SimpleUploadedFile("survey.csv", data)})

    read, typed = one_day.survey_results.all()
    assert (typed.answers, str(typed.score), typed.note) == (9, "4.25", "Too fast")
    assert (read.answers, str(read.score)) == (2, "4.33")
    page = after.get(address("delivery-roster", one_day.pk)).content.decode()
    assert "4.33 of 5" in page


def test_questions_are_parked_answered_and_turned_into_steps(after, one_day, trainer):
    after.post(address("parked-add", one_day.pk), {"text": "Why two stages?"})
    question = ParkedQuestion.objects.get()
    step = address("parked-step", question.pk)
    assert errors(after.post(step, {"title": "x", "owner": "", "due_day": "soon"}))

    typed = {"title": "Ask", "owner": str(trainer.pk), "due_day": "2027-04-12"}
    answer = after.post(step, typed, follow=True)

    assert answer.redirect_chain[-1][0].endswith("#parking-lot")
    assert "Ask" in answer.content.decode()
    assert after.get(step).status_code == 409
    after.post(address("parked-add", one_day.pk), {"text": "And three?"})
    other = ParkedQuestion.objects.latest("pk")
    answered = address("parked-answer", other.pk)
    assert errors(after.post(answered, {"answer": " "}))["answer"]
    after.post(answered, {"answer": "Cheaper", "seen": ""})
    told = errors(after.post(answered, {"answer": "Dearer", "seen": ""}))
    assert "Cheaper" in told["__all__"]


def test_a_class_called_off_refuses_each_entry(after, one_day):
    one_day.state = "cancelled"
    one_day.save()
    names = [
        *["report-upload", "attendee-add", "count-add", "seat-order-add"],
        *["closing-links", "survey-add", "parked-add"],
    ]

    for name in names:
        assert after.get(address(name, one_day.pk)).status_code == 409
    roster = after.get(address("delivery-roster", one_day.pk)).content.decode()
    assert "called off: it has no roster" in roster


def test_queries_of_the_roster_do_not_grow(after, one_day, coordinator, queries_of):
    def fill(count):
        for number in range(one_day.attendees.count(), count):
            add_attendee(
                one_day, Entered(name=f"Ada {number}"), by=coordinator, now=AFTER
            )
        people = one_day.attendees.values_list("pk", flat=True)
        return list(people)

    roster = address("delivery-roster", one_day.pk)
    fill(3)
    take(
        one_day,
        zoom_reports.WEBINAR,
        by=coordinator,
        session=one_day.sessions.get(),
    )
    first = queries_of(after, roster)
    fill(30)
    assert queries_of(after, roster) == first


def test_queries_of_the_review_do_not_grow(after, one_day, coordinator, queries_of):
    head = "Name,Email,Join Time,Leave Time\n"

    def of(count):
        rows = [
            f"iPhone{'x' * n} {n},,2027-04-06 09:00,2027-04-06 10:00\n"
            for n in range(count)
        ]
        session = one_day.sessions.get()
        take(one_day, head + "".join(rows), by=coordinator, session=session)
        newest = AttendeeReport.objects.latest("pk")
        return address("report-review", one_day.pk, newest.pk)

    assert queries_of(after, of(3)) == queries_of(after, of(24))
