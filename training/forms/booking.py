"""How firmly the days of a class are booked for its trainer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.access import Rights
from psdelivery.access import Action
from training.choices import Place, TrainerHold
from training.forms.fields import ReasonField
from training.models import Delivery

BOOKING = (TrainerHold.NONE, TrainerHold.SOFT, TrainerHold.HARD)


def holds_for(rights: Rights) -> list[TrainerHold]:
    """Return what the person may choose: coordinators book, others ask them to."""
    if rights.may(Action.BOOK):
        return list(BOOKING)
    if rights.may(Action.RESOURCE_REQUEST):
        return [TrainerHold.NONE, TrainerHold.ASK]
    return []


class HoldField(forms.ChoiceField):
    """What becomes of the trainer's days; left out it is nothing."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Days of the trainer"))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        return str(super().clean(value) or TrainerHold.NONE)

    def offer(self, holds: Sequence[TrainerHold]) -> None:
        """Fill the choices by what the person may do."""
        self.choices = [(one.value, one.label) for one in holds]


class BookingForm(forms.Form):
    """Of a coordinator: book, book otherwise, or free the days of a class."""

    hold = HoldField(required=True, widget=forms.RadioSelect)
    travels = forms.BooleanField(
        label=_("With the days of travel before and after"), required=False
    )
    reason = ReasonField(required=False)

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["hold"]
        field.offer(list(BOOKING))
        if delivery.place != Place.ON_SITE:
            del self.fields["travels"]
