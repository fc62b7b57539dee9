"""Fields that the forms of training share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.people.fields import ClockField as ClockField
from psdelivery.people.models import User
from psdelivery.people.validators import validate_line
from psdelivery.registry import Reason
from training.queries import trainers

REASON_LENGTH = 300
# The part of a form that a reason is about; others stand above the form.
FIELD_OF = {
    "day-far": "day",
    "day-past": "day",
    "start-skipped": "start",
    "stop-skipped": "stop",
    "order": "stop",
    "long": "stop",
    "overlap": "start",
    "no-webinars": "host",
    "registrants": "registrant_limit",
    "trainer-reason": "reason",
    "certified-future": "certified_on",
    "certified-order": "expires_on",
    "own": "person",
    "left": "person",
    # the days of the trainer are full.
    "overbooked": "booking",
}


def tell_reasons(form: forms.BaseForm, reasons: Iterable[Reason]) -> None:
    """Put reasons at the fields that they are about, each sentence once."""
    told = set()
    for reason in reasons:
        name = FIELD_OF.get(reason.code)
        field = name if name in form.fields else None
        if (field, reason.sentence) not in told:
            form.add_error(field, reason.sentence)
        told.add((field, reason.sentence))


class DayField(forms.DateField):
    """A day, picked or typed as 2027-04-06."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        kwargs.setdefault("widget", widget)
        kwargs.setdefault("input_formats", ["%Y-%m-%d"])
        super().__init__(**kwargs)


class SafeURLField(forms.URLField):
    """An address that a browser opens as a page, nothing that it carries out."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("assume_scheme", "https")
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # plain at run time
    """Somebody who may teach and review; who does so now stays on offer."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("empty_label", _("Nobody yet"))
        super().__init__(queryset=User.objects.none(), **kwargs)

    def offer(self, present: User | None) -> None:
        """Fill the list; anew for each form, since people come and go."""
        people: QuerySet[User] = trainers()
        if present is not None:
            people = people | User.objects.filter(pk=present.pk)
        self.queryset = people


class ReasonField(forms.CharField):
    """A sentence for the history."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Why?"))
        kwargs.setdefault("max_length", REASON_LENGTH)
        kwargs.setdefault("validators", [validate_line])
        kwargs.setdefault("help_text", _("Stands in the history."))
        super().__init__(**kwargs)
