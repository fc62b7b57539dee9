"""When the planning meeting is, which classes it plans, and who is invited."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import RowsField
from engagements.forms.handoff import AttendedField
from engagements.forms.handoff_call import ContactsField
from psdelivery.calendars import local_moment
from psdelivery.people.fields import ZoneField
from psdelivery.people.models import Contact, User
from psdelivery.people.validators import validate_line, validate_text
from psdelivery.playbooks.forms.moves import CauseField
from training.choices import MeetingAnswer
from training.forms.fields import ClockField, DayField, ReasonField
from training.models import Delivery
from training.services.planning_meetings import MeetingDraft

LARGEST = 2**31 - 1


class MeetingForm(forms.Form):
    deliveries = RowsField(
        label=_("Classes that are planned"),
        queryset=Delivery.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    day = DayField(label=_("Day"))
    clock = ClockField(label=_("Time"))
    zone = ZoneField()
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=15, max_value=480, initial=30
    )
    location = forms.CharField(
        label=_("Where"),
        required=False,
        max_length=500,
        validators=[validate_line],
        help_text=_("The link of the meeting, or a room. Everybody invited sees it."),
    )
    description = forms.CharField(
        label=_("What is talked about"),
        required=False,
        max_length=2_000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attendees = AttendedField(
        label=_("Who of us is invited"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    contacts = ContactsField(
        label=_("Who of the customer is invited"),
        queryset=Contact.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Their invitation leaves with your click, and a cancellation goes to whom "
            "you take off."
        ),
    )
    cause = CauseField(required=False)
    reason = ReasonField(
        required=False, help_text=_("Where the time changes. Stands in the history.")
    )
    seen = forms.IntegerField(
        required=False, min_value=-1, max_value=LARGEST, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,
        deliveries: Any,
        people: Any,
        contacts: Any,
        is_new: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("deliveries", deliveries), ("attendees", people)):
            cast(RowsField, self.fields[name]).queryset = rows
        if contacts:
            cast(ContactsField, self.fields["contacts"]).queryset = contacts
        else:
            del self.fields["contacts"]
        if is_new:
            del self.fields["cause"], self.fields["reason"]

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
    def draft(self) -> MeetingDraft:
        """The meeting as it was typed; only for a valid form."""
        given = self.cleaned_data
        return MeetingDraft(
            deliveries=list(given["deliveries"]),
            starts_at=self.starts_at,
            ends_at=self.starts_at + timedelta(minutes=given["minutes"]),
            zone=given["zone"],
            location=given["location"],
            description=given["description"],
            people=list(given["attendees"]),
            contacts=list(given.get("contacts", ())),
        )


class CallOffForm(forms.Form):
    reason = ReasonField(label=_("Why is the meeting called off?"))


class HeldForm(forms.Form):
    held_on = DayField(label=_("Held on"))


class AnswerForm(forms.Form):
    """A trainer comes, or asks to move the meeting and says when it would suit."""

    answer = forms.ChoiceField(
        label=_("Can you be there?"),
        choices=[
            (MeetingAnswer.ACCEPTED.value, _("I come")),
            (MeetingAnswer.MOVE.value, _("Please move it")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("When would it suit you?"),
        required=False,
        max_length=500,
        validators=[validate_line],
        help_text=_("Needed where you ask to move it; the coordinator reads it."),
    )
