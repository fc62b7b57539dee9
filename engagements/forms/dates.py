"""A date of an engagement moves to another day."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DayField, ReasonField
from psdelivery.people.seen import SeenForm
from psdelivery.playbooks.forms.moves import CauseField
from psdelivery.registry import Reason


class DateForm(SeenForm):
    day = DayField(label=_("New day"))
    cause = CauseField()
    reason = ReasonField(
        label=_("Why?"), help_text=_("Stands in the history."), max_length=300
    )

    def __init__(
        self,
        *args: Any,
        present: date,
        against: Callable[[date], Iterable[Reason]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, now_seen=present, **kwargs)
        self.against = against

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        for reason in self.against(day):
            self.add_error("day", reason.sentence)
        return day
