"""When the handoff call is, where, and who is invited."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.forms.invitations import (
    AgendaField,
    AttendedField,
    ContactsField,
    InvitationForm,
    PlaceField,
)
from engagements.models import Handoff
from engagements.services.handoff_call import guests
from psdelivery.outbox.invitations import Meeting


class CallForm(InvitationForm):
    location = PlaceField(help_text=gettext_lazy("The link of the meeting, or a room."))
    description = AgendaField(label=gettext_lazy("What to prepare"))
    attendees = AttendedField(label=gettext_lazy("Who is invited"))
    contacts = ContactsField(
        label=gettext_lazy("Who of the customer is invited"),
        help_text=gettext_lazy(
            "The handoff is internal: choose people only if they shall hear all of it. "
            "Their invitation leaves with your click, and a cancellation goes to whom "
            "you take off."
        ),
    )

    def meeting(self, handoff: Handoff) -> Meeting:
        """Return the meeting as it was typed; only for a valid form."""
        given = self.cleaned_data
        return Meeting(
            kind="handoff",
            title=_("Handoff: %(engagement)s") % {"engagement": handoff.engagement},
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            zone=given["zone"],
            attendees=guests(given["attendees"], given.get("contacts", ())),
            description=given["description"],
            location=given["location"],
        )
