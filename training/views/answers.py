"""What the views of training have in common: write a form, or tell why not."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm

from psdelivery.people.views import answers
from psdelivery.people.views.answers import REFUSED_BY_RULE as REFUSED_BY_RULE
from psdelivery.people.views.answers import REFUSED_FORM as REFUSED_FORM
from psdelivery.people.views.answers import posted as posted
from psdelivery.people.views.answers import refused as refused
from psdelivery.people.views.answers import status_of as status_of
from training.forms.fields import tell_reasons

T = TypeVar("T")


def write_form(form: BaseForm, write: Callable[[], T]) -> T | None:
    """Return what `write` made of a valid form; None, with the errors at its fields."""
    return answers.write_form(form, write, tell_reasons)
