"""Versions of a deliverable, its moves, and the customer's word."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import DeliverableState, ReviewOutcome
from engagements.execution.services.deliverables import Review
from engagements.forms.fields import DayField, ReasonField
from engagements.models import Engagement
from psdelivery.documents.forms import EvidenceFields
from psdelivery.people.models import Contact
from psdelivery.people.validators import validate_text

NOTE_LENGTH = 2_000


class NoteField(forms.CharField):
    """Some lines that may be left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            max_length=NOTE_LENGTH,
            validators=[validate_text],
            widget=forms.Textarea(attrs={"rows": 3}),
            **kwargs,
        )


class DeliverableVersionForm(EvidenceFields):
    evidence_required = True

    note = NoteField(label=_("What is new in it?"))
    field_order = ["evidence_file", "evidence_link", "note"]


class DeliverableMoveForm(forms.Form):
    target = forms.ChoiceField(
        choices=DeliverableState.choices, widget=forms.HiddenInput
    )
    reason = ReasonField(required=False, help_text=_("It stands in the history."))


class ReviewForm(EvidenceFields):
    outcome = forms.ChoiceField(
        label=_("What did the customer say?"),
        choices=ReviewOutcome.choices,
        widget=forms.RadioSelect,
    )
    contact = forms.ModelChoiceField(
        label=_("Who there?"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("Nobody of the contacts"),
    )
    said_on = DayField(label=_("On which day?"))
    note = NoteField(
        label=_("In their words"), help_text=_("A rejection says what is to change.")
    )
    field_order = [
        "outcome",
        "contact",
        "said_on",
        "note",
        "evidence_file",
        "evidence_link",
    ]

    def __init__(self, engagement: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contact = cast(Any, self.fields["contact"])
        contact.queryset = engagement.customer.contacts.filter(is_active=True)
        help_text = _("Their reply, or the signed paper: a file or a link.")
        self.fields["evidence_file"].help_text = help_text

    @property
    def review(self) -> Review:
        """The review of a valid form."""
        given = dict(self.cleaned_data)
        own = ("outcome", "contact", "note", "said_on")
        said = {name: given.pop(name) for name in own}
        return Review(**said, evidence=given)
