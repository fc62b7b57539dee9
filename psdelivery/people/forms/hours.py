from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.choices import WEEKDAYS
from psdelivery.people.fields import DayField
from psdelivery.people.models import WorkingHours
from psdelivery.people.rules.hours import by_name, reasons_against_hours


class HoursField(forms.DecimalField):
    """Hours of a day, in quarters."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"step": "0.25", "inputmode": "decimal"}
        super().__init__(
            min_value=0,
            max_value=24,
            max_digits=4,
            decimal_places=2,
            widget=forms.NumberInput(attrs=attrs),
            **kwargs,
        )


class HoursForm(forms.Form):
    """The hours of each weekday from a day on."""

    valid_from = DayField(
        label=_("Valid from"),
        help_text=_("Until then the hours before hold. The same day corrects them."),
    )

    def __init__(
        self, *args: Any, today: date, week: Sequence[Decimal], **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"valid_from": today, **by_name(week)}
        super().__init__(*args, **kwargs)
        labels = {one.name: one for one in WorkingHours._meta.concrete_fields}
        for name in WEEKDAYS:
            self.fields[name] = HoursField(label=labels[name].verbose_name)

    @property
    def hours(self) -> list[Decimal]:
        return [self.cleaned_data[name] for name in WEEKDAYS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if all(name in cleaned for name in WEEKDAYS):
            for reason in reasons_against_hours(self.hours):
                self.add_error(None, reason.sentence)
        return cleaned
