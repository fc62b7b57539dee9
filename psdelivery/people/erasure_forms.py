from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.validators import validate_line


class EraseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        validators=[validate_line],
        help_text=_(
            "Stays in the history for good, so name nobody: “Asked us to on 3 March”."
        ),
    )
    is_sure = forms.BooleanField(
        label=_("I know that nobody can bring the data back."),
        error_messages={"required": _("Tick this to go on.")},
    )


class FindPersonForm(forms.Form):
    q = forms.CharField(
        label=_("Name or address"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"data-search": ""}),
    )
