"""What is said when a request is refused, answered or withdrawn."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from scheduling.forms.fields import ReasonField, VersionField


class RefuseForm(forms.Form):
    version = VersionField(required=False)
    reason = ReasonField(
        label=_("Why is it refused?"), help_text=_("Who asked is told.")
    )


class AnswerForm(forms.Form):
    version = VersionField(required=False)
    reason = ReasonField(
        label=_("What is the answer?"),
        help_text=_("Who could do it and when; nothing is booked by it."),
    )


class WithdrawForm(forms.Form):
    version = VersionField(required=False)
    reason = ReasonField(
        label=_("Why is it no longer needed?"),
        required=False,
        help_text=_("Coordination reads it; what was offered is free again."),
    )


def decision_form(form: type[forms.Form], data: Any, version: int) -> forms.Form:
    """Return the form of a decision, with the version that its reader sees."""
    return form(data, initial={"version": version})
