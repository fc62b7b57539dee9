"""R-20: the forms that move a class show first what moves with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest

from psdelivery.playbooks.choices import MoveCause
from psdelivery.playbooks.views.previewing import Look, look_at
from training.services.moves import SessionPlan, preview_plan
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
