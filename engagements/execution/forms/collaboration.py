"""The customer's project, and texts that were changed there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.execution.gitlab.addresses import reasons_against_address
from engagements.forms.fields import LinkField


class ProjectForm(forms.Form):
    url = LinkField(
        label=_("Address of the project"),
        required=True,
        help_text=_(
            "Its page on GitLab, such as https://gitlab.com/acme/collaboration."
        ),
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        for reason in reasons_against_address(url):
            raise forms.ValidationError(reason.sentence, code=reason.code)
        return url


class SeenForm(forms.Form):
    """Which text there somebody had before the eyes."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
