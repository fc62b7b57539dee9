"""Forms about trainers: choose one, note a certification, withdraw it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.people.fields import DayField as PlannableDay
from psdelivery.people.fields import PersonField as AnyPersonField
from psdelivery.people.models import Practice, Region, Skill, User
from psdelivery.people.queries.time_off import person_condition
from psdelivery.people.validators import validate_line
from scheduling.queries.colleagues import LANGUAGES
from training.coverage_queries import CoverageFilter
from training.forms.fields import PersonField, ReasonField
from training.models import Course, TrainerCertification
from training.rules.trainers import Validity
from training.trainer_queries import Standings

WHY_LABEL = gettext_lazy("Why this trainer?")
WHY_HELP = gettext_lazy(
    "Needed where the trainer is not certified for the course on the last day (R-14); "
    "stands in the history."
)
NOTE_LENGTH = 300


class TrainerField(PersonField):
    """Somebody who may teach: the certified first, with how each stands to the course.

    Without a course to ask about it is the plain list.
    """

    standings: Standings | None = None

    def offer_for(self, present: User | None, course: Course, day: date) -> None:
        """Fill the list for a class of this course that ends on this day (R-14)."""
        self.offer(present)
        self.standings = Standings(self.queryset or (), course, day)
        rows = [
            (person.pk, self.label_from_instance(person))
            for person in self.standings.ordered()
        ]
        self.choices = [("", self.empty_label), *rows]

    def label_from_instance(self, obj: Any) -> str:
        """Return name and standing: "Ann A · certified until Tue 2 Mar 2027"."""
        if self.standings is None:
            return str(obj.display_name)
        return f"{obj.display_name} · {self.standings.words(obj)}"


class WhyField(ReasonField):
    """R-14: why somebody teaches who is not certified."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", WHY_LABEL)
        kwargs.setdefault("help_text", WHY_HELP)
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)


class ValidityFields(forms.Form):
    """From when a certification counts and until when, with a note."""

    certified_on = PlannableDay(label=gettext_lazy("Certified on"))
    expires_on = PlannableDay(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy(
            "Empty: it does not end. 60 days before, person and manager are reminded."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        validators=[validate_line],
        help_text=gettext_lazy("Such as the averages of observation and survey."),
    )

    @property
    def validity(self) -> Validity | None:
        """What was typed; None where no day was."""
        given = self.cleaned_data
        if given["certified_on"] is None:
            return None
        return Validity(
            certified_on=given["certified_on"], expires_on=given["expires_on"]
        )


class CertificationForm(ValidityFields):
    """Note that somebody is certified, or renew it."""

    def __init__(
        self, data: Any = None, *, entry: TrainerCertification, today: date
    ) -> None:
        initial = {"certified_on": today, "note": entry.note}
        super().__init__(data, initial=initial)


class NewCertificationForm(ValidityFields):
    """An entry of a person for a course: on the way, or certified already."""

    person = AnyPersonField(label=gettext_lazy("Person"))
    course = forms.ModelChoiceField(
        Course.objects.filter(is_active=True), label=gettext_lazy("Course")
    )
    field_order = ("person", "course", "certified_on", "expires_on", "note")

    def __init__(
        self, data: Any = None, *, by: User, scope: Any, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        people = User.objects.active().filter(person_condition(by, scope, ""))
        field = self.fields["person"]
        if isinstance(field, AnyPersonField):
            field.offer(people.exclude(pk=by.pk))
        certified_on = self.fields["certified_on"]
        certified_on.required = False
        certified_on.help_text = _("Empty: on the way; the steps of the way begin.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("expires_on") and not cleaned.get("certified_on"):
            self.add_error("certified_on", _("Say since when, or empty the last day."))
        return cleaned


class WithdrawForm(forms.Form):
    reason = ReasonField(label=gettext_lazy("Why is it withdrawn?"))


class AccountForm(forms.Form):
    """Whether somebody has an own demo-cloud account; its buttons are on the page."""

    has_account = forms.TypedChoiceField(
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda value: value == "yes",
    )


class CoverageFilterForm(forms.Form):
    """Region and practice of people and classes, and the language they are held in."""

    region = forms.ModelChoiceField(
        Region.objects.all(), label=gettext_lazy("Region"), required=False,
        empty_label=gettext_lazy("All regions"),
    )  # fmt: skip
    practice = forms.ModelChoiceField(
        Practice.objects.all(), label=gettext_lazy("Practice"), required=False,
        empty_label=gettext_lazy("All practices"),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Skill.objects.filter(group=LANGUAGES, is_active=True)
        field = self.fields["language"]
        if isinstance(field, forms.ChoiceField):
            known = [(name, name) for name in names.values_list("name", flat=True)]
            field.choices = [("", _("All languages")), *known]

    def wanted(self) -> CoverageFilter:
        """Return what was chosen."""
        chosen = self.cleaned_data
        return CoverageFilter(
            region=chosen["region"],
            practice=chosen["practice"],
            language=chosen["language"],
        )
