"""Moving the status, and saying who must move next."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.choices import BallWith, Status
from engagements.forms.fields import ReasonField
from engagements.models import Engagement
from engagements.rules.status import find_move
from psdelivery.people.validators import validate_line


class MoveForm(forms.Form):
    target = forms.ChoiceField(
        choices=Status.choices,
        widget=forms.HiddenInput,
        error_messages={
            "invalid_choice": _("There is no such status."),
            "required": _("Say which status comes next."),
        },
    )
    reason = ReasonField(required=False)

    def __init__(self, engagement: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        move = find_move(
            engagement.kind,
            engagement.status,
            str(self["target"].value()),
            engagement.status_before,
        )
        # The table says which moves are explained in the history.
        self.fields["reason"].required = move is not None and move.wants_reason


class BallForm(forms.Form):
    ball_with = forms.ChoiceField(label=_("Ball with"), choices=BallWith.choices)
    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=300, validators=[validate_line]
    )
