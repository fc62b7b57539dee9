"""A question that was left open in class."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.handoff import TextField
from psdelivery.people.validators import validate_line


class ParkForm(forms.Form):
    text = TextField(label=_("What was left open?"))
    asked_by = forms.CharField(
        label=_("Who asked?"),
        required=False,
        max_length=120,
        validators=[validate_line],
        help_text=_("Only where the answer goes to them alone."),
    )
