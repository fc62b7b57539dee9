"""Ticking, reopening and setting aside a step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import EARLIEST_DAY, LATEST_DAY
from psdelivery.documents.forms import EvidenceFields
from psdelivery.people.validators import validate_text
from psdelivery.playbooks.choices import EvidenceWanted
from psdelivery.playbooks.models import Step

NOTE_LENGTH = 5_000


class StepCompletionForm(EvidenceFields):
    """What a person hands in with a tick; only what the step asks for is required."""

    happened_on = forms.DateField(
        label=_("On which day is it, or was it?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands in the history. No links or codes that give access."),
    )
    field_order = ["happened_on", "note", "evidence_link", "evidence_file"]

    def __init__(self, step: Step, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evidence_required = step.evidence_wanted == EvidenceWanted.LINK_OR_FILE
        self.fields["note"].required = step.evidence_wanted == EvidenceWanted.NOTE
        if not step.sets_anchor:
            del self.fields["happened_on"]

    def clean_happened_on(self) -> Any:
        day = self.cleaned_data["happened_on"]
        if not EARLIEST_DAY <= day <= LATEST_DAY:
            raise forms.ValidationError(_("This day is too far off."))
        return day


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        max_length=NOTE_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReopenForm(ReasonForm):
    """The reason may be left out: a slip of the finger needs none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False
        self.fields["reason"].label = _("Why open it again? (optional)")
