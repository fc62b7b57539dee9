from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of
from psdelivery.registry import RuleRefused
from training.access import get_delivery, get_session
from training.forms.roster import (
    AttendanceForm,
    AttendeeForm,
    ClosingLinksForm,
    CountForm,
    SeatDecisionForm,
    SeatOrderForm,
    SurveyForm,
)
from training.models import Attendance, Delivery
from training.roster_access import get_attendee, get_order
from training.roster_queries import counts_of, seats_of
from training.rules.classes import reasons_against_held
from training.rules.roster import reasons_against_roster
from training.rules.seats import reasons_against_deciding
from training.services.attendance import enter_attendance
from training.services.attendees import add_attendee, call_off, edit_attendee
from training.services.closing import enter_closing_links, enter_survey
from training.services.roster import count_registered, zone_of
from training.services.seat_orders import ask_for_seats, decide_order
from training.views.answers import posted, refused, status_of, write_form

ROSTER = "training:delivery-roster"
PAGE_SIZE = 50


def entry_page(
    request: SignedInRequest, delivery: Delivery, form: BaseForm, name: str, **more: Any
) -> HttpResponse:
    context = {"delivery": delivery, "form": form, **more}
    template = f"training/roster/{name}.html"
    return render(request, template, context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def attendee_add(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    if against := reasons_against_roster(delivery):
        return refused(request, against, delivery.get_absolute_url())
    form = AttendeeForm(posted(request), delivery=delivery)
    added = write_form(
        form,
        lambda: add_attendee(delivery, form.entered, by=request.user, now=clock.now()),
    )
    if added is None:
        return entry_page(request, delivery, form, "attendee_form")
    messages.success(request, _("%(name)s is on the roster.") % {"name": added.name})
    return redirect(ROSTER, delivery.pk)


@require_http_methods(["GET", "POST"])
def attendee_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    attendee = get_attendee(request, pk)
    delivery = attendee.delivery
    form = AttendeeForm(posted(request), delivery=delivery, present=attendee)
    saved = write_form(
        form,
        lambda: edit_attendee(attendee, form.entered, by=request.user, now=clock.now()),
    )
    if saved is None:
        aliases = attendee.aliases.all()
        more = {"attendee": attendee, "aliases": aliases}
        return entry_page(request, delivery, form, "attendee_form", **more)
    messages.success(request, _("The changes are saved."))
    return redirect(ROSTER, delivery.pk)


@require_POST
def attendee_call_off(request: SignedInRequest, pk: int) -> HttpResponse:
    attendee = get_attendee(request, pk)
    is_off = request.POST.get("is_off") == "1"
    try:
        call_off(attendee, is_off=is_off, by=request.user, now=clock.now())
    except RuleRefused as error:
        url = attendee.delivery.get_absolute_url()
        return refused(request, error.reasons, url)
    words = _("Called off; the seat is free.") if is_off else _("Comes after all.")
    messages.success(request, words)
    return redirect(ROSTER, attendee.delivery_id)


@require_http_methods(["GET", "POST"])
def attendance_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    delivery, now = session.delivery, clock.now()
    against = reasons_against_roster(delivery) + reasons_against_held(session, now=now)
    if against:
        return refused(request, against, f"{delivery.get_absolute_url()}roster/")
    page = page_of(delivery.attendees.filter(cancelled_at=None), request)
    people = list(page.object_list)
    known = Attendance.objects.filter(session=session, attendee__in=people)
    form = AttendanceForm(
        posted(request),
        session=session,
        people=people,
        known=dict(known.values_list("attendee", "minutes")),
    )
    done = write_form(form, lambda: entered(request, session, form))
    if done is None:
        more = {"session": session, "page": page}
        return entry_page(request, delivery, form, "attendance_form", **more)
    messages.success(request, _("The attendance is saved."))
    if page.has_next():
        return redirect(f"{request.path}?page={page.next_page_number()}")
    return redirect(ROSTER, delivery.pk)


def entered(request: SignedInRequest, session: Any, form: AttendanceForm) -> bool:
    enter_attendance(session, form.minutes, by=request.user, now=clock.now())
    return True


@require_http_methods(["GET", "POST"])
def count_add(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    if against := reasons_against_roster(delivery):
        return refused(request, against, delivery.get_absolute_url())
    form = CountForm(
        posted(request),
        today=clock.today(zone_of(delivery)),
        known=counts_of(delivery).registered,
    )
    counted = write_form(
        form,
        lambda: count_registered(
            delivery,
            form.cleaned_data["registered"],
            counted_on=form.cleaned_data["counted_on"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if counted is None:
        return entry_page(request, delivery, form, "count_form")
    messages.success(request, _("The count is noted."))
    return redirect(ROSTER, delivery.pk)


@require_http_methods(["GET", "POST"])
def seat_order_add(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    if against := reasons_against_roster(delivery):
        return refused(request, against, delivery.get_absolute_url())
    seats = seats_of(delivery)
    form = SeatOrderForm(posted(request), delivery=delivery, missing=seats.missing)
    asked = write_form(
        form,
        lambda: ask_for_seats(
            delivery, form.cleaned_data["seats"], by=request.user, now=clock.now()
        ),
    )
    if asked is None:
        return entry_page(request, delivery, form, "seat_order_form", seats=seats)
    _order, draft = asked
    messages.success(request, _("The mail is prepared: read it, then send it."))
    return redirect(draft)


@require_http_methods(["GET", "POST"])
def seat_order_decide(request: SignedInRequest, pk: int) -> HttpResponse:
    order = get_order(request, pk)
    delivery = order.delivery
    if against := reasons_against_deciding(order, is_ordered=False, reference=""):
        return refused(request, against, order.get_absolute_url())
    form = SeatDecisionForm(posted(request), order=order)
    decided = write_form(
        form,
        lambda: decide_order(
            order,
            is_ordered=form.is_ordered,
            reference=form.cleaned_data["reference"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if decided is None:
        return entry_page(request, delivery, form, "seat_decision", order=order)
    messages.success(request, _("The answer is noted."))
    return redirect(ROSTER, delivery.pk)


@require_http_methods(["GET", "POST"])
def closing_links(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    if against := reasons_against_roster(delivery):
        return refused(request, against, delivery.get_absolute_url())
    form = ClosingLinksForm(posted(request), delivery=delivery)
    saved = write_form(
        form,
        lambda: enter_closing_links(
            delivery,
            recording_url=form.cleaned_data["recording_url"],
            survey_url=form.cleaned_data["survey_url"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if saved is None:
        return entry_page(request, delivery, form, "closing_links")
    messages.success(request, _("The links are saved."))
    return redirect(ROSTER, delivery.pk)


@require_http_methods(["GET", "POST"])
def survey_add(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    if against := reasons_against_roster(delivery):
        return refused(request, against, delivery.get_absolute_url())
    form = SurveyForm(posted(request), request.FILES or None)
    result = write_form(
        form,
        lambda: enter_survey(delivery, form.survey, by=request.user, now=clock.now()),
    )
    if result is None:
        return entry_page(request, delivery, form, "survey_form")
    words = _("%(answers)s answers, %(score)s on average.")
    shown = {"answers": result.answers, "score": result.score}
    messages.success(request, words % shown)
    return redirect(ROSTER, delivery.pk)
