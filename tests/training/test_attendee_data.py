"""What rosters hold on somebody: copied, erased, and gone after years."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from psdelivery.history.models import Event
from psdelivery.operations.services.purges import purge_old
from psdelivery.people.personal_data import personal_data_of
from psdelivery.people.services import erase_contact
from tests.factories.people import ContactFactory
from tests.factories.training import plan_class, submit
from tests.training import zoom_reports
from tests.training.test_roster_services import AFTER, hold, take
from training.choices import RowFate
from training.models import Attendance, Attendee, AttendeeAlias, ReportRow
from training.services.decisions import Decision, decide_rows
from training.services.roster import hand_in_roster

pytestmark = pytest.mark.django_db
JANE = "jane@acme.example"


@pytest.fixture
def held(engagement, trainer, coordinator):
    """A class held, with its attendee report taken in and decided."""
    delivery = plan_class(engagement, days=1, trainer=trainer, by=coordinator)
    session = delivery.sessions.get()
    report = take(delivery, zoom_reports.WEBINAR, by=coordinator, session=session)
    row = report.rows.get(fate=RowFate.DOUBTFUL)
    out = {row.pk: Decision(RowFate.IGNORED)}
    decide_rows(report, out, by=coordinator, now=AFTER)
    hold(delivery)
    return delivery


def named():
    """Everything that rosters and reports say of anybody."""
    told = [
        *Attendee.objects.values_list("name", "email"),
        *AttendeeAlias.objects.values_list("name", "email"),
        *ReportRow.objects.values_list("name", "email", "joins"),
    ]
    return json.dumps(told)


def test_a_copy_tells_rosters_and_minutes(held):
    contact = ContactFactory(name="Jane Doe", email="Jane@acme.example")

    (told,) = personal_data_of(contact)["attendance"]

    assert (told["class"], told["name"]) == (held.title, "Jane Doe")
    assert [one["minutes"] for one in told["sessions"]] == [180]
    assert told["also_known_as"] == [{"name": "iPhone von Jane", "email": ""}]


def test_an_erased_contact_goes_from_rosters_and_reports(held):
    contact = ContactFactory(name="Jane Doe", email=JANE, is_active=False)

    erase_contact(contact, by=None, reason="Asked us to", now=AFTER)

    assert "Jane" not in named()
    assert "jane" not in named()
    attendee = Attendee.objects.get(name=f"Erased contact {contact.pk}")
    assert Attendance.objects.get(attendee=attendee).minutes == 180
    assert "Bob Stone" in named()


def test_an_attendee_who_is_no_contact_is_copied_and_erased_by_command(held):
    submit(held, attendee_email=JANE, attendee_name="Jane Doe", at=AFTER)
    out = StringIO()
    call_command("attendee_data", email=JANE, stdout=out)
    told = json.loads(out.getvalue())
    assert told["attendance"][0]["name"] == "Jane Doe"
    assert told["submissions"][0]["attendee_name"] == "Jane Doe"
    with pytest.raises(CommandError, match="Say why"):
        call_command("attendee_data", email=JANE, erase=True)

    call_command("attendee_data", email=JANE, erase=True, reason="Asked", stdout=out)

    assert "jane" not in named().casefold()
    held.submissions.get(attendee_name="Erased attendee")
    event = Event.objects.get(verb="attendee-erased")
    assert (event.changes["records"], event.reason) == ([None, 2], "Asked")
    with pytest.raises(CommandError, match="Nobody"):
        call_command("attendee_data", email=JANE, erase=True, reason="x")


def test_names_go_two_years_after_the_roster_went_to_finance(
    held, coordinator, django_capture_on_commit_callbacks
):
    hand_in_roster(held, by=coordinator, now=AFTER)
    report = held.reports.get()
    purge_old(AFTER + timedelta(days=729), seconds=60)
    assert "Jane" in named()

    with django_capture_on_commit_callbacks(execute=True):
        taken = purge_old(AFTER + timedelta(days=731), seconds=60)

    assert taken["attendees"] == 3
    assert set(Attendee.objects.values_list("name", "email")) == {("", "")}
    assert not ReportRow.objects.exists()
    assert Attendance.objects.count() == 2
    assert not report.document.file.storage.exists(report.document.file.name)
    again = purge_old(AFTER + timedelta(days=732), seconds=60)
    assert again.get("attendees", 0) == 0


def test_a_roster_that_is_not_handed_in_keeps_its_names(held):
    purge_old(AFTER + timedelta(days=5000), seconds=60)

    assert "Jane" in named()
