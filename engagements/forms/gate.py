"""Evidence of a condition of the gate, and taking it back."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.choices import Condition
from engagements.forms.fields import DayField, ReasonField
from engagements.models import GateCondition
from engagements.rules.gate import SPEC_BY_CODE
from psdelivery.calendars import local_moment
from psdelivery.documents.forms import EvidenceFields
from psdelivery.people.fields import ClockField
from psdelivery.people.moments import city_of
from psdelivery.people.validators import validate_line


class ConditionForm(EvidenceFields):
    met_on = DayField(label=_("Day"))
    met_at = ClockField(
        label=_("Time"),
        help_text=_("The welcome mail is due 72 business hours later."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, validators=[validate_line]
    )
    shows_price = forms.BooleanField(
        label=_("The file or page shows the price"),
        required=False,
        help_text=_("Then only those who may see the value can open it here."),
    )
    field_order = ["met_on", "met_at", "evidence_file", "evidence_link", "shows_price"]

    def __init__(
        self, condition: GateCondition, *args: Any, now: datetime, **kwargs: Any
    ) -> None:
        self.zone = condition.engagement.customer.zone
        self.now = now
        local = now.astimezone(ZoneInfo(self.zone))
        kwargs["initial"] = first_answers(condition, local) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        wants_evidence = SPEC_BY_CODE[condition.code].wants_evidence
        self.evidence_required = wants_evidence and condition.evidence_id is None
        if condition.code == Condition.CLOSED_WON:
            words = _("Time (%(city)s)") % {"city": city_of(self.zone)}
            self.fields["met_at"].label = words
        else:
            del self.fields["met_at"]

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def happened_at(self) -> datetime | None:
        """Return the moment (UTC) that the customer's clock showed, if asked for."""
        day: date | None = self.cleaned_data.get("met_on")
        clock: time | None = self.cleaned_data.get("met_at")
        return local_moment(day, clock, self.zone) if day and clock else None

    def clean_met_on(self) -> date:
        day: date = self.cleaned_data["met_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        moment = self.happened_at
        if moment is not None and moment > self.now:
            self.add_error("met_at", _("This time lies in the future."))
        return cleaned


def first_answers(condition: GateCondition, local: datetime) -> dict[str, Any]:
    """What is on file; for something new, now on the customer's clock."""
    if not condition.is_met:
        return {"met_on": local.date(), "met_at": local.time()}
    won: datetime | None = condition.engagement.closed_won_at
    at_customer = won.astimezone(local.tzinfo) if won else local
    return {
        "met_on": condition.met_on,
        "met_at": at_customer.time(),
        "note": condition.note,
    }


class WithdrawalForm(forms.Form):
    reason = ReasonField(label=_("Why is it withdrawn?"))
