from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.fields import ZoneField
from psdelivery.people.models import User
from psdelivery.people.seen import SeenForm
from psdelivery.playbooks.forms.moves import CauseField
from scheduling.models import HostAccount
from training.choices import Place, Platform, TrainerHold
from training.forms.booking import HoldField
from training.forms.fields import DayField, PersonField, ReasonField, SafeURLField
from training.forms.trainers import TrainerField, WhyField
from training.models import Course, Delivery
from training.rules.times import reasons_against_day

LABELS = {
    "title": _("Title of the class"),
    "place": _("Place"),
    "address": _("Address"),
    "language": _("Language"),
    "seats": _("Seats"),
    "host": _("Host account"),
    "with_labs": _("With labs"),
    "with_certification": _("With certification"),
}
HELP_TEXTS = {
    "host": _("The account that the meeting is held with; it holds one at a time."),
    "address": _("Of an on-site class: where it is and whom to ask for."),
    "with_labs": _("Brings the steps for lab set-up and invitation code."),
    "with_certification": _("Brings the steps for the certification reviews."),
}
CLASS_FIELDS = list(LABELS)


class PlaceFields(forms.ModelForm):  # type: ignore[type-arg]  # plain at run time
    """A remote class has no address; the form says so instead of losing it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["host"]
        if isinstance(field, forms.ModelChoiceField):
            present = Q(pk=self.instance.host_id)
            field.queryset = HostAccount.objects.filter(Q(is_active=True) | present)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("place") == Place.REMOTE and cleaned.get("address"):
            message = _("A remote class has no address: choose “on site” or empty it.")
            self.add_error("address", message)
        return cleaned


class DeliveryForm(PlaceFields):
    """A new class of a course that is already chosen; its sessions are a formset."""

    trainer = TrainerField(label=_("Trainer"))
    reason = WhyField()
    zone = ZoneField(
        label=_("Time zone of the sessions"),
        help_text=_("The clock of the people who attend. Type a city: Sydney …"),
    )
    platform = forms.ChoiceField(
        label=_("Meeting or webinar"),
        choices=Platform.choices,
        initial=Platform.WEBINAR,
    )
    booking = HoldField()
    field_order = [
        "title",
        "trainer",
        "reason",
        "booking",
        "place",
        "address",
        "platform",
    ]

    class Meta:
        model = Delivery
        fields = [*CLASS_FIELDS, "trainer"]
        labels = LABELS
        help_texts = HELP_TEXTS

    def __init__(
        self,
        *args: Any,
        present: User | None = None,
        last_day: date,
        holds: Sequence[TrainerHold] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offer_trainers(self, present, self.instance.course, last_day)
        booking: Any = self.fields["booking"]
        booking.offer(holds)
        if not holds:
            del self.fields["booking"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_wanted = cleaned.get("booking", TrainerHold.NONE) != TrainerHold.NONE
        if is_wanted and not cleaned.get("trainer"):
            self.add_error("trainer", _("Say whose days are booked."))
        return cleaned


class DeliveryEditForm(PlaceFields, EditedTogetherForm):
    class Meta:
        model = Delivery
        fields = CLASS_FIELDS
        labels = LABELS
        help_texts = HELP_TEXTS


class MoveForm(SeenForm):
    """By so many days, or to a new first day."""

    days = forms.IntegerField(
        label=_("By how many days?"),
        required=False,
        min_value=-1000,
        max_value=1000,
        help_text=_("Negative is earlier: -7 is a week before."),
    )
    first_day = DayField(label=_("Or: the new first day"), required=False)
    cause = CauseField()
    reason = ReasonField()

    def __init__(self, *args: Any, present: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, now_seen=present, **kwargs)
        # The day on which the class begins now.
        self.present, self.today = present, today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"days", "first_day"} & self.errors.keys():
            return cleaned
        days: Any = cleaned.get("days")
        first_day: Any = cleaned.get("first_day")
        if (days is None) == (first_day is None):
            self.add_error("days", _("Say either how many days or the new first day."))
            return cleaned
        field = "first_day" if days is None else "days"
        if days is None:
            days = (first_day - self.present).days
        else:
            first_day = self.present + timedelta(days=days)
        if days == 0:
            self.add_error(field, _("The class begins on that day already."))
        for reason in reasons_against_day(first_day, today=self.today):
            self.add_error(field, reason.sentence)
        return cleaned | {"by_days": days}


class TrainerForm(SeenForm):
    trainer = TrainerField(label=_("Trainer"))
    reason = WhyField(label=_("Why?"))

    def __init__(
        self, data: Any = None, *, present: User | None, course: Course, last_day: date
    ) -> None:
        seen = present.pk if present else ""
        super().__init__(data, now_seen=seen, initial={"trainer": present})
        offer_trainers(self, present, course, last_day)


class CancelForm(forms.Form):
    reason = ReasonField(label=_("Why is the class called off?"))


class LinkForm(SeenForm):
    registration_url = SafeURLField(
        label=_("Registration link"),
        help_text=_(
            "Where people register. Whoever has it can come: it stands on this page "
            "only, not in the history and not in reminders."
        ),
    )

    def __init__(self, data: Any = None, *, present: str) -> None:
        super().__init__(data, now_seen=present, initial={"registration_url": present})


def offer_trainers(
    form: forms.BaseForm, present: User | None, course: Course, last_day: date
) -> None:
    """Offer who may teach, the certified first (R-14)."""
    field = form.fields["trainer"]
    if isinstance(field, TrainerField):
        field.offer_for(present, course, last_day)


def offer_people(form: forms.BaseForm, name: str, present: User | None) -> None:
    field = form.fields[name]
    if isinstance(field, PersonField):
        field.offer(present)
