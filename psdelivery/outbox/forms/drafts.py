"""Changing a draft by hand."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.outbox.forms.templates import BODY_LENGTH, SUBJECT_LENGTH
from psdelivery.outbox.models import Message
from psdelivery.outbox.rules.readers import (
    Readers,
    addresses_in,
    reasons_against_readers,
)
from psdelivery.outbox.services.drafting import draft_as_seen
from psdelivery.outbox.services.readers import present_readers
from psdelivery.people.validators import validate_line, validate_text

# Fifty addresses of the longest kind.
READERS_LENGTH = 13_000


def readers_field(label: Any) -> forms.CharField:
    """Return a field for addresses on one line, with commas between them."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=READERS_LENGTH,
        validators=[validate_line],
    )


class DraftForm(forms.Form):
    to = readers_field(gettext_lazy("To"))
    cc = readers_field(gettext_lazy("Copy to"))
    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=SUBJECT_LENGTH,
        validators=[validate_line],
    )
    body = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=BODY_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=gettext_lazy("Markdown: **bold**, - a list, [words](https://…)."),
    )
    seen = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput, strip=False
    )

    def __init__(
        self,
        draft: Message,
        usual: Readers | None,
        *args: Any,
        are_fixed: bool = False,
        **kwargs: Any,
    ) -> None:
        """Without `usual` nobody knows any more to whom it would go."""
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.initial = {
            "to": words(draft.to),
            "cc": words(draft.cc),
            "subject": draft.subject,
            "body": draft.source.get("body", ""),
            "seen": draft_as_seen(draft),
        }
        if are_fixed:
            del self.fields["to"], self.fields["cc"]
        elif usual is not None:
            self.fields["to"].help_text = usually(usual.to)
            self.fields["cc"].help_text = usually(usual.cc)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = None if {"to", "cc"} & self.errors.keys() else self.readers
        # As they are they were never typed: what lacks is named on the draft's page.
        if chosen is not None and chosen != present_readers(self.draft):
            for reason in reasons_against_readers(chosen):
                self.add_error(reason.code, reason.sentence)
        return given

    @property
    def readers(self) -> Readers | None:
        """Who shall get it; None where that is not for anybody to choose."""
        if "to" not in self.fields:
            return None
        given = self.cleaned_data
        to, cc = given.get("to", ""), given.get("cc", "")
        return Readers.of(addresses_in(to), addresses_in(cc))

    def show_again(self) -> None:
        """Let the person save over what the draft says now, which they are shown."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = draft_as_seen(self.draft)
        self.data = data


def words(addresses: Iterable[str]) -> str:
    """Return addresses as they are typed."""
    return ", ".join(addresses)


def usually(addresses: Iterable[str]) -> str:
    """Say to whom it goes by itself."""
    usual = words(addresses) or _("nobody")
    return _("Mail addresses, with commas between them. Usually: %s") % usual
