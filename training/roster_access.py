"""Loaders of what hangs on a class: attendees, reports, orders, parked questions."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from psdelivery.people.http import SignedInRequest
from training.access import get_delivery
from training.models import (
    Attendee,
    AttendeeReport,
    ParkedQuestion,
    ReportRow,
    SeatOrder,
)

M = TypeVar("M", Attendee, SeatOrder, ParkedQuestion)


def of_class(request: SignedInRequest, rows: QuerySet[M], pk: int) -> M:
    """Load a record of a class; answers as its class does (404, 403)."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such record."))
    found.delivery = get_delivery(request, found.delivery_id)
    return found


def get_attendee(request: SignedInRequest, pk: int) -> Attendee:
    """Load somebody on a roster."""
    return of_class(request, Attendee.objects.all(), pk)


def get_order(request: SignedInRequest, pk: int) -> SeatOrder:
    """Load an order of extra seats."""
    return of_class(request, SeatOrder.objects.all(), pk)


def get_parked(request: SignedInRequest, pk: int) -> ParkedQuestion:
    """Load a parked question with its step."""
    rows = ParkedQuestion.objects.select_related("step", "answered_by", "parked_by")
    return of_class(request, rows, pk)


def get_report(request: SignedInRequest, pk: int, report: int) -> AttendeeReport:
    """Load a report of the class in the address; one of another is not found."""
    delivery = get_delivery(request, pk)
    rows = AttendeeReport.objects.select_related("session", "document", "imported_by")
    found = rows.filter(delivery=delivery, pk=report).first()
    if found is None:
        raise Http404(_("There is no such report."))
    found.delivery = delivery
    if found.session is not None:
        found.session.delivery = delivery
    return found


def get_row(request: SignedInRequest, pk: int, report: int, row: int) -> ReportRow:
    """Load a row of a report of the class in the address."""
    found_report = get_report(request, pk, report)
    found = ReportRow.objects.filter(report=found_report, pk=row).first()
    if found is None:
        raise Http404(_("There is no such row."))
    found.report = found_report
    return found
