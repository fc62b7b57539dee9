"""The customer's word on the recap."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.execution.models import DiscoverySession
from psdelivery.people.models import Contact
from psdelivery.people.validators import validate_text

LONGEST_TEXT = 4_000


class ConfirmForm(forms.Form):
    """Who of the customer confirmed the recap, and how."""

    contact = forms.ModelChoiceField(
        label=_("Who confirmed it?"), queryset=Contact.objects.none()
    )
    how = forms.CharField(
        label=_("How?"),
        max_length=LONGEST_TEXT,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "In the call, by mail: when, and in which words or where it stands."
        ),
    )

    def __init__(self, *args: Any, session: DiscoverySession, **kwargs: Any) -> None:
        engagement = session.engagement
        kwargs["initial"] = {
            "contact": session.confirmed_by_id or engagement.main_contact_id,
            "how": session.confirmation,
        } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Contact]", self.fields["contact"])
        field.queryset = Contact.objects.filter(
            customer=engagement.customer_id, is_active=True
        )
