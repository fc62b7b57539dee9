"""When the kickoff is and who is invited; where its deck is; that it was held."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.execution.services.kickoff import KickoffLinks
from engagements.execution.services.kickoff_call import KIND
from engagements.forms.fields import DayField, LinkField
from engagements.forms.invitations import (
    AgendaField,
    AttendedField,
    ContactsField,
    InvitationForm,
    PlaceField,
)
from engagements.models import Engagement
from engagements.services.handoff_call import guests
from psdelivery.documents.forms import EvidenceFields
from psdelivery.outbox.invitations import Meeting
from psdelivery.people.validators import validate_text

NOTE_LENGTH = 1_000


class KickoffCallForm(InvitationForm):
    location = PlaceField(help_text=gettext_lazy("The link of the meeting, or a room."))
    description = AgendaField(
        label=gettext_lazy("What it is about"),
        help_text=gettext_lazy("Everybody invited reads it."),
    )
    attendees = AttendedField(label=gettext_lazy("Who of us is invited"))
    contacts = ContactsField(
        label=gettext_lazy("Who of the customer is invited"),
        help_text=gettext_lazy(
            "Their invitation leaves with your click, and a cancellation goes to whom "
            "you take off."
        ),
    )

    def meeting_of(self, engagement: Engagement) -> Meeting:
        """Return the meeting as it was typed; only for a valid form."""
        given = self.cleaned_data
        return Meeting(
            kind=KIND,
            title=_("Kickoff: %(engagement)s") % {"engagement": engagement.title},
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            zone=given["zone"],
            attendees=guests(given["attendees"], given.get("contacts", ())),
            description=given["description"],
            location=given["location"],
        )


class KickoffLinksForm(forms.Form):
    deck_url = LinkField(label=gettext_lazy("Deck"))
    project_url = LinkField(
        label=gettext_lazy("Collaboration project"),
        help_text=gettext_lazy("The project on GitLab that both sides work in."),
    )

    @property
    def links(self) -> KickoffLinks:
        """The links of a valid form."""
        return KickoffLinks(**self.cleaned_data)


class KickoffHeldForm(EvidenceFields):
    evidence_required = True

    held_on = DayField(label=gettext_lazy("Held on"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ["held_on", "evidence_link", "evidence_file", "note"]
