"""Enter a class: first the course, then the form that begins with what it brings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import get_engagement, rights_of
from engagements.models import Engagement
from engagements.owners import holders
from engagements.queries import gate_for
from psdelivery import clock
from psdelivery.people.choices import EngagementRole
from psdelivery.people.http import SignedInRequest
from psdelivery.people.models import Customer
from psdelivery.people.notices import link_notice
from training.choices import TrainerHold
from training.forms.booking import holds_for
from training.forms.classes import DeliveryForm
from training.forms.sessions import (
    MORE_ROWS,
    MOST_SESSIONS,
    SessionFormSet,
    SessionRows,
    usual_hours,
)
from training.models import Course, Delivery
from training.queries import active_courses
from training.rules.classes import (
    reasons_against_planning,
    reasons_against_promising_dates,
)
from training.services.entering import enter_class
from training.typed_days import last_day_meant
from training.views.answers import REFUSED_FORM, posted, refused, write_form
from training.views.lab_warnings import say_warnings, typed_warnings

# Buttons of the form that write nothing.
MORE = "more"


@require_http_methods(["GET", "POST"])
def delivery_add(request: SignedInRequest, pk: int) -> HttpResponse:
    engagement = get_engagement(request, pk)
    reasons = reasons_against_planning(engagement)
    if reasons:
        return refused(request, reasons, engagement.get_absolute_url())
    course = chosen_course(request)
    if course is None:
        return choose_course(request, engagement)
    if MORE in request.POST:
        return show_more_rows(request, engagement, course)
    form, rows = forms_for(request, engagement, course)
    if request.method == "POST":
        delivery = planned(request, form, rows)
        if delivery is not None:
            return redirect(delivery)
    return render_form(request, engagement, course, form, rows)


def chosen_course(request: SignedInRequest) -> Course | None:
    typed = request.POST.get("course") or request.GET.get("course", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        return None
    return Course.objects.filter(pk=int(typed), is_active=True).first()


def choose_course(
    request: SignedInRequest,
    engagement: Engagement,
    template: str = "training/delivery_course.html",
) -> HttpResponse:
    """Ask for the course first; the choice leads back to the address at hand."""
    sold, others = active_courses(engagement)
    is_refused = request.method == "POST"
    context = {
        "engagement": engagement,
        "is_refused": is_refused,
        "sold": sold,
        "others": others,
        "add_url": request.path,
    }
    status = REFUSED_FORM if is_refused else 200
    return render(request, template, context, status=status)


def forms_for(
    request: SignedInRequest, engagement: Engagement, course: Course
) -> tuple[DeliveryForm, SessionFormSet]:
    # Who is the trainer of the engagement teaches, unless somebody else is named.
    trainer = holders(engagement).get(EngagementRole.TRAINER)
    form = DeliveryForm(
        posted(request),
        instance=new_delivery(engagement, course),
        present=trainer,
        last_day=last_day_meant(request, engagement),
        holds=holds_for(rights_of(request.user, engagement)),
        initial={"zone": engagement.customer.zone, "trainer": trainer},
    )
    zone = typed_zone(form, engagement.customer)
    rows: Any = SessionRows(
        posted(request),
        prefix="sessions",
        initial=usual_hours(course)
        if form.is_bound
        else first_rows(engagement, course),
        form_kwargs={"zone": zone, "today": clock.today(zone)},
    )
    return form, rows


def new_delivery(engagement: Engagement, course: Course) -> Delivery:
    return Delivery(
        engagement=engagement,
        course=course,
        title=course.title,
        seats=course.seats,
        with_labs=course.has_labs,
        with_certification=course.has_certification,
    )


def typed_zone(form: DeliveryForm, customer: Customer) -> str:
    if form.is_bound and form.is_valid():
        return str(form.cleaned_data["zone"])
    return str(getattr(form, "cleaned_data", {}).get("zone") or customer.zone)


def first_rows(engagement: Engagement, course: Course) -> list[dict[str, Any]]:
    rows = usual_hours(course, course.session_count)
    wished = engagement.wished_start
    if wished is not None and wished > clock.today(engagement.customer.zone):
        rows[0]["day"] = wished
    return rows


def planned(
    request: SignedInRequest, form: DeliveryForm, rows: SessionFormSet
) -> Delivery | None:
    # Both are asked, so that everything wrong is told at once.
    if not (rows.is_valid() & form.is_valid()):
        return None
    entered = write_form(
        form,
        lambda: enter_class(
            form.instance,
            [times.moments for times in rows.typed],
            platform=form.cleaned_data["platform"],
            reason=form.cleaned_data["reason"],
            hold=form.cleaned_data.get("booking", TrainerHold.NONE),
            by=request.user,
            now=clock.now(),
        ),
    )
    if entered is None:
        return None
    messages.success(request, _("The class is entered, with its steps."))
    for words in rows.said:
        messages.warning(request, words)
    if entered.asked is not None:
        text = _("The request for the trainer is drafted. Look at it, then submit it.")
        link_notice(request, text, url=entered.asked.get_absolute_url())
    say_warnings(request, entered.delivery)
    return entered.delivery


def show_more_rows(
    request: SignedInRequest, engagement: Engagement, course: Course
) -> HttpResponse:
    typed = request.POST
    form = DeliveryForm(
        instance=new_delivery(engagement, course),
        initial=as_initial(typed),
        last_day=last_day_meant(request, engagement),
        holds=holds_for(rights_of(request.user, engagement)),
    )
    total = typed.get("sessions-TOTAL_FORMS", "")
    count = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    hours = usual_hours(course)
    initial = [
        hours[number] | row_as_initial(typed, number)
        for number in range(min(count + MORE_ROWS, MOST_SESSIONS))
    ]
    zone = engagement.customer.zone
    rows: Any = SessionRows(
        prefix="sessions",
        initial=initial,
        form_kwargs={"zone": zone, "today": clock.today(zone)},
    )
    return render_form(request, engagement, course, form, rows)


def as_initial(typed: QueryDict) -> dict[str, Any]:
    ticks = ("with_labs", "with_certification")
    return typed.dict() | {name: name in typed for name in ticks}


def row_as_initial(typed: QueryDict, number: int) -> dict[str, str]:
    found = {
        name: typed.get(f"sessions-{number}-{name}")
        for name in ("day", "start", "stop")
    }
    return {name: value for name, value in found.items() if value is not None}


def render_form(
    request: SignedInRequest,
    engagement: Engagement,
    course: Course,
    form: DeliveryForm,
    rows: SessionFormSet,
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "course": course,
        "form": form,
        "rows": rows,
        "may_add_rows": len(rows.forms) < MOST_SESSIONS,
        "gate_reasons": reasons_against_promising_dates(
            gate_for(engagement, clock.now())
        ),
        "lab_warnings": typed_warnings(request, engagement.customer.zone),
    }
    status = REFUSED_FORM if form.is_bound else 200
    return render(request, "training/delivery_form.html", context, status=status)
