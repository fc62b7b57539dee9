"""When the planning meeting is, which classes it plans, and who is invited."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import RowsField
from engagements.forms.invitations import (
    AgendaField,
    AttendedField,
    ContactsField,
    InvitationForm,
    PlaceField,
)
from psdelivery.people.fields import DayField as PlannableDay
from psdelivery.people.validators import validate_line
from psdelivery.playbooks.forms.moves import CauseField
from training.choices import MeetingAnswer
from training.forms.fields import ReasonField
from training.models import Delivery
from training.rules.times import is_skipped, skipped_words
from training.services.planning_meetings import MeetingDraft


class MeetingForm(InvitationForm):
    deliveries = RowsField(
        label=_("Classes that are planned"),
        queryset=Delivery.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    location = PlaceField(
        help_text=_("The link of the meeting, or a room. Everybody invited sees it.")
    )
    description = AgendaField(label=_("What is talked about"))
    attendees = AttendedField(label=_("Who of us is invited"))
    contacts = ContactsField(
        label=_("Who of the customer is invited"),
        help_text=_(
            "Their invitation leaves with your click, and a cancellation goes to whom "
            "you take off."
        ),
    )
    cause = CauseField(required=False)
    reason = ReasonField(
        required=False, help_text=_("Where the time changes. Stands in the history.")
    )
    field_order = ["deliveries"]

    def __init__(
        self, *args: Any, deliveries: Any, is_new: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(RowsField, self.fields["deliveries"]).queryset = deliveries
        if is_new:
            del self.fields["cause"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        names = ("day", "clock", "zone")
        typed: list[Any] = [cleaned.get(name) for name in names]
        if None not in typed and is_skipped(*typed):
            self.add_error("clock", skipped_words(*typed))
        return cleaned

    @property
    def draft(self) -> MeetingDraft:
        """The meeting as it was typed; only for a valid form."""
        given = self.cleaned_data
        return MeetingDraft(
            deliveries=list(given["deliveries"]),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            zone=given["zone"],
            location=given["location"],
            description=given["description"],
            people=list(given["attendees"]),
            contacts=list(given.get("contacts", ())),
        )


class CallOffForm(forms.Form):
    reason = ReasonField(label=_("Why is the meeting called off?"))


class HeldForm(forms.Form):
    held_on = PlannableDay(label=_("Held on"))


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
