"""Changing a draft by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.outbox.forms.templates import BODY_LENGTH, SUBJECT_LENGTH
from psdelivery.outbox.models import Message
from psdelivery.people.validators import validate_line, validate_text


class DraftForm(forms.Form):
    subject = forms.CharField(
        label=_("Subject"), max_length=SUBJECT_LENGTH, validators=[validate_line]
    )
    body = forms.CharField(
        label=_("Text"),
        max_length=BODY_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_("Markdown: **bold**, - a list, [words](https://…)."),
    )

    def __init__(self, draft: Message, *args: Any, **kwargs: Any) -> None:
        seen = {"subject": draft.subject, "body": draft.source.get("body", "")}
        super().__init__(*args, **kwargs)
        self.initial = seen
