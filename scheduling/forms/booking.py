"""The form by which a coordinator books, and the one by which a booking ends."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.choices import Booking
from psdelivery.documents.rules import link_problem
from psdelivery.people.choices import EngagementRole
from psdelivery.people.fields import DayField
from psdelivery.people.models import User
from psdelivery.people.validators import validate_line
from scheduling.forms.fields import CauseField, HoursField, ReasonField, VersionField
from scheduling.forms.requests import HOUR_FIELDS, OFFERED_ROLES
from scheduling.rules.planning import WantedHours
from scheduling.rules.requests import reasons_of_hours
from scheduling.services.requests import PartnerTerms

PERSON, PARTNER, UNNAMED = "person", "partner", "unnamed"
WHO = [
    (PERSON, _("Somebody of ours")),
    (PARTNER, _("A partner's consultant")),
    (UNNAMED, _("Nobody yet: unnamed demand")),
]
PARTNER_FIELDS = ("company", "authorisation_url", "amount", "currency", "ends_on")
# Where the reason of a rule stands; others stand above the form.
FIELD_OF = {"left": "person", "hours-one-way": "hours_per_day"}
ROWS = tuple[Promise | str, list[BoundField]]


class BookForm(forms.Form):
    """Who, how firm, and how many hours; the days are rows beside it."""

    version = VersionField(required=False)
    role = forms.ChoiceField(label=_("Role"))
    who = forms.ChoiceField(
        label=_("Who is it?"), choices=WHO, initial=PERSON, widget=forms.RadioSelect
    )
    person = forms.ModelChoiceField(
        label=_("Person"), required=False, queryset=User.objects.none()
    )
    unnamed = forms.CharField(
        label=_("Called on the board"),
        required=False,
        max_length=120,
        validators=[validate_line],
        help_text=_("Of unnamed demand and partners: “PSE, GitLab CI”."),
    )
    company = forms.CharField(
        label=_("Partner company"),
        required=False,
        max_length=120,
        validators=[validate_line],
    )
    authorisation_url = forms.CharField(
        label=_("Link to the work authorisation"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    amount = forms.DecimalField(
        label=_("Amount"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$",
        label=_("Currency"),
        required=False,
        initial="EUR",
        error_messages={"invalid": _("Three capital letters, such as EUR.")},
    )
    ends_on = DayField(label=_("Authorised until"), required=False)
    hold = forms.ChoiceField(label=_("Soft or hard"), choices=Booking.choices)
    hours_per_day = HoursField(label=_("Hours a day"), of_a_day=True)
    hours_total = HoursField(
        label=_("Or: hours in total"),
        help_text=_("Spread over the free hours of the person."),
    )
    any_days = forms.IntegerField(
        label=_("Only so many of these days"),
        required=False,
        min_value=1,
        max_value=731,
        help_text=_("Those with most room are taken."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, validators=[validate_line]
    )
    cause = CauseField()
    reason = ReasonField()

    def __init__(self, *args: Any, without: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in without:
            del self.fields[name]
        people: Any = self.fields["person"]
        people.queryset = User.objects.active()
        people.label_from_instance = str
        if "role" in self.fields:
            role: Any = self.fields["role"]
            known = [(one.value, one.label) for one in OFFERED_ROLES]
            present = self.initial.get("role")
            if present and present not in dict(known):
                known.append((present, EngagementRole(present).label))
            role.choices = [("", _("Choose")), *known]

    @property
    def sections(self) -> list[ROWS]:
        """The fields under their headings, as the page shows them."""
        parts = [
            (_("Who"), ("role", "who", "person", "unnamed")),
            (_("Hours"), ("hold", *HOUR_FIELDS, "any_days")),
            (_("Say more"), ("cause", "reason", "note")),
        ]
        named = [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in parts
        ]
        return [(title, fields) for title, fields in named if fields]

    @property
    def partner_fields(self) -> list[BoundField]:
        return [self[name] for name in PARTNER_FIELDS if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.want_who(cleaned)
        if not set(HOUR_FIELDS) & self.errors.keys():
            hours = (cleaned.get("hours_per_day"), cleaned.get("hours_total"))
            for reason in reasons_of_hours(*hours):
                self.add_error("hours_per_day", reason.sentence)
        return cleaned

    def want_who(self, cleaned: Mapping[str, Any]) -> None:
        """Ask for what belongs to who it is."""
        who = cleaned.get("who")
        wanted = {
            PERSON: {"person": _("Say who.")},
            UNNAMED: {"unnamed": _("Say what the board calls it.")},
            PARTNER: dict.fromkeys(PARTNER_FIELDS, _("A partner needs this.")),
        }.get(str(who), {})
        for name, words in wanted.items():
            lacks = cleaned.get(name) in (None, "")
            if name in self.fields and lacks and name not in self.errors:
                self.add_error(name, words)
        link = cleaned.get("authorisation_url")
        if who == PARTNER and link and (problem := link_problem(link)):
            self.add_error("authorisation_url", problem)

    @property
    def wanted_hours(self) -> WantedHours:
        typed = self.cleaned_data
        return WantedHours(
            per_day=typed["hours_per_day"],
            total=typed["hours_total"],
            any_days=typed.get("any_days"),
        )

    @property
    def chosen_person(self) -> User | None:
        """Who was chosen, None where it is nobody of ours."""
        is_ours = self.cleaned_data["who"] == PERSON
        chosen: User | None = self.cleaned_data["person"] if is_ours else None
        return chosen

    @property
    def unnamed_words(self) -> str:
        """What the board calls it; empty for a person."""
        typed = self.cleaned_data
        if typed["who"] == PERSON:
            return ""
        if typed["who"] == PARTNER and not typed["unnamed"]:
            return f"{_('Consultant of')} {typed.get('company', '')}".strip()
        return str(typed["unnamed"])

    @property
    def partner(self) -> PartnerTerms | None:
        typed = self.cleaned_data
        if typed["who"] != PARTNER or "company" not in self.fields:
            return None
        return PartnerTerms(**{name: typed[name] for name in PARTNER_FIELDS})


class ReleaseForm(forms.Form):
    """From when on a booking is free, and why."""

    version = VersionField(required=False)
    from_day = DayField(
        label=_("Free from"),
        required=False,
        help_text=_("Empty: the whole booking. Days before stay booked."),
    )
    cause = CauseField()
    reason = ReasonField()
