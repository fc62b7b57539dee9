"""Why a date moves, for every form that moves one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.validators import validate_line
from psdelivery.playbooks.choices import MoveCause


class CauseField(forms.ChoiceField):
    """R-20: what caused the move, one of a few, so that it can be counted."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Caused by"))
        choices = [("", _("Choose")), *MoveCause.choices]
        super().__init__(choices=choices, **kwargs)


class WhyForm(forms.Form):
    """R-20: what caused a move, and why, where the form itself does not ask."""

    cause = CauseField()
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        validators=[validate_line],
        help_text=_("Stands in the history."),
    )
