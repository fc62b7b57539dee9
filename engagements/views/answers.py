"""What the views of engagements have in common: how forms are posted and refused."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from psdelivery.people.views.answers import posted as posted
from psdelivery.registry import RuleRefused

T = TypeVar("T")


def posted_files(request: HttpRequest) -> MultiValueDict[str, Any] | None:
    """Return the files that came with a post; None on a GET."""
    return request.FILES if request.method == "POST" else None


def written(form: BaseForm, write: Callable[[], T]) -> T | None:
    """Return what `write` made; None where a rule refused: the form says why."""
    try:
        return write()
    except RuleRefused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason.sentence)
        return None


def status_of(*forms: BaseForm) -> int:
    """Return 422 where one of the forms was refused."""
    return 422 if any(form.is_bound and form.errors for form in forms) else 200
