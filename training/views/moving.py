"""R-20: the forms that move a class show first what moves with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from psdelivery.people.notices import link_notice
from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.views.previewing import Look, look_at
from training.models import Delivery
from training.move_notes import Note, notes_of_move
from training.services.moves import SessionPlan, preview_plan
from training.services.news import drafts_about
from training.views.answers import write_form

T = TypeVar("T")


def looked_at(
    request: HttpRequest,
    form: BaseForm,
    plan: Callable[[], SessionPlan],
    *,
    now: datetime,
) -> Look | None:
    """Return what moves with a valid form; None, with the errors in the form."""
    return write_form(
        form,
        lambda: look_at(
            request, lambda exempt: preview_plan(plan(), exempt=exempt, now=now)
        ),
    )


def notes_of(
    look: Look | None, plan: Callable[[], SessionPlan], *, now: datetime
) -> list[Note]:
    """Return what the parts of the class say of a move that is looked at."""
    return notes_of_move(plan(), now=now) if look is not None else []


def offer_news(request: HttpRequest, delivery: Delivery) -> None:
    """Lead to the draft that tells the customer, where one waits."""
    draft = drafts_about(delivery).first()
    if draft is not None:
        words = _("A mail to the customer is drafted: read it, then send it.")
        link_notice(request, words, url=draft.get_absolute_url())


def written_after(
    look: Look | None, form: BaseForm, write: Callable[[], T]
) -> T | None:
    """Return what `write` made of a move that was looked at and confirmed."""
    return write_form(form, write) if look is not None and look.is_confirmed else None


def why_in(form: Any, look: Look | None) -> dict[str, Any]:
    """Return why a class is moved, and what was exempted, as the services take it."""
    return {
        "reason": form.cleaned_data.get("reason", ""),
        "cause": form.cleaned_data["cause"] or MoveCause.OTHER,
        "exempt": look.exempt if look else frozenset(),
    }
