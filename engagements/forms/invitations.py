"""When and where people meet, and who is invited: what forms of meetings share."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DayField, RowsField
from psdelivery.calendars import local_moment
from psdelivery.people.fields import ClockField, ZoneField
from psdelivery.people.models import Contact, User
from psdelivery.people.validators import validate_line, validate_text

LARGEST = 2**31 - 1


class PlaceField(forms.CharField):
    """A room, or the link of a meeting."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Where"))
        super().__init__(
            required=False, max_length=500, validators=[validate_line], **kwargs
        )


class AgendaField(forms.CharField):
    """What stands in the invitation beside time and place."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4})
        super().__init__(
            required=False,
            max_length=2_000,
            validators=[validate_text],
            widget=widget,
            **kwargs,
        )


class AttendedField(RowsField):
    """Colleagues, to be ticked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", User.objects.none())
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)


class ContactsField(RowsField):
    """People of the customer, to be ticked; nobody need be."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", Contact.objects.none())
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} <{obj.email}>" if obj.email else str(obj.name)


class InvitationForm(forms.Form):
    """The time of a meeting; who is invited are `attendees` and `contacts`.

    `seen` is the sequence of the invitation that the person saw.
    """

    day = DayField(label=_("Day"))
    clock = ClockField(
        label=_("Time"),
    )
    zone = ZoneField()
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=480)
    seen = forms.IntegerField(
        required=False, min_value=-1, max_value=LARGEST, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, people: Any, contacts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(AttendedField, self.fields["attendees"]).queryset = people
        if contacts:
            cast(ContactsField, self.fields["contacts"]).queryset = contacts
        else:
            del self.fields["contacts"]

    def show_again(self, sequence: int) -> None:
        """Let the person save over what stands now, which they are shown."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = str(sequence)
        self.data = data

    @property
    def starts_at(self) -> datetime:
        """When it begins (UTC); only for a valid form."""
        given = self.cleaned_data
        day, clock = cast(date, given["day"]), cast(time, given["clock"])
        return local_moment(day, clock, given["zone"])

    @property
    def ends_at(self) -> datetime:
        """When it ends (UTC); only for a valid form."""
        return self.starts_at + timedelta(minutes=self.cleaned_data["minutes"])
