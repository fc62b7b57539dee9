"""Forms of the roster: people, counts, seats, and what is told after a class."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.fields import DayField
from psdelivery.people.seen import SeenForm
from psdelivery.people.validators import validate_line, validate_text
from training.forms.fields import SafeURLField
from training.forms.report_files import refuse_size
from training.imports import UnreadableReport
from training.imports.surveys import read_survey
from training.models import Attendee, Delivery, SeatOrder, Session
from training.rules.roster import reasons_against_count
from training.rules.seats import reasons_against_deciding, reasons_against_seats
from training.services.attendees import Entered
from training.services.closing import Survey

NAME_LENGTH = 120
MOST_MINUTES = 1440
MOST_PEOPLE = 5000


class AttendeeForm(SeenForm):
    """Somebody on the roster; an address only where it is known."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, validators=[validate_line]
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Reports are matched by it; without one by the name."),
    )

    def __init__(
        self, data: Any = None, *, delivery: Delivery, present: Attendee | None = None
    ) -> None:
        first = {"name": present.name, "email": present.email} if present else {}
        seen = f"{present.name}·{present.email}" if present else ""
        super().__init__(data, now_seen=seen, initial=first)
        self.delivery, self.present = delivery, present

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        others = self.delivery.attendees.filter(email=email)
        if self.present is not None:
            others = others.exclude(pk=self.present.pk)
        if email and others.exists():
            message = _("This address is on the roster already.")
            raise forms.ValidationError(message)
        return email

    @property
    def entered(self) -> Entered:
        typed = self.cleaned_data
        return Entered(name=typed["name"].strip(), email=typed["email"])


class CountForm(forms.Form):
    """How many have registered so far, as the meeting platform shows it."""

    registered = forms.IntegerField(
        label=_("Registered so far"), min_value=0, max_value=MOST_PEOPLE
    )
    counted_on = DayField(label=_("As of"))

    def __init__(self, data: Any = None, *, today: date, known: int) -> None:
        super().__init__(data, initial={"registered": known, "counted_on": today})
        self.today = today

    def clean_counted_on(self) -> date:
        day: date = self.cleaned_data["counted_on"]
        for reason in reasons_against_count(day, self.today):
            raise forms.ValidationError(reason.sentence)
        return day


class SeatOrderForm(forms.Form):
    seats = forms.IntegerField(
        label=_("Extra seats"),
        min_value=1,
        max_value=500,
        help_text=_("The mail that asks the customer is prepared, and leaves by you."),
    )

    def __init__(self, data: Any = None, *, delivery: Delivery, missing: int) -> None:
        super().__init__(data, initial={"seats": missing or 1})
        self.delivery = delivery

    def clean_seats(self) -> int:
        seats: int = self.cleaned_data["seats"]
        for reason in reasons_against_seats(self.delivery.seats + seats):
            raise forms.ValidationError(reason.sentence)
        return seats


class SeatDecisionForm(forms.Form):
    ORDERED, DECLINED = "ordered", "declined"
    decision = forms.ChoiceField(
        label=_("What does the customer say?"),
        choices=[
            (ORDERED, _("The seats are ordered")),
            (DECLINED, _("The seats are not wanted")),
        ],
        widget=forms.RadioSelect,
    )
    reference = forms.CharField(
        label=_("Reference of the order"),
        required=False,
        max_length=120,
        validators=[validate_line],
        help_text=_("Number of the order form, or who ordered and when."),
    )

    def __init__(self, data: Any = None, *, order: SeatOrder) -> None:
        super().__init__(data)
        self.order = order

    @property
    def is_ordered(self) -> bool:
        return bool(self.cleaned_data.get("decision") == self.ORDERED)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        against = reasons_against_deciding(
            self.order,
            is_ordered=self.is_ordered,
            reference=cleaned.get("reference", ""),
        )
        for reason in against if "decision" in cleaned else ():
            field = "reference" if reason.code == "reference" else None
            self.add_error(field, reason.sentence)
        return cleaned


class ClosingLinksForm(SeenForm):
    recording_url = SafeURLField(
        label=_("Link to the recording"),
        help_text=_("Whoever has it can watch: it stands in no history."),
    )
    survey_url = SafeURLField(
        label=_("Link to the survey"),
        help_text=_("Stands in the Next Steps mail, for attendees."),
    )

    def __init__(self, data: Any = None, *, delivery: Delivery) -> None:
        first = {
            "recording_url": delivery.recording_url,
            "survey_url": delivery.survey_url,
        }
        seen = f"{delivery.recording_url} {delivery.survey_url}"
        super().__init__(data, now_seen=seen, initial=first)


class SurveyForm(forms.Form):
    """Results of the survey: typed, or read from its file."""

    answers = forms.IntegerField(
        label=_("Answers"), required=False, min_value=1, max_value=MOST_PEOPLE
    )
    score = forms.DecimalField(
        label=_("Mean from 1 to 5"),
        required=False,
        min_value=1,
        max_value=5,
        max_digits=3,
        decimal_places=2,
    )
    results = forms.FileField(
        label=_("Or: the results as a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=_("CSV, one line an answer; columns of marks from 1 to 5 count."),
    )
    note = forms.CharField(
        label=_("What they wrote"),
        required=False,
        max_length=5000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In short, for trainer and designers; leave names out."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        upload = cleaned.get("results")
        if {"answers", "score", "results"} & self.errors.keys():
            return cleaned
        if upload:
            return self.read(upload, cleaned)
        for name in ("answers", "score"):
            if cleaned.get(name) is None:
                self.add_error(name, _("Type it, or choose the file."))
        return cleaned

    def read(self, upload: Any, cleaned: dict[str, Any]) -> dict[str, Any]:
        try:
            refuse_size(upload)
            told = read_survey(upload.read())
        except UnreadableReport as error:
            self.add_error("results", error.sentence)
            return cleaned
        return cleaned | {"answers": told.answers, "score": told.score}

    @property
    def survey(self) -> Survey:
        typed = self.cleaned_data
        return Survey(
            answers=typed["answers"], score=Decimal(typed["score"]), note=typed["note"]
        )


class AttendanceForm(forms.Form):
    """Minutes of each attendee of a page in one session; empty is not there."""

    def __init__(
        self,
        data: Any = None,
        *,
        session: Session,
        people: list[Attendee],
        known: dict[int, int],
    ) -> None:
        super().__init__(data)
        self.people = people
        length = int((session.ends_at - session.starts_at).total_seconds() // 60)
        for person in people:
            self.fields[f"minutes-{person.pk}"] = forms.IntegerField(
                label=person.name,
                required=False,
                min_value=0,
                max_value=min(length, MOST_MINUTES),
                initial=known.get(person.pk),
            )

    @property
    def rows(self) -> list[tuple[Attendee, forms.BoundField]]:
        return [(one, self[f"minutes-{one.pk}"]) for one in self.people]

    @property
    def minutes(self) -> dict[int, int]:
        return {
            one.pk: self.cleaned_data.get(f"minutes-{one.pk}") or 0
            for one in self.people
        }
