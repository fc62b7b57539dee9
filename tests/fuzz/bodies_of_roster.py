"""Forms of the roster; what they need of the class is made when they are opened."""

from datetime import timedelta

from django.urls import reverse

from tests.factories.engagements import NOW
from tests.fuzz.bodies import Body, always
from tests.fuzz.nasty import Upload
from training.models import (
    Attendance,
    Attendee,
    AttendeeReport,
    ParkedQuestion,
    ReportRow,
    SeatOrder,
    Session,
)

REGISTERED = b"First Name,Last Name,Email\nAda,Lovelace,ada@acme.example\n"
REPORT = Upload("registrations.csv", REGISTERED, "text/csv")


def page(name, make=None):
    """The address of a view of the class, or of what `make` makes for it."""

    def address(world, client=None):
        args = make(world) if make else [world.delivery.pk]
        return reverse(f"training:{name}", args=args)

    return address


def attendee(world, delivery=None):
    found, _made = Attendee.objects.get_or_create(
        delivery=delivery or world.delivery,
        name="Ada",
        defaults={"source": "hand", "created_at": NOW},
    )
    return [found.pk]


def begun(world):
    """A session of the class that has begun, with somebody to come to it."""
    attendee(world)
    starts = NOW - timedelta(days=2)
    found, _made = Session.objects.get_or_create(
        delivery=world.delivery,
        starts_at=starts,
        defaults={"ends_at": starts + timedelta(hours=4), "zone": "Australia/Sydney"},
    )
    return [found.pk]


def minutes(world):
    return {f"minutes-{attendee(world)[0]}": "90"}


def complete(world):
    """Another class, held, with everybody known; sessions that were held stay."""
    held = world.linked_class
    (person,) = attendee(world, held)
    for session in held.sessions.all():
        Session.objects.filter(pk=session.pk).update(held_on=NOW.date())
        given = {"attendee_id": person, "session": session}
        Attendance.objects.get_or_create(**given, defaults={"minutes": 90})
    return [held.pk]


def row(fate):
    def make(world):
        report, _made = AttendeeReport.objects.get_or_create(
            delivery=world.delivery,
            kind="registration",
            fingerprint="0" * 64,
            defaults={
                "imported_at": NOW,
                "imported_by": world.me,
                "file_name": "r.csv",
            },
        )
        found, _made = ReportRow.objects.get_or_create(
            report=report, number=2, defaults={"name": "Eve", "fate": fate}
        )
        return [world.delivery.pk, report.pk, found.pk]

    return make


def doubtful(world):
    return row("doubtful")(world)[:2]


def decided_row(world):
    return {f"row-{row('doubtful')(world)[2]}": "new"}


def left_out(world):
    return row("ignored")(world)


def order(world):
    found, _made = SeatOrder.objects.get_or_create(
        delivery=world.delivery,
        state="asked",
        defaults={"seats": 2, "asked_at": NOW, "asked_by": world.me},
    )
    return [found.pk]


def parked(world):
    found, _made = ParkedQuestion.objects.get_or_create(
        delivery=world.delivery,
        text="Why?",
        defaults={"parked_at": NOW, "parked_by": world.me},
    )
    return [found.pk]


def step(world):
    return {"title": "Ask", "owner": str(world.trainer.pk), "due_day": "2027-03-10"}


LINKS = {
    "recording_url": "https://zoom.example.com/rec/1",
    "survey_url": "https://survey.example.com/1",
}

ROSTER = {
    "training:report-upload": Body(
        page("report-upload"), always(report=REPORT, zone="Australia/Sydney")
    ),
    "training:report-review": Body(page("report-review", doubtful), decided_row),
    "training:row-reopen": Body(
        page("row-reopen", left_out),
        form_on=page("report-review", lambda world: left_out(world)[:2]),
    ),
    "training:attendee-add": Body(
        page("attendee-add"), always(name="Eve Adams", email="eve@acme.example")
    ),
    "training:attendee-edit": Body(
        page("attendee-edit", attendee), always(name="Ada King")
    ),
    "training:attendee-call-off": Body(
        page("attendee-call-off", attendee),
        always(is_off="1"),
        form_on=page("attendee-edit", attendee),
        buttons=("is_off",),
    ),
    "training:attendance-edit": Body(page("attendance-edit", begun), minutes),
    "training:count-add": Body(
        page("count-add"), always(registered="7", counted_on="2027-01-30")
    ),
    "training:seat-order-add": Body(page("seat-order-add"), always(seats="2")),
    "training:seat-order-decide": Body(
        page("seat-order-decide", order), always(decision="ordered", reference="PO 7")
    ),
    "training:closing-links": Body(page("closing-links"), always(**LINKS)),
    "training:survey-add": Body(
        page("survey-add"), always(answers="7", score="4.5", note="Good")
    ),
    "training:parked-add": Body(
        page("parked-add"), always(text="Why two stages?", asked_by="Ada")
    ),
    "training:parked-answer": Body(
        page("parked-answer", parked), always(answer="Cheaper")
    ),
    "training:parked-step": Body(page("parked-step", parked), step),
    "training:roster-hand-in": Body(
        page("roster-hand-in", complete), form_on=page("delivery-roster", complete)
    ),
}
