"""Telling that mail does not reach an address."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.validators import validate_line


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("How did you notice?"),
        max_length=300,
        validators=[validate_line],
        help_text=_("Such as: the answer of their mail server, or a call."),
    )


class BounceForm(ReasonForm):
    """Which of the addresses of a mail it did not reach."""

    address = forms.ChoiceField(label=_("Which address?"))
    field_order = ["address", "reason"]

    def __init__(self, addresses: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(address, address) for address in addresses]
        self.fields["address"] = forms.ChoiceField(
            label=_("Which address?"), choices=choices
        )


class ClearForm(forms.Form):
    address = forms.ChoiceField()

    def __init__(self, addresses: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(address, address) for address in addresses]
        self.fields["address"] = forms.ChoiceField(choices=choices)
