"""What views have in common: a form is written or told why not, in any place."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from psdelivery.registry import Reason, RuleRefused

T = TypeVar("T")
REFUSED_FORM = 422
REFUSED_BY_RULE = 409


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was posted, also when it is empty; None on a GET."""
    return request.POST if request.method == "POST" else None


def tell_above(form: BaseForm, reasons: Iterable[Reason]) -> None:
    """Put the reasons above the form, at none of its fields."""
    for reason in reasons:
        form.add_error(None, reason.sentence)


def written(
    form: BaseForm,
    write: Callable[[], T],
    tell: Callable[[BaseForm, Iterable[Reason]], None] = tell_above,
) -> T | None:
    """Return what `write` made; None where a rule refused: the form says why."""
    try:
        return write()
    except RuleRefused as refused:
        tell(form, refused.reasons)
        return None


def write_form(
    form: BaseForm,
    write: Callable[[], T],
    tell: Callable[[BaseForm, Iterable[Reason]], None] = tell_above,
) -> T | None:
    """Return what `write` made of a valid form; None, with the errors in the form."""
    return written(form, write, tell) if form.is_valid() else None


def status_of(*forms: BaseForm) -> int:
    """Return 422 where a form was refused, so that htmx and scripts know."""
    return REFUSED_FORM if any(one.is_bound and one.errors for one in forms) else 200


def refused(
    request: HttpRequest, reasons: Sequence[Reason], back_url: str
) -> HttpResponse:
    """Say why a rule stands against this, on a page of its own."""
    context = {"reasons": reasons, "back_url": back_url}
    return render(request, "409.html", context, status=REFUSED_BY_RULE)
