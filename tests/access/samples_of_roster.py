"""The roster of a class: people, reports, extra seats, parked questions."""

from tests.access.engagements_of import near_and_far
from tests.access.sample import Sample
from tests.factories.people import UserFactory
from tests.factories.training import NOW, DeliveryFactory, SessionFactory
from training.models import (
    Attendee,
    AttendeeReport,
    ParkedQuestion,
    ReportRow,
    SeatOrder,
)


def _of_class(cast, arguments):
    def make(engagement):
        return arguments(DeliveryFactory(engagement=engagement))

    return Sample(**near_and_far(cast, make))


def _delivery(cast):
    return _of_class(cast, lambda delivery: {"pk": delivery.pk})


def _export(cast):
    return _of_class(cast, lambda delivery: {"pk": delivery.pk, "extension": "csv"})


def _attendee(cast):
    def arguments(delivery):
        attendee = Attendee.objects.create(
            delivery=delivery, name="Ada", source="hand", created_at=NOW
        )
        return {"pk": attendee.pk}

    return _of_class(cast, arguments)


def _session(cast):
    return _of_class(cast, lambda one: {"pk": SessionFactory(delivery=one).pk})


def _report_of(delivery):
    return AttendeeReport.objects.create(
        delivery=delivery,
        kind="registration",
        file_name="r.csv",
        fingerprint="0" * 64,
        imported_at=NOW,
        imported_by=UserFactory(),
    )


def _report(cast):
    def arguments(delivery):
        return {"pk": delivery.pk, "report": _report_of(delivery).pk}

    return _of_class(cast, arguments)


def _row(cast):
    def arguments(delivery):
        report = _report_of(delivery)
        row = ReportRow.objects.create(
            report=report, number=2, name="Ada", fate="ignored"
        )
        return {"pk": delivery.pk, "report": report.pk, "row": row.pk}

    return _of_class(cast, arguments)


def _order(cast):
    def arguments(delivery):
        order = SeatOrder.objects.create(
            delivery=delivery, seats=2, asked_at=NOW, asked_by=UserFactory()
        )
        return {"pk": order.pk}

    return _of_class(cast, arguments)


def _parked(cast):
    def arguments(delivery):
        question = ParkedQuestion.objects.create(
            delivery=delivery, text="Why?", parked_at=NOW, parked_by=UserFactory()
        )
        return {"pk": question.pk}

    return _of_class(cast, arguments)


SAMPLES = {
    "training:delivery-roster": _delivery,
    "training:roster-export": _export,
    "training:roster-hand-in": _delivery,
    "training:report-upload": _delivery,
    "training:report-review": _report,
    "training:row-reopen": _row,
    "training:attendee-add": _delivery,
    "training:attendee-edit": _attendee,
    "training:attendee-call-off": _attendee,
    "training:attendance-edit": _session,
    "training:count-add": _delivery,
    "training:seat-order-add": _delivery,
    "training:seat-order-decide": _order,
    "training:closing-links": _delivery,
    "training:survey-add": _delivery,
    "training:parked-add": _delivery,
    "training:parked-answer": _parked,
    "training:parked-step": _parked,
}
