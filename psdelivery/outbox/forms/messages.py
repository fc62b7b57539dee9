from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.outbox.choices import State
from psdelivery.outbox.queries import MessageFilter
from psdelivery.outbox.renderers import kind_choices

# The largest number of a row that both databases can look up.
LARGEST_ID = 2**63 - 1


class MessageFilterForm(forms.Form):
    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any state")), *State.choices],
    )
    # A function, because the kinds are registered after this module is read.
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=lambda: [("", _("Any kind")), *kind_choices()],
    )
    engagement = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs |= {
            "placeholder": _("Subject or address"),
            "data-search": "",
        }

    @property
    def wanted(self) -> MessageFilter:
        return MessageFilter(**self.cleaned_data)
