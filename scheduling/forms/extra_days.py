from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from psdelivery.people.fields import DayField, PersonField
from psdelivery.people.models import User
from psdelivery.people.moments import local_day
from psdelivery.people.validators import validate_line
from scheduling.choices import ExtraDayKind
from scheduling.rules.extra_days import ExtraDayDraft, reasons_against_asking

FIELDS = {"left": "person", "day": "day", "hours": "hours", "reason": "reason"}


class ExtraDayForm(forms.Form):
    """Extra hours of a day that is off, or on top of a usual one."""

    person = PersonField(label=_("Who works more"))
    engagement = forms.ModelChoiceField(
        Engagement.objects.none(), label=_("Engagement")
    )
    day = DayField(label=_("Day"))
    hours = forms.DecimalField(
        label=_("Extra hours"),
        help_text=_("On top of the usual hours of that day; in quarters."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ExtraDayKind.choices)
    reason = forms.CharField(
        label=_("Why?"),
        max_length=300,
        validators=[validate_line],
        help_text=_("The manager and the person read it."),
    )

    def __init__(
        self,
        *args: Any,
        people: QuerySet[User],
        engagements: QuerySet[Engagement],
        now: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        person, engagement = self.fields["person"], self.fields["engagement"]
        if isinstance(person, PersonField):
            person.offer(people)
        if isinstance(engagement, forms.ModelChoiceField):
            engagement.queryset = engagements

    @property
    def draft(self) -> ExtraDayDraft:
        names = ("person", "day", "hours", "kind", "reason")
        return ExtraDayDraft(**{name: self.cleaned_data[name] for name in names})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            today = local_day(self.now, cleaned["person"].zone)
            for reason in reasons_against_asking(self.draft, today=today):
                self.add_error(FIELDS[reason.code], reason.sentence)
        return cleaned


class AnswerForm(forms.Form):
    """A reason that a no needs."""

    reason = forms.CharField(
        label=_("Why not?"),
        max_length=300,
        validators=[validate_line],
        help_text=_("Whoever asked reads it."),
    )
