from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.livetext.rules import clean_text
from psdelivery.people.validators import validate_line

LARGEST = 2_000_000_000


class AnyText(forms.CharField):
    """A text as it comes; what cannot be kept of it is left out, never refused."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class TextForm(forms.Form):
    """A text with the version it was begun on; how long it may be is a rule."""

    text = AnyText(label=_("Text"), required=False, strip=False)
    version = forms.IntegerField(min_value=0, max_value=LARGEST)
    page = forms.CharField(required=False, max_length=40, validators=[validate_line])


class SeenForm(forms.Form):
    seen = forms.IntegerField(min_value=0, max_value=LARGEST)
