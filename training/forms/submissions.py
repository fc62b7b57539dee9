from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import is_plannable, local_moment
from psdelivery.people.fields import ZoneField
from psdelivery.people.models import User
from psdelivery.people.validators import validate_line
from training.choices import Result
from training.forms.classes import offer_people
from training.forms.fields import (
    ClockField,
    DayField,
    PersonField,
    ReasonField,
    SafeURLField,
)
from training.models import Delivery, Submission
from training.rules.certification import Verdict, reasons_against_entering
from training.rules.times import is_skipped, skipped_words

NOTE_LENGTH = 2000


class SubmissionForm(forms.ModelForm):  # type: ignore[type-arg]  # plain at run time
    """An assessment that was handed in; the moment stands on the clock of a zone."""

    day = DayField(label=_("Handed in on"))
    clock = ClockField(label=_("At"))
    zone = ZoneField(label=_("Time zone of this time"))
    response_url = SafeURLField(
        label=_("Link to the response"),
        help_text=_("The completed form, where the reviewer releases the result."),
    )
    reviewer = PersonField(
        label=_("Reviewer"), empty_label=_("The trainer of the class")
    )
    field_order = ["attendee_name", "attendee_email", "day", "clock", "zone"]

    class Meta:
        model = Submission
        fields = ["attendee_name", "attendee_email", "response_url", "reviewer"]
        labels = {
            "attendee_name": _("Name of the attendee"),
            "attendee_email": _("E-mail address"),
        }

    def __init__(
        self, *args: Any, delivery: Delivery, now: datetime, **kwargs: Any
    ) -> None:
        kwargs["instance"] = Submission(delivery=delivery)
        super().__init__(*args, **kwargs)
        self.now = now
        offer_people(self, "reviewer", None)

    def clean_attendee_email(self) -> str:
        return str(self.cleaned_data["attendee_email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed: dict[str, Any] = {
            name: cleaned.get(name) for name in ("day", "clock", "zone")
        }
        if None not in typed.values():
            self.place_moment(**typed)
        return cleaned

    def place_moment(self, day: Any, clock: Any, zone: str) -> None:
        """Put the moment on the record, or say at the field what is wrong with it."""
        if not is_plannable(day):
            self.add_error("day", _("This day is too far off."))
            return
        if is_skipped(day, clock, zone):
            self.add_error("clock", skipped_words(day, clock, zone))
            return
        self.instance.submitted_at = local_moment(day, clock.replace(fold=0), zone)
        for reason in reasons_against_entering(self.instance, now=self.now):
            self.add_error("day", reason.sentence)
        self.refuse_double()

    def refuse_double(self) -> None:
        same = Submission.objects.filter(
            delivery=self.instance.delivery,
            attendee_email=self.cleaned_data.get("attendee_email", ""),
            submitted_at=self.instance.submitted_at,
        )
        if same.exists():
            message = _("This submission is already entered.")
            self.add_error("attendee_email", message)


class ReleaseForm(forms.Form):
    """What a review ends with."""

    result = forms.ChoiceField(
        label=_("Result"),
        choices=[
            (Result.PASSED, Result.PASSED.label),
            (Result.NOT_PASSED, Result.NOT_PASSED.label),
        ],
        widget=forms.RadioSelect,
    )
    score = forms.IntegerField(label=_("Mark in %"), min_value=0, max_value=100)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        validators=[validate_line],
        help_text=_("What was released and how; stands in the history."),
    )

    def __init__(self, *args: Any, pass_mark: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("The pass mark is %(pass_mark)s %%.") % {"pass_mark": pass_mark}
        self.fields["score"].help_text = words

    @property
    def verdict(self) -> Verdict:
        typed = self.cleaned_data
        return Verdict(Result(typed["result"]), typed["score"], typed["note"])


class ReviewerForm(forms.Form):
    reviewer = PersonField(label=_("Reviewer"), required=True, empty_label=None)
    reason = ReasonField(required=False)

    def __init__(self, data: Any = None, *, present: User | None) -> None:
        super().__init__(data, initial={"reviewer": present})
        offer_people(self, "reviewer", present)
