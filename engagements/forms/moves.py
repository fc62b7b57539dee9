"""Moving the status with what it brings along, and saying who must move next."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from engagements.choices import (
    ENDED_STATUSES,
    PAUSED_STATUSES,
    BallWith,
    BookingChoice,
    Status,
)
from engagements.forms.fields import ReasonField
from engagements.models import Engagement
from engagements.registry import Booked, bookings
from engagements.rules.holds import hold_days
from engagements.rules.status import BALL_AFTER, find_move
from engagements.services.reviving import steps_to_revive
from engagements.services.status import MoveOptions
from psdelivery.people.validators import validate_line

LONGEST_SHIFT = 730
AS_STEPS_SAY = "steps"
# Moves that list the bookings, and what each offers to do with them.
OFFERED = {
    Status.ON_HOLD: BookingChoice.choices,
    Status.BACKLOG: BookingChoice.choices,
    Status.CANCELLED: BookingChoice.choices,
    Status.CLOSED: [
        choice for choice in BookingChoice.choices if choice[0] != BookingChoice.SOFT
    ],
}


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

    def __init__(
        self, engagement: Engagement, *args: Any, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.engagement, self.now = engagement, now
        target = str(self["target"].value() or "")
        self.move = find_move(
            engagement.kind, engagement.status, target, engagement.status_before
        )
        # The table says which moves are explained in the history.
        self.fields["reason"].required = bool(self.move and self.move.wants_reason)
        self.booked: list[Booked] = []
        if self.move is not None:
            self._ask_about(target)

    def _ask_about(self, target: str) -> None:
        if target in OFFERED:
            self.booked = bookings.to_come(self.engagement, self.now)
        for booked in self.booked:
            self.fields[f"booking-{booked.key}"] = booking_field(booked, target)
        if target in PAUSED_STATUSES:
            self.fields["ball_with"] = forms.ChoiceField(
                label=_("Ball with"),
                choices=BallWith.choices,
                initial=BALL_AFTER[Status(target)],
                required=False,
            )
        if self.is_resuming:
            self.fields["shift_days"] = self._shift_field()
        if self.engagement.status == Status.CANCELLED:
            self._ask_for_steps()

    @property
    def is_resuming(self) -> bool:
        """Whether work that was set aside is taken up again."""
        if self.move is None or self.engagement.status not in PAUSED_STATUSES:
            return False
        return self.move.target not in ENDED_STATUSES

    def _shift_field(self) -> forms.IntegerField:
        days = hold_days(self.engagement, now=self.now)
        return forms.IntegerField(
            label=_("Move the open steps by so many days"),
            min_value=0,
            max_value=LONGEST_SHIFT,
            required=False,
            initial=days,
            help_text=_g("It stood still for %(n)d days. 0 leaves every date.")
            % {"n": days},
        )

    def _ask_for_steps(self) -> None:
        steps = steps_to_revive(self.engagement)
        self.fields["steps"] = forms.TypedMultipleChoiceField(
            label=_("Which steps come back"),
            choices=[
                (step.pk, f"{step.title} ({step.get_phase_display()})")
                for step in steps
            ],
            coerce=int,
            required=False,
            initial=[step.pk for step in steps],
            widget=forms.CheckboxSelectMultiple,
        )
        # Boxes of which none is ticked are not sent: this says that they were shown.
        self.fields["asked_for_steps"] = forms.BooleanField(
            required=False, initial=True, widget=forms.HiddenInput
        )

    @property
    def booking_fields(self) -> list[tuple[Booked, forms.BoundField]]:
        return [(booked, self[f"booking-{booked.key}"]) for booked in self.booked]

    @property
    def days_to_shift(self) -> int:
        """By how many days open steps move; only of a valid form."""
        return self.cleaned_data.get("shift_days") or 0

    @property
    def options(self) -> MoveOptions:
        """What was chosen beside the status; only of a valid form."""
        given = self.cleaned_data
        return MoveOptions(
            bookings={
                booked.key: given[f"booking-{booked.key}"] or BookingChoice.KEEP
                for booked in self.booked
            },
            shift_days=self.days_to_shift,
            steps=given["steps"] if given.get("asked_for_steps") else None,
            ball_with=given.get("ball_with", ""),
        )


def booking_field(booked: Booked, target: str) -> forms.ChoiceField:
    """Ask what becomes of one booking; where the work ends it is released.

    What is soft already is kept or released.
    """
    ends = target in {Status.CANCELLED, Status.CLOSED}
    return forms.ChoiceField(
        label=f"{booked.who} · {booked.role_words}",
        choices=[
            (value, words)
            for value, words in OFFERED[Status(target)]
            if booked.is_hard or value != BookingChoice.SOFT
        ],
        initial=BookingChoice.RELEASE if ends else BookingChoice.KEEP,
        required=False,
    )


class BallForm(forms.Form):
    ball_with = forms.ChoiceField(
        label=_("Ball with"),
        choices=[(AS_STEPS_SAY, _("as the open steps say")), *BallWith.choices],
        help_text=_("What you say holds until the open steps say something new."),
    )
    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=300, validators=[validate_line]
    )

    @classmethod
    def about(cls, engagement: Engagement) -> "BallForm":
        """Return the form as the page of an engagement offers it."""
        said = engagement.ball_with if engagement.ball_by_hand else AS_STEPS_SAY
        return cls(initial={"ball_with": said})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = cleaned.get("ball_with", "")
        reason = cleaned.get("reason", "").strip()
        if said in BallWith.values and not reason and "reason" not in self.errors:
            self.add_error("reason", _g("Say why, in a few words."))
        return cleaned

    @property
    def party(self) -> str:
        """Who must move next, empty for whom the steps say; only of a valid form."""
        said: str = self.cleaned_data["ball_with"]
        return said if said in BallWith.values else ""
