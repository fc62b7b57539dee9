from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.models import User
from psdelivery.people.validators import validate_line, validate_plannable
from scheduling.choices import Hold, ReleaseCause
from scheduling.models import Allocation
from scheduling.services.moving import Drop

# What is offered is decided by its requester.
HOLDS = [(hold.value, hold.label) for hold in (Hold.SOFT, Hold.HARD)]


class DropForm(forms.Form):
    """Where a booking was dropped: it comes from the board and is not typed."""

    booking = forms.ModelChoiceField(
        queryset=Allocation.objects.none(), widget=forms.HiddenInput
    )
    person = forms.ModelChoiceField(
        queryset=User.objects.none(), required=False, widget=forms.HiddenInput
    )
    first = forms.DateField(
        label=_("First day"), validators=[validate_plannable], widget=forms.HiddenInput
    )
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        validators=[validate_plannable],
        widget=forms.HiddenInput,
    )
    version = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The filters of the board have fields of the same names beside it.
        self.auto_id = "id_move_%s"
        needs = ("person", "engagement__customer", "request", "changed_by", "partner")
        bookings = Allocation.objects.select_related(*needs)
        self.fields["booking"].queryset = bookings  # type: ignore[attr-defined]  # of a choice field
        self.fields["person"].queryset = User.objects.all()  # type: ignore[attr-defined]  # as above

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        return cleaned

    def drop(self, hold: str) -> Drop:
        known = self.cleaned_data
        return Drop(
            person=known["person"], hold=hold, first=known["first"], last=known["last"]
        )


class MoveForm(DropForm):
    """What is asked before a booking moves: how firm it is there, and why."""

    hold = forms.ChoiceField(label=_("Soft or hard"), choices=HOLDS)
    cause = forms.ChoiceField(
        label=_("Because of"), choices=ReleaseCause.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=300,
        validators=[validate_line],
        help_text=_("Who reads the history later sees it."),
    )

    @property
    def reason_told(self) -> str:
        """Return the reason in words; the cause where there are no others."""
        known = self.cleaned_data
        return known["reason"] or str(ReleaseCause(known["cause"]).label)
