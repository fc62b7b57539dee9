from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from psdelivery import clock
from psdelivery.people.http import SignedInRequest
from psdelivery.playbooks.queries import undoable_move
from psdelivery.playbooks.views.moves import moved_notice
from training.access import get_delivery, get_session
from training.forms.sessions import RemoveSessionForm, SessionForm
from training.models import Delivery, Session
from training.rules.classes import (
    reasons_against_changing,
    reasons_against_changing_session,
)
from training.rules.times import words_about
from training.services.moves import SessionPlan
from training.services.sessions import (
    add_session,
    added_plan,
    change_session,
    changed_plan,
    remove_session,
    removed_plan,
)
from training.views.answers import posted, refused, status_of
from training.views.moving import looked_at, notes_of, offer_news, why_in, written_after


def session_form(
    request: SignedInRequest, zone: str, initial: dict[str, Any], seen: object = ""
) -> SessionForm:
    return SessionForm(
        posted(request), today=clock.today(zone), seen=seen, initial=initial
    )


def say_of_times(request: SignedInRequest, form: SessionForm) -> None:
    for words in words_about(form.times) if form.times else []:
        messages.warning(request, words)


@require_http_methods(["GET", "POST"])
def session_add(request: SignedInRequest, pk: int) -> HttpResponse:
    delivery = get_delivery(request, pk)
    against = reasons_against_changing(delivery)
    if against:
        return refused(request, against, delivery.get_absolute_url())
    last = delivery.sessions.last()
    initial = (
        hours_of(last) if last else {"zone_name": delivery.engagement.customer.zone}
    )
    form, now = session_form(request, initial["zone_name"], initial), clock.now()
    del form.fields["reason"], form.fields["cause"]

    def plan() -> SessionPlan:
        return added_plan(delivery, form.moments)

    look = looked_at(request, form, plan, now=now)
    added = written_after(
        look,
        form,
        lambda: add_session(
            delivery,
            form.moments,
            platform=form.cleaned_data["platform"],
            by=request.user,
            exempt=look.exempt if look else (),
            now=now,
        ),
    )
    if added is None:
        notes = notes_of(look, plan, now=now)
        return session_page(request, delivery, form, look=look, notes=notes)
    messages.success(request, _("The session is added, with its steps."))
    say_of_times(request, form)
    return moved_answer(request, delivery)


def moved_answer(request: SignedInRequest, delivery: Delivery) -> HttpResponse:
    """Tell what moved, with its undo, and lead back to the class."""
    move = undoable_move([delivery.checklist_id], clock.now())
    if move is not None:
        moved_notice(request, move)
        offer_news(request, delivery)
    return redirect(delivery)


def hours_of(session: Session) -> dict[str, Any]:
    """The hours of the last session: the next one is mostly the same."""
    zone = ZoneInfo(session.zone)
    return {
        "start": session.starts_at.astimezone(zone).time(),
        "stop": session.ends_at.astimezone(zone).time(),
        "zone_name": session.zone,
        "platform": session.platform,
    }


def session_page(
    request: SignedInRequest,
    delivery: Delivery,
    form: SessionForm,
    session: Session | None = None,
    **more: Any,
) -> HttpResponse:
    context = {"delivery": delivery, "form": form, "session": session, **more}
    status = status_of(form)
    return render(request, "training/session_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def session_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    delivery = session.delivery
    against = reasons_against_changing_session(session)
    if against:
        return refused(request, against, delivery.get_absolute_url())
    day = session.starts_at.astimezone(ZoneInfo(session.zone)).date()
    seen = f"{session.starts_at}/{session.ends_at}/{session.platform}"
    initial = hours_of(session) | {"day": day}
    form, now = session_form(request, session.zone, initial, seen), clock.now()

    def plan() -> SessionPlan:
        return changed_plan(session, form.moments)

    look = looked_at(request, form, plan, now=now)
    changed = written_after(
        look,
        form,
        lambda: change_session(
            session,
            form.moments,
            platform=form.cleaned_data["platform"],
            by=request.user,
            **why_in(form, look),
            now=now,
        ),
    )
    if changed is None:
        shown, notes = get_session(request, pk), notes_of(look, plan, now=now)
        return session_page(request, delivery, form, shown, look=look, notes=notes)
    messages.success(request, _("The session is changed; its open steps followed."))
    say_of_times(request, form)
    return moved_answer(request, delivery)


@require_http_methods(["GET", "POST"])
def session_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    session = get_session(request, pk)
    delivery = session.delivery
    against = reasons_against_changing_session(session)
    if against:
        return refused(request, against, delivery.get_absolute_url())
    form, now = RemoveSessionForm(posted(request)), clock.now()

    def plan() -> SessionPlan:
        return removed_plan(session)

    look = looked_at(request, form, plan, now=now)

    def remove() -> bool:
        remove_session(session, by=request.user, **why_in(form, look), now=now)
        return True

    if written_after(look, form, remove):
        messages.success(request, _("The session is taken out of the class."))
        return moved_answer(request, delivery)
    context = {
        "delivery": delivery,
        "form": form,
        "session": session,
        "look": look,
        "notes": notes_of(look, plan, now=now),
    }
    status = status_of(form)
    return render(request, "training/session_remove.html", context, status=status)
