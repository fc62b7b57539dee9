"""Documents of an engagement: added, and replaced by newer versions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.documents.forms import EvidenceFields
from psdelivery.documents.models import TITLE_LENGTH
from psdelivery.documents.settings import max_megabytes
from psdelivery.people.validators import validate_line


class VersionForm(EvidenceFields):
    evidence_required = True

    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=TITLE_LENGTH,
        validators=[validate_line],
        help_text=_("Empty: the name of the file."),
    )
    field_order = ["title", "evidence_file", "evidence_link", "is_money"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("At most %(limit)s MB. A file or a link, not both.")
        help_text = words % {"limit": max_megabytes()}
        self.fields["evidence_file"].help_text = help_text


class DocumentForm(VersionForm):
    is_money = forms.BooleanField(
        label=_("It tells money"),
        required=False,
        help_text=_("Then only those who may see the value find it here."),
    )

    def __init__(self, *args: Any, sees_value: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sees_value:
            del self.fields["is_money"]
