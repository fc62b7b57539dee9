"""What the views of training have in common: write a form, or tell why not."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from psdelivery.people.views.answers import posted as posted
from psdelivery.registry import Reason, RuleRefused
from training.forms.fields import tell_reasons

T = TypeVar("T")
REFUSED_FORM = 422
REFUSED_BY_RULE = 409


def write_form(form: BaseForm, write: Callable[[], T]) -> T | None:
    """Return what `write` made of a valid form; None, with the errors in the form."""
    if not form.is_valid():
        return None
    try:
        return write()
    except RuleRefused as refused:
        tell_reasons(form, refused.reasons)
        return None


def status_of(form: BaseForm) -> int:
    """Return 422 for a form that was refused, so that htmx and scripts know."""
    return REFUSED_FORM if form.is_bound and form.errors else 200


def refused(
    request: HttpRequest, reasons: Sequence[Reason], back_url: str
) -> HttpResponse:
    """Say why a rule stands against this, on a page of its own."""
    context = {"reasons": reasons, "back_url": back_url}
    return render(request, "409.html", context, status=REFUSED_BY_RULE)
