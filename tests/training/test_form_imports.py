"""R-13: results of a form are uploaded, looked at, and entered."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from psdelivery.documents.settings import max_megabytes
from psdelivery.history.models import Event
from psdelivery.jobs.models import Job
from psdelivery.jobs.services.running import run_one
from psdelivery.operations.purging import delete_rows
from psdelivery.people.models import User
from psdelivery.playbooks.models import Step
from tests.factories.training import (
    NOW,
    FormImportFactory,
    plan_class,
    release,
    submit,
)
from tests.training.certifying import know_days_of
from training.choices import Result
from training.import_purge import old_imports
from training.models import Attendee, FormImport, Submission

pytestmark = pytest.mark.django_db

# The class is on 6 and 7 April in Sydney.
AFTER = datetime(2027, 4, 12, 9, 0, tzinfo=UTC)
HEAD = "Timestamp,Email Address,Full name,Score,Response link"


def address(name, pk):
    return reverse(f"training:{name}", args=[pk])


def row(number, at="2027-04-10 10:00:00"):
    link = f"https://forms.example/r/{number}"
    return f"{at},person{number}@acme.example,Person {number},18 / 20,{link}"


def csv(*rows, head=HEAD, name="responses.csv"):
    return SimpleUploadedFile(name, "\n".join([head, *rows]).encode(), "text/csv")


def upload(client, delivery, file, zone="Europe/Berlin"):
    return client.post(
        address("submission-import", delivery.pk), {"file": file, "zone": zone}
    )


@pytest.fixture
def at_now():
    with time_machine.travel(AFTER, tick=False):
        yield AFTER


def fates(client, found):
    page = client.get(found.get_absolute_url()).context["page"]
    return [(judged.fate, judged.why) for judged in page]


def test_a_file_is_looked_at_before_anything_is_entered(as_coordinator, delivery):
    file = csv(row(1), row(2), row(3, at="soon"))

    response = upload(as_coordinator, delivery, file)

    found = FormImport.objects.get()
    assert response.url == found.get_absolute_url()
    assert [fate for fate, _why in fates(as_coordinator, found)] == [
        "new",
        "new",
        "wrong",
    ]
    assert not Submission.objects.exists()
    assert Event.objects.filter(verb="form-results-uploaded").exists()


def test_entering_what_is_new(as_coordinator, delivery, trainer):
    Attendee.objects.create(
        delivery=delivery,
        name="Person 1",
        email="person1@acme.example",
        source="hand",
        created_at=NOW,
    )
    upload(as_coordinator, delivery, csv(row(1), row(2), row(2)))
    found = FormImport.objects.get()
    # There is a roster: whoever is not on it is of another class.
    assert fates(as_coordinator, found)[1] == (
        "left_out",
        "Not on the roster of the class.",
    )
    reading = {
        "zone": "Europe/Berlin",
        "date_order": "ymd",
        "with_strangers": "on",
        "column-submitted": "0",
        "column-email": "1",
        "column-name": "2",
        "column-score": "3",
        "column-response_url": "4",
    }
    as_coordinator.post(address("import-columns", found.pk), reading)

    response = as_coordinator.post(address("import-run", found.pk))

    assert response.url == address("delivery-certification", delivery.pk)
    first, second = Submission.objects.order_by("attendee_email")
    assert first.submitted_at == datetime(2027, 4, 10, 8, 0, tzinfo=UTC)
    assert first.response_url == "https://forms.example/r/1"
    assert (first.form_score, first.score, first.result) == (90, None, Result.WAITING)
    assert first.attendee.email == "person1@acme.example"
    assert second.attendee is None
    assert first.reviewer == trainer
    review = Step.objects.get(checklist=first.checklist)
    assert review.due_at - first.submitted_at == timedelta(hours=168)
    found.refresh_from_db()
    assert (found.entered, found.rows, found.settled_at) == (2, [], AFTER)


def test_the_history_tells_no_name_and_no_link(as_coordinator, delivery):
    upload(as_coordinator, delivery, csv(row(1), name="person1@acme.example.csv"))
    as_coordinator.post(address("import-run", FormImport.objects.get().pk))

    told = str(list(Event.objects.values_list("changes", "reason", "subject_label")))
    assert "Person 1" not in told
    assert "acme.example" not in told
    assert "forms.example" not in told


def test_the_whole_file_may_come_again(as_coordinator, delivery):
    upload(as_coordinator, delivery, csv(row(1)))
    as_coordinator.post(address("import-run", FormImport.objects.get().pk))

    upload(as_coordinator, delivery, csv(row(1), row(2)))

    found = FormImport.objects.get(settled_at=None)
    assert [fate for fate, _why in fates(as_coordinator, found)] == ["there", "new"]
    as_coordinator.post(address("import-run", found.pk))
    assert Submission.objects.count() == 2


def test_entering_twice_is_refused(as_coordinator, delivery):
    upload(as_coordinator, delivery, csv(row(1)))
    found = FormImport.objects.get()
    as_coordinator.post(address("import-run", found.pk))

    again = as_coordinator.post(address("import-run", found.pk))

    assert again.status_code == 409
    assert "entered before" in again.content.decode()
    assert Submission.objects.count() == 1


def test_a_file_can_be_discarded(as_coordinator, delivery):
    upload(as_coordinator, delivery, csv(row(1)))

    as_coordinator.post(address("import-discard", FormImport.objects.get().pk))

    assert not FormImport.objects.exists()
    assert not Submission.objects.exists()


def test_other_heads_are_asked_for(as_coordinator, delivery):
    file = csv("Ada,ada@acme.example,4/5/2027 10:00", head="Wer,Wo,Wann")
    upload(as_coordinator, delivery, file)
    found = FormImport.objects.get()

    page = as_coordinator.get(found.get_absolute_url())
    assert "say which number is the month" in page.content.decode()
    refused = as_coordinator.post(address("import-run", found.pk))
    assert refused.status_code == 409
    reading = {
        "zone": "Australia/Sydney",
        "date_order": "mdy",
        "with_strangers": "on",
        "column-submitted": "2",
        "column-email": "1",
        "column-name": "0",
    }
    as_coordinator.post(address("import-columns", found.pk), reading)

    # Before the class began on 6 April.
    assert fates(as_coordinator, found) == [
        ("left_out", "Handed in before the class began.")
    ]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"zone": "Mars"}, "zone"),
        ({"date_order": ""}, "date_order"),
        ({"date_order": "ydm"}, "date_order"),
        ({"column-email": ""}, "column-email"),
        ({"column-email": "9"}, "column-email"),
        ({"column-name": "1"}, "column-name"),
    ],
)
def test_a_reading_that_cannot_be_is_refused(as_coordinator, delivery, fields, name):
    found = FormImportFactory(delivery=delivery)
    reading = {
        "zone": "UTC",
        "date_order": "dmy",
        "column-submitted": "0",
        "column-email": "1",
        "column-name": "2",
    }

    response = as_coordinator.post(
        address("import-columns", found.pk), reading | fields
    )

    assert response.status_code == 422
    assert name in response.context["form"].errors
    found.refresh_from_db()
    assert found.zone == "Australia/Sydney"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "required"),
        (SimpleUploadedFile("r.csv", b""), "empty"),
        (SimpleUploadedFile("r.xlsx", b"PK\x03\x04"), "spreadsheet"),
        (SimpleUploadedFile("r.exe", b"MZ"), "not accepted"),
        (SimpleUploadedFile("r.csv", bytes(range(256)) * 9), "not a text file"),
        (SimpleUploadedFile("r.csv", b"Poll,Answer\nGood,Bad\n"), "e-mail addresses"),
        (SimpleUploadedFile("r.csv", b'Timestamp,Email\n"a'), "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_with_what_is_wrong(
    as_coordinator, delivery, file, words
):
    response = upload(as_coordinator, delivery, file or "")

    assert response.status_code == 422
    assert words in str(response.context["form"].errors["file"])
    assert not FormImport.objects.exists()


def test_a_file_of_fifty_megabytes_is_refused(as_coordinator, delivery):
    line = f"{row(1)}\n".encode()
    big = HEAD.encode() + b"\n" + line * (50 * 1024 * 1024 // len(line))
    assert max_megabytes() < 50

    response = upload(
        as_coordinator, delivery, SimpleUploadedFile("r.csv", big, "text/csv")
    )

    assert response.status_code == 422
    assert "too large" in str(response.context["form"].errors["file"])


def test_a_class_without_certification_imports_nothing(as_coordinator, engagement):
    delivery = plan_class(engagement, with_certification=False)

    response = upload(as_coordinator, delivery, csv(row(1)))

    assert response.status_code == 409
    assert "no certification" in response.content.decode()


def test_many_rows_are_entered_by_a_job(as_coordinator, delivery, trainer):
    know_days_of([trainer])
    rows = [row(n) for n in range(201)]
    upload(as_coordinator, delivery, csv(*rows))
    found = FormImport.objects.get()

    response = as_coordinator.post(address("import-run", found.pk))

    job = Job.objects.get()
    assert response.url == job.get_absolute_url()
    assert not Submission.objects.exists()
    assert run_one()
    job.refresh_from_db()
    assert job.result["text"] == "201 submissions are entered."
    assert Submission.objects.count() == 201
    found.refresh_from_db()
    assert (found.entered, found.rows) == (201, [])


def test_the_dry_run_takes_the_same_queries_for_3_and_30_rows(
    as_coordinator, delivery, queries_of
):
    few = FormImportFactory(delivery=delivery)
    many = FormImportFactory(
        delivery=delivery,
        rows=[
            [n, "2027-04-10 10:00", f"p{n}@acme.example", f"P {n}"] for n in range(30)
        ],
    )

    least = queries_of(as_coordinator, few.get_absolute_url())

    assert queries_of(as_coordinator, many.get_absolute_url()) == least
    assert least <= 20


def test_uploads_that_nobody_entered_go_at_night(delivery, coordinator):
    person = User.objects.get(pk=coordinator.pk)
    old = FormImportFactory(delivery=delivery, uploaded_by=person, uploaded_at=NOW)
    kept = FormImportFactory(
        delivery=delivery, uploaded_by=person, uploaded_at=NOW, settled_at=NOW
    )

    assert list(old_imports(AFTER)) == [old]
    assert delete_rows(old_imports(AFTER)) == 1
    assert FormImport.objects.get() == kept


def test_somebody_who_has_not_passed_hands_in_again(
    as_coordinator, delivery, trainer, coordinator
):
    first = submit(
        delivery, at=AFTER - timedelta(days=3), attendee_email="person1@acme.example"
    )
    release(first, 10, by=trainer, now=AFTER - timedelta(days=2))

    upload(as_coordinator, delivery, csv(row(1, at="2027-04-11 10:00:00")))
    as_coordinator.post(address("import-run", FormImport.objects.get().pk))

    second = Submission.objects.latest("pk")
    assert second.resubmits == first
    text = as_coordinator.get(second.get_absolute_url()).content.decode()
    assert "not passed" in text
    assert "(this one)" in text
