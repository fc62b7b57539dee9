from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from psdelivery import clock
from psdelivery.access import Action
from psdelivery.people.http import SignedInRequest
from psdelivery.people.listing import page_of, sorted_by
from psdelivery.playbooks.views.moves import moved_notice
from psdelivery.registry import RuleRefused
from training.access import get_delivery, visible_deliveries
from training.class_tabs import with_cards
from training.forms.classes import (
    CancelForm,
    DeliveryEditForm,
    LinkForm,
    MoveForm,
    TrainerForm,
)
from training.forms.filters import DeliveryFilterForm
from training.link_mail import prepare_links
from training.models import Delivery
from training.move_notes import notes_of_cancelling
from training.pages import class_page
from training.queries import (
    class_rows,
    deliveries_matching,
    open_steps_of,
    with_dates,
)
from training.rules.classes import day_of, reasons_against_changing
from training.services.deliveries import (
    cancel_delivery,
    change_trainer,
    edit_delivery,
    enter_registration_link,
    move_delivery,
    moved_plan,
)
from training.services.moves import SessionPlan
from training.services.news import MOVED_ATTENDEES, draft_news_of_attendees
from training.trainer_queries import last_day_of
from training.views.answers import posted, refused, status_of, write_form
from training.views.drafted import to_drafts
from training.views.lab_warnings import say_warnings
from training.views.moving import (
    looked_at,
    notes_of,
    offer_news,
    why_in,
    written_after,
)

PAGE_SIZE = 25
# what decides until when the labs of a class are needed.
LAB_FIELDS = frozenset({"with_labs", "with_certification"})
SORTS = {
    "first": ("first_start",),
    "class": ("title", "first_start"),
    "customer": ("engagement__customer__name", "first_start"),
    "trainer": ("trainer__last_name", "trainer__first_name", "first_start"),
    "state": ("state", "first_start"),
}


@require_GET
def delivery_list(request: SignedInRequest) -> HttpResponse:
    within = visible_deliveries(request.user, Action.WORK_SEE)
    form = DeliveryFilterForm(request.GET, within=within, user=request.user)
    now = clock.now()
    found = with_dates(Delivery.objects.none())
    if form.is_valid():
        found = deliveries_matching(
            within, form.wanted, zone=request.user.zone, now=now
        )
    needed = found.select_related("course", "trainer", "engagement__customer")
    page = page_of(
        sorted_by(needed, request, SORTS, default="first"), request, size=PAGE_SIZE
    )
    context = {
        "form": form,
        "page": page,
        "classes": class_rows(list(page.object_list), now=now),
    }
    status = status_of(form)
    return render(request, "training/delivery_list.html", context, status=status)


@require_GET
def delivery_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk, reads=with_cards)
    context = class_page(request, delivery, now=clock.now())
    return render(request, "training/delivery_detail.html", context)


def form_page(
    request: SignedInRequest, delivery: Delivery, form: Any, page: str, **more: Any
) -> HttpResponse:
    context = {"delivery": delivery, "form": form, **more}
    return render(request, f"training/{page}.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def delivery_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    against = reasons_against_changing(delivery)
    if against:
        return refused(request, against, delivery.get_absolute_url())
    form = DeliveryEditForm(
        posted(request), instance=Delivery.objects.get(pk=delivery.pk)
    )
    saved = write_form(
        form,
        lambda: edit_delivery(
            delivery, form.changed_values, by=request.user, now=clock.now()
        ),
    )
    if saved is None:
        return form_page(request, delivery, form, "delivery_edit")
    messages.success(request, _("The changes are saved."))
    if LAB_FIELDS & form.changed_values.keys():
        say_warnings(request, saved)
    return redirect(delivery)


@require_http_methods(["GET", "POST"])
def delivery_move(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    sessions = list(delivery.sessions.all())
    against = reasons_against_changing(delivery)
    if against or not sessions:
        return refused(request, against, delivery.get_absolute_url())
    today, now = clock.today(sessions[0].zone), clock.now()
    form = MoveForm(posted(request), present=day_of(sessions[0]), today=today)
    seen = sessions[0].starts_at

    def plan() -> SessionPlan:
        return moved_plan(delivery, form.cleaned_data["by_days"], seen=seen, now=now)

    look = looked_at(request, form, plan, now=now)
    move = written_after(
        look,
        form,
        lambda: move_delivery(
            delivery,
            form.cleaned_data["by_days"],
            seen=seen,
            by=request.user,
            **why_in(form, look),
            now=now,
        ),
    )
    if move is None:
        notes = notes_of(look, plan, now=now)
        more = {"sessions": sessions, "look": look, "notes": notes}
        return form_page(request, delivery, form, "delivery_move", **more)
    moved_notice(request, move)
    messages.info(request, moved_words(form.cleaned_data["by_days"]))
    offer_news(request, delivery)
    return redirect(delivery)


def moved_words(days: int) -> str:
    pattern = (
        ngettext(
            "The class is %(n)d day later now.",
            "The class is %(n)d days later now.",
            days,
        )
        if days > 0
        else ngettext(
            "The class is %(n)d day earlier now.",
            "The class is %(n)d days earlier now.",
            -days,
        )
    )
    return pattern % {"n": abs(days)}


@require_http_methods(["GET", "POST"])
def delivery_link(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    form = LinkForm(posted(request), present=delivery.registration_url)
    saved = write_form(
        form,
        lambda: enter_registration_link(
            delivery,
            form.cleaned_data["registration_url"],
            by=request.user,
            now=clock.now(),
        ),
    )
    if saved is None:
        return form_page(request, delivery, form, "delivery_link")
    messages.success(request, _("The registration link is saved."))
    return redirect(delivery)


@require_http_methods(["GET", "POST"])
def delivery_trainer(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    form = TrainerForm(
        posted(request),
        present=delivery.trainer,
        course=delivery.course,
        last_day=last_day_of(delivery),
    )
    saved = write_form(
        form,
        lambda: change_trainer(
            delivery,
            form.cleaned_data["trainer"],
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        ),
    )
    if saved is None:
        return form_page(request, delivery, form, "delivery_trainer")
    messages.success(request, _("The trainer's open steps went along."))
    return redirect(delivery)


@require_http_methods(["GET", "POST"])
def delivery_cancel(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    against = reasons_against_changing(delivery)
    if against:
        return refused(request, against, delivery.get_absolute_url())
    form = CancelForm(posted(request))
    called_off = write_form(
        form,
        lambda: cancel_delivery(
            delivery,
            by=request.user,
            reason=form.cleaned_data["reason"],
            now=clock.now(),
        ),
    )
    if called_off is None:
        notes = notes_of_cancelling(delivery, now=clock.now())
        more = {"open_count": len(open_steps_of(delivery)), "notes": notes}
        return form_page(request, delivery, form, "delivery_cancel", **more)
    messages.success(request, _("The class is called off."))
    offer_news(request, delivery)
    return redirect(delivery)


@require_POST
def links_mail(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    try:
        draft = prepare_links(delivery, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, delivery.get_absolute_url())
    return redirect(draft)


@require_POST
def moved_attendees(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    try:
        drafts = draft_news_of_attendees(delivery, by=request.user, now=clock.now())
    except RuleRefused as error:
        return refused(request, error.reasons, delivery.get_absolute_url())
    return to_drafts(request, drafts, kind=MOVED_ATTENDEES)
