"""Telling the portal of a mail that left from somewhere else."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import EARLIEST_DAY, LATEST_DAY, local_moment
from psdelivery.documents.forms import EvidenceFields
from psdelivery.outbox.rules.messages import MAX_RECIPIENTS
from psdelivery.people.fields import ClockField
from psdelivery.people.validators import validate_line, validate_text

TEXT_LENGTH = 20_000


class ElsewhereForm(EvidenceFields):
    day = forms.DateField(
        label=_("On which day?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    clock = ClockField(
        label=_("At what time?"),
        help_text=_("On your clock."),
    )
    to = forms.CharField(
        label=_("To whom?"),
        max_length=1000,
        validators=[validate_line],
        help_text=_("Mail addresses, with commas between them."),
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=200, validators=[validate_line]
    )
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Copy it here, or add the mail below as a file or link."),
    )
    field_order = [
        "day", "clock", "to", "subject", "text", "evidence_file", "evidence_link",
    ]  # fmt: skip

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if not EARLIEST_DAY <= day <= LATEST_DAY:
            raise forms.ValidationError(_("This day is too far off."))
        return day

    def clean_to(self) -> list[str]:
        addresses = [one.strip() for one in self.cleaned_data["to"].split(",")]
        found = [address for address in addresses if address]
        if len(found) > MAX_RECIPIENTS:
            raise forms.ValidationError(
                _("At most %(most)d addresses."), params={"most": MAX_RECIPIENTS}
            )
        return found

    def sent_at(self, zone: str) -> datetime:
        """Return when it left (UTC), typed on the clock of a zone."""
        typed = self.cleaned_data
        return local_moment(typed["day"], typed["clock"].replace(fold=0), zone)
