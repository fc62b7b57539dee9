"""Fields that the forms of the schedule share."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from psdelivery.people.rules.hours import LONGEST_DAY, QUARTER
from psdelivery.people.validators import validate_text
from psdelivery.registry import Reason
from scheduling.choices import ReleaseCause

REASON_LENGTH = 500
# Two years of days of 24 hours.
MOST_HOURS = Decimal(17_544)


def validate_quarters(hours: Decimal) -> None:
    """Refuse what is not counted in quarters of an hour."""
    # Of a number that no row can have, its length is told and nothing else.
    if abs(hours) < MOST_HOURS * 10 and hours % QUARTER:
        raise ValidationError(
            _("Hours are counted in quarters: 7.25, 7.5, 7.75."), code="quarter"
        )


class HoursField(forms.DecimalField):
    """Hours in quarter steps: of a day up to 24, in total as many as there are."""

    default_validators = [validate_quarters]

    def __init__(self, *, of_a_day: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("min_value", QUARTER)
        kwargs.setdefault("max_value", LONGEST_DAY if of_a_day else MOST_HOURS)
        words = _("A day has up to 24 hours.") if of_a_day else _("That is too much.")
        messages = {
            "min_value": _("Hours are more than zero."),
            "max_value": words,
        }
        kwargs.setdefault("error_messages", messages)
        widget = forms.NumberInput(attrs={"step": "0.25", "inputmode": "decimal"})
        kwargs.setdefault("widget", widget)
        super().__init__(max_digits=7, decimal_places=2, **kwargs)
        for validator in self.validators:
            code = getattr(validator, "code", "")
            if code in messages and code in {"min_value", "max_value"}:
                validator.message = messages[code]  # type: ignore[attr-defined]  # has one

    def prepare_value(self, value: Any) -> Any:
        """Show 8 and 7.5 rather than 8.00 and 7.50."""
        if isinstance(value, Decimal) and value.is_finite():
            return f"{value.normalize():f}"
        return super().prepare_value(value)


class ReasonField(forms.CharField):
    """Why somebody does something; it stands in the history."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Why?"))
        kwargs.setdefault("max_length", REASON_LENGTH)
        kwargs.setdefault("validators", [validate_text])
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        kwargs.setdefault("help_text", _("Stands in the history."))
        super().__init__(**kwargs)


class CauseField(forms.ChoiceField):
    """What made a booking change: customer, paperwork, us, illness."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Because of"))
        choices = [("", _("Choose")), *ReleaseCause.choices]
        super().__init__(choices=choices, **kwargs)


class VersionField(forms.IntegerField):
    """The version that the reader saw; travels along, hidden."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 1)
        kwargs.setdefault("widget", forms.HiddenInput)
        super().__init__(**kwargs)


def tell_reasons(
    form: forms.BaseForm, reasons: Iterable[Reason], fields: dict[str, str]
) -> None:
    """Put reasons at the fields that they are about, each sentence once."""
    told = set()
    for reason in reasons:
        name = fields.get(reason.code, "")
        field = name if name in form.fields else None
        if (field, reason.sentence) not in told:
            form.add_error(field, reason.sentence)
        told.add((field, reason.sentence))
