"""R-12: the forms of the lab code and of its longer life."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.calendars import is_plannable, local_moment
from psdelivery.people.moments import city_of
from psdelivery.people.validators import validate_line, validate_text
from training.choices import CodeState, ExtensionState
from training.code_queries import PAST_CODES, CodeFilter
from training.forms.fields import ClockField, DayField, ReasonField
from training.forms.filters import search_input
from training.rules.times import is_skipped, skipped_words
from training.services.labs import CodeDraft

NOTE_LENGTH = 1000
LONGEST_CODE = 80
GRANTED, REFUSED = ExtensionState.GRANTED.value, ExtensionState.REFUSED.value
# The field of a form that a reason is about; others stand above the form.
FIELD_OF = {
    "double": "code",
    "generated-ahead": "day",
    "generated-early": "day",
    "dead": "day",
    "until": "day",
    "granted_until": "day",
}


class MomentForm(forms.Form):
    """A moment that is typed on the clock of a zone: as a rule that of the class."""

    clock_words = gettext_lazy("On the clock of the class: %(city)s.")
    day = DayField()
    clock = ClockField()

    def __init__(
        self, *args: Any, zone: str, at: datetime | None, **kwargs: Any
    ) -> None:
        self.zone = zone
        local = at.astimezone(ZoneInfo(zone)) if at else None
        usual = {"day": local.date(), "clock": local.time()} if local else {}
        kwargs["initial"] = usual | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        words = self.clock_words % {"city": city_of(zone)}
        self.fields["clock"].help_text = words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, clock = cleaned.get("day"), cleaned.get("clock")
        if day is not None and not is_plannable(day):
            self.add_error("day", _("This day is too far off."))
        elif day and clock is not None and is_skipped(day, clock, self.zone):
            self.add_error("clock", skipped_words(day, clock, self.zone))
        return cleaned

    @property
    def moment(self) -> datetime:
        """The moment of a valid form (UTC)."""
        typed = self.cleaned_data
        return local_moment(typed["day"], typed["clock"].replace(fold=0), self.zone)


class CodeForm(MomentForm):
    """A code that was generated: by the reader, so on the reader's clock."""

    clock_words = gettext_lazy("On your clock: %(city)s.")
    code = forms.CharField(
        label=gettext_lazy("Invitation code"),
        max_length=LONGEST_CODE,
        validators=[validate_line],
        help_text=gettext_lazy(
            "A secret: it stands on this class's Labs page only, not in the history "
            "and not in reminders."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    day = DayField(label=gettext_lazy("Generated on"))
    clock = ClockField(label=gettext_lazy("At"))
    seats = forms.IntegerField(
        label=gettext_lazy("Seats"),
        min_value=1,
        max_value=500,
        help_text=gettext_lazy("How many people may redeem it."),
    )
    field_order = ["code", "day", "clock", "seats"]

    @property
    def draft(self) -> CodeDraft:
        typed = self.cleaned_data
        return CodeDraft(typed["code"], self.moment, typed["seats"])


class RetireForm(forms.Form):
    reason = ReasonField(label=gettext_lazy("Why is the code retired?"))


class AskForm(MomentForm):
    day = DayField(label=gettext_lazy("Needed until"))
    clock = ClockField(label=gettext_lazy("At"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Such as the link to the post. Never the code itself."),
    )


class DecideForm(MomentForm):
    answer = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[
            (GRANTED, gettext_lazy("granted until …")),
            (REFUSED, gettext_lazy("refused")),
        ],
        initial=GRANTED,
        widget=forms.RadioSelect,
    )
    day = DayField(label=gettext_lazy("Granted until"), required=False)
    clock = ClockField(label=gettext_lazy("At"), required=False)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ["answer", "day", "clock", "note"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("answer") == GRANTED:
            for name in ("day", "clock"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Say until when it was granted."))
        return cleaned

    @property
    def granted_until(self) -> datetime | None:
        is_granted = self.cleaned_data["answer"] == GRANTED
        return self.moment if is_granted else None


class CodeFilterForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Class or customer"),
        required=False,
        max_length=100,
        widget=search_input(),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Code"),
        required=False,
        choices=[("", gettext_lazy("Any state")), *CodeState.choices],
    )
    extension = forms.ChoiceField(
        label=gettext_lazy("Extension"),
        required=False,
        choices=[("", gettext_lazy("Any")), *ExtensionState.choices],
    )
    when = forms.ChoiceField(
        label=gettext_lazy("Classes"),
        required=False,
        choices=[
            ("", gettext_lazy("To come, or with a living code")),
            (PAST_CODES, gettext_lazy("All")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    @property
    def wanted(self) -> CodeFilter:
        chosen = self.cleaned_data
        return CodeFilter(
            text=chosen["q"],
            state=chosen["state"],
            extension=chosen["extension"],
            with_past=chosen["when"] == PAST_CODES,
        )
