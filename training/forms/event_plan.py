from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.seen import SeenForm
from psdelivery.people.validators import validate_line, validate_text
from training.choices import Place, Platform
from training.event_plan import YES_NO, present_choices, words_of_choice
from training.models import EventPlan, Session
from training.rules.event_plan import CHOICES, NOTE_LENGTH, YES
from training.services.event_plan import Keeping

OPEN = _("to be decided")
WORDS_LENGTH = 120


class SingleChoice(forms.ChoiceField):
    """A choice that is open until somebody makes it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["choices"] = [("", OPEN), *kwargs["choices"]]
        super().__init__(required=False, **kwargs)


class PlanChoicesForm(SeenForm):
    """The single choices of a plan; what belongs to the class is written there."""

    place = SingleChoice(label=CHOICES["place"], choices=Place.choices)
    address = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=300,
        validators=[validate_line],
        help_text=_("Of a class on site: where it is and whom to ask for."),
    )
    platform = SingleChoice(label=CHOICES["platform"], choices=Platform.choices)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=500)
    language = forms.CharField(
        label=_("Language of the class"), max_length=40, validators=[validate_line]
    )
    materials_language = forms.CharField(
        label=_("Language of the materials"),
        required=False,
        max_length=40,
        validators=[validate_line],
    )
    labs = SingleChoice(
        label=CHOICES["labs"],
        choices=YES_NO.items(),
        help_text=_("Brings the steps for lab set-up and invitation code."),
    )
    certification = SingleChoice(
        label=CHOICES["certification"],
        choices=YES_NO.items(),
        help_text=_("Brings the steps for the certification reviews."),
    )
    recording = SingleChoice(
        label=CHOICES["recording"],
        choices=YES_NO.items(),
        help_text=_("Attendees are asked before a session is recorded."),
    )
    recording_for = forms.CharField(
        label=_("Who gets the recording"),
        required=False,
        max_length=WORDS_LENGTH,
        validators=[validate_line],
    )

    def __init__(self, data: Any, *, plan: EventPlan, sessions: list[Session]) -> None:
        self.delivery = plan.delivery
        present = present_choices(plan, sessions)
        shown = first_values(plan, present)
        super().__init__(data, now_seen=sorted(shown.items()), initial=shown)
        for key in CHOICES:
            words = words_of_choice(key, present[key])
            if words and not shown[key]:
                self.fields[key].help_text = _("As it is now: %(words)s.") % {
                    "words": words
                }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        place = cleaned.get("place") or self.delivery.place
        if place == Place.REMOTE and cleaned.get("address"):
            message = _("A remote class has no address: choose “on site” or empty it.")
            self.add_error("address", message)
        if cleaned.get("recording_for") and cleaned.get("recording") != YES:
            message = _("Nobody gets a recording that is not made.")
            self.add_error("recording_for", message)
        return cleaned


def first_values(plan: EventPlan, present: dict[str, str]) -> dict[str, Any]:
    """Return what the form begins with: a choice that is open stands empty."""
    decided, chosen = plan.choices.get("decided", []), plan.choices
    delivery = plan.delivery
    return {
        **{key: present[key] if key in decided else "" for key in CHOICES},
        "address": delivery.address,
        "seats": delivery.seats,
        "language": delivery.language,
        "materials_language": chosen.get("materials_language", ""),
        "recording_for": chosen.get("recording_for", ""),
    }


class KeepForm(forms.Form):
    """Keep the plan as it stands: a draft, or what was agreed in the meeting."""

    DRAFT, COMPLETE = "draft", "complete"
    kind = forms.ChoiceField(
        label=_("What is it?"),
        widget=forms.RadioSelect,
        choices=[
            (DRAFT, _("A draft, or a change of it")),
            (COMPLETE, _("The complete plan, as agreed in the planning meeting")),
        ],
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[validate_text],
        help_text=_("What has changed; of open items who settles them, and when."),
    )

    @property
    def keeping(self) -> Keeping:
        """What a valid form asks for."""
        is_complete = self.cleaned_data["kind"] == self.COMPLETE
        return Keeping(self.cleaned_data["note"], is_complete)
