"""When the handoff call is, where, and who is invited."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.forms.fields import DayField, RowsField
from engagements.forms.handoff import AttendedField
from engagements.models import Handoff
from engagements.services.handoff_call import guests
from psdelivery.calendars import local_moment
from psdelivery.outbox.invitations import Meeting
from psdelivery.people.fields import ZoneField
from psdelivery.people.models import Contact, User
from psdelivery.people.validators import validate_line, validate_text

LARGEST = 2**31 - 1


class ContactsField(RowsField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} <{obj.email}>" if obj.email else str(obj.name)


class CallForm(forms.Form):
    day = DayField(label=gettext_lazy("Day"))
    clock = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    zone = ZoneField()
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=15, max_value=480, initial=60
    )
    location = forms.CharField(
        label=gettext_lazy("Where"),
        required=False,
        max_length=500,
        validators=[validate_line],
        help_text=gettext_lazy("The link of the meeting, or a room."),
    )
    description = forms.CharField(
        label=gettext_lazy("What to prepare"),
        required=False,
        max_length=2_000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    attendees = AttendedField(
        label=gettext_lazy("Who is invited"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    contacts = ContactsField(
        label=gettext_lazy("Who of the customer is invited"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The handoff is internal: choose people only if they shall hear all of it. "
            "Their invitation leaves with your click, and a cancellation goes to whom "
            "you take off."
        ),
    )
    seen = forms.IntegerField(
        required=False, min_value=-1, max_value=LARGEST, widget=forms.HiddenInput
    )

    def __init__(self, people: Any, contacts: Any, *args: Any, **kwargs: Any) -> None:
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

    def meeting(self, handoff: Handoff) -> Meeting:
        """Return the meeting as it was typed; only for a valid form."""
        given = self.cleaned_data
        day, clock = cast(date, given["day"]), cast(time, given["clock"])
        start: datetime = local_moment(day, clock, given["zone"])
        return Meeting(
            kind="handoff",
            title=_("Handoff: %(engagement)s") % {"engagement": handoff.engagement},
            starts_at=start,
            ends_at=start + timedelta(minutes=given["minutes"]),
            zone=given["zone"],
            attendees=guests(given["attendees"], given.get("contacts", ())),
            description=given["description"],
            location=given["location"],
        )
