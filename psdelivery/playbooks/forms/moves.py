"""Why a date moves, for every form that moves one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.playbooks.choices import MoveCause


class CauseField(forms.ChoiceField):
    """R-20: what caused the move, one of a few, so that it can be counted."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Caused by"))
        choices = [("", _("Choose")), *MoveCause.choices]
        super().__init__(choices=choices, **kwargs)
