from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from psdelivery.people.choices import TimeOffKind, TimeOffState
from psdelivery.people.fields import DayField, PersonField
from psdelivery.people.models import Practice, TimeOff, User
from psdelivery.people.rules.time_off import (
    TimeOffDraft,
    reasons_against_days,
    reasons_against_hours_away,
    reasons_against_overlap,
)
from psdelivery.people.validators import validate_line
from psdelivery.registry import Reason

REASON_LENGTH = 300
COMING = "coming"


class TimeOffForm(forms.Form):
    """Time off of a person; what is seen wrong here, the service refuses too."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=TimeOffKind.choices,
        help_text=_(
            "Sickness and parental leave count at once; the rest your manager "
            "approves. Colleagues only see that you are away."
        ),
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("Still away on this day."))
    hours_per_day = forms.DecimalField(
        label=_("Hours of each day"),
        required=False,
        help_text=_(
            "Only for part of a day: a doctor's visit of 2 hours. Empty: whole days."
        ),
    )
    deputy = PersonField(label=_("Who stands in"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        validators=[validate_line],
        help_text=_("For whoever approves it. The history does not keep it."),
    )

    def __init__(
        self, *args: Any, person: User, time_off: TimeOff | None = None, **kwargs: Any
    ) -> None:
        if time_off is not None:
            fields = ("kind", "starts_on", "ends_on", "hours_per_day", "deputy", "note")
            kwargs["initial"] = {name: getattr(time_off, name) for name in fields}
        super().__init__(*args, **kwargs)
        self.person, self.time_off = person, time_off
        field = self.fields["deputy"]
        if isinstance(field, PersonField):
            others = User.objects.active().exclude(pk=person.pk)
            field.offer(others, present=time_off.deputy if time_off else None)
            field.empty_label = _manager_words(person)

    @property
    def draft(self) -> TimeOffDraft:
        return TimeOffDraft(**self.cleaned_data)

    @property
    def fingerprint(self) -> str:
        """What the lists below the form hang on: other days are looked at again."""
        draft = self.draft
        deputy = draft.deputy.pk if draft.deputy else ""
        hours = f"/{draft.hours_per_day.normalize():f}" if draft.hours_per_day else ""
        return f"{draft.starts_on}/{draft.ends_on}/{deputy}{hours}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            for reason in self._reasons():
                self.add_error(_field_of(reason), reason.sentence)
        return cleaned

    def _reasons(self) -> list[Reason]:
        draft = self.draft
        reasons = [
            *reasons_against_days(draft.starts_on, draft.ends_on),
            *reasons_against_hours_away(draft.hours_per_day),
        ]
        others = TimeOff.objects.counting().filter(person=self.person)
        if self.time_off is not None:
            others = others.exclude(pk=self.time_off.pk)
        return reasons or reasons_against_overlap(draft, others)


FIELDS = {"overlap": "starts_on", "hours-away": "hours_per_day"}


def _field_of(reason: Reason) -> str:
    return FIELDS.get(reason.code, "ends_on")


def _manager_words(person: User) -> str:
    if person.manager is None:
        return gettext("Nobody: there is no manager")
    words = gettext("The manager, %(person)s")
    return words % {"person": person.manager.display_name}


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        required=False,
        max_length=REASON_LENGTH,
        validators=[validate_line],
        help_text=_("Stands in the history."),
    )


class DecisionForm(forms.Form):
    """Two buttons, and a reason that a refusal needs."""

    decision = forms.ChoiceField(
        choices=[("approve", _("Approve")), ("refuse", _("Refuse"))]
    )
    reason = forms.CharField(
        label=_("Reason, if you refuse"),
        required=False,
        max_length=REASON_LENGTH,
        validators=[validate_line],
        help_text=_("The person reads it, and it stands in the history."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuses = cleaned.get("decision") == "refuse"
        if refuses and "reason" in cleaned and not cleaned["reason"]:
            self.add_error("reason", _("Say why: the person reads it."))
        return cleaned


class TimeOffFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Name"), required=False, max_length=100,
        widget=forms.SearchInput(attrs={"data-search": ""}),
    )  # fmt: skip
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("To decide")),
            (COMING, _("Now and coming")),
            (TimeOffState.REFUSED, _("Refused")),
            ("all", _("All")),
        ],
    )
    practice = forms.ChoiceField(label=_("Practice"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        practices = Practice.objects.values_list("pk", "name")
        field = self.fields["practice"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All practices")), *practices]
