"""What of the training calendar is looked at: which days, which classes."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import is_plannable
from psdelivery.people.models import User
from training.calendar_page import Wanted
from training.forms.fields import DayField
from training.forms.filters import MINE
from training.models import Delivery
from training.queries import courses_of, trainers_of
from training.rules.calendar import MONTH, WEEK, Span, span_of


class DayForm(forms.Form):
    """Which day is looked at; today where the address names none."""

    day = DayField(label=_("Around"), required=False)

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and not is_plannable(day):
            raise forms.ValidationError(_("This day is too far off."))
        return day


class CalendarForm(DayForm):
    """The filters of the calendar; its address holds all of them."""

    view = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[(MONTH, _("Month")), (WEEK, _("Week"))],
    )
    trainer = forms.ChoiceField(label=_("Trainer"), required=False)
    course = forms.ChoiceField(label=_("Course"), required=False)
    cancelled = forms.BooleanField(label=_("Also those called off"), required=False)
    field_order = ("view", "day", "trainer", "course", "cancelled")

    def __init__(
        self,
        *args: Any,
        within: QuerySet[Delivery],
        user: User,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        people = [(person.pk, person.display_name) for person in trainers_of(within)]
        courses = courses_of(within).values_list("pk", "title")
        self._offer("trainer", [("", _("Everybody")), (MINE, _("Mine")), *people])
        self._offer("course", [("", _("All courses")), *courses])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    @property
    def span(self) -> Span:
        """Return the days that were asked for; around today where nothing fits."""
        chosen = getattr(self, "cleaned_data", {})
        return span_of(chosen.get("view") or MONTH, chosen.get("day") or self.today)

    @property
    def wanted(self) -> Wanted:
        chosen = self.cleaned_data
        trainer = chosen.get("trainer")
        trainer_id = self.user.pk if trainer == MINE else int(trainer or 0)
        return Wanted(
            course_id=int(chosen.get("course") or 0) or None,
            trainer_id=trainer_id or None,
            with_cancelled=bool(chosen.get("cancelled")),
        )
