from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.fields import DayField, PersonField
from psdelivery.people.models import User
from psdelivery.people.validators import validate_line
from scheduling.choices import ConflictState

REASON = _("Stands in the history and in the mail to whoever takes part.")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=300, validators=[validate_line], help_text=REASON
    )


class StandInForm(ReasonForm):
    """Who takes the days; `people` are offered, the best first."""

    person = PersonField(label=_("Who takes these days"))
    field_order = ("person", "reason")

    def __init__(self, *args: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, PersonField):
            field.offer(others)


class ConflictFilterForm(forms.Form):
    person = forms.ModelChoiceField(
        User.objects.active(), label=_("Person"), required=False
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Open")),
            (ConflictState.RESOLVED.value, ConflictState.RESOLVED.label),
            ("all", _("All")),
        ],
    )


class IllnessForm(forms.Form):
    """Somebody is ill: from when to when they cannot work."""

    person = PersonField(label=_("Who is ill"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("As far as one knows today."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, PersonField):
            field.offer(User.objects.active())


class ShiftForm(ReasonForm):
    """From which day on the same person makes up for the days."""

    start = DayField(label=_("From this day on"))
    field_order = ("start", "reason")
