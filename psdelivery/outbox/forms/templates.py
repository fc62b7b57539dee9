"""The texts of mails: editing them, and choosing whom a preview is about."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from psdelivery.outbox.forms.messages import LARGEST_ID
from psdelivery.outbox.models import MailTemplate
from psdelivery.outbox.services.templates import TypedText
from psdelivery.people.validators import validate_line, validate_text

SUBJECT_LENGTH = 200
BODY_LENGTH = 20_000


class PreviewForm(forms.Form):
    """What the address of a preview asks for."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    record = forms.IntegerField(
        label=_("Preview with"), required=False, min_value=1, max_value=LARGEST_ID
    )


class TemplateForm(forms.Form):
    subject = forms.CharField(
        label=_("Subject"), max_length=SUBJECT_LENGTH, validators=[validate_line]
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=BODY_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "Markdown. A paragraph with an empty optional placeholder is left out; a "
            "line with nothing but a placeholder of several lines becomes a list."
        ),
    )
    note = forms.CharField(
        label=_("What do you change?"),
        max_length=300,
        required=False,
        validators=[validate_line],
        help_text=_("One line for whoever reads the versions later."),
    )
    seen = forms.IntegerField(
        min_value=0, max_value=LARGEST_ID, widget=forms.HiddenInput
    )

    def __init__(
        self,
        current: MailTemplate | None,
        *args: Any,
        records: Sequence[Model] = (),
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(current) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        choices = [(str(record.pk), str(record)) for record in records]
        if choices:
            self.fields["record"] = forms.ChoiceField(
                label=_("Preview with"), required=False, choices=choices
            )

    def show_again(self, current: MailTemplate | None) -> None:
        """Let the person save over the version that they are told of."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = str(current.version if current else 0)
        self.data = data

    @property
    def typed(self) -> TypedText:
        values = self.cleaned_data
        return TypedText(
            subject=values["subject"],
            body=values["body"].replace("\r\n", "\n").strip(),
            note=values["note"],
            seen=values["seen"],
        )


def _initial(current: MailTemplate | None) -> dict[str, Any]:
    if current is None:
        return {"seen": 0}
    return {
        "subject": current.subject,
        "body": current.body,
        "seen": current.version,
    }
