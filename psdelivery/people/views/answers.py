"""What the views of people have in common: a form is written or told why not."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm
from django.http import HttpRequest, QueryDict

from psdelivery.registry import RuleRefused

T = TypeVar("T")


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, also when it is empty; None on a GET."""
    return request.POST if request.method == "POST" else None


def write_form(form: BaseForm, write: Callable[[], T]) -> T | None:
    """Return what `write` made of a valid form; None, with the errors in the form."""
    if not form.is_valid():
        return None
    try:
        return write()
    except RuleRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason.sentence)
        return None


def status_of(form: BaseForm) -> int:
    """Return 422 for a form that was refused, so that htmx and scripts know."""
    return 422 if form.is_bound and form.errors else 200
