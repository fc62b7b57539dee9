import unicodedata
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import country_choices, subdivision_choices
from psdelivery.people.choices import Role
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.fields import (
    CountryField,
    SubdivisionField,
    SuggestionInput,
    ZoneField,
    subdivision_code,
)
from psdelivery.people.models import Contact, Customer, Practice, Region, User
from psdelivery.people.queries import PeopleFilter, report_ids
from psdelivery.people.register import Setting, portal_settings
from psdelivery.people.rules import reasons_against_manager
from psdelivery.people.validators import validate_line, validate_text

CALENDAR_FIELDS = ["zone", "country", "subdivision"]


def refuse_taken(taken: QuerySet[Any], instance: Model, message: str) -> None:
    """Tell at the field what the constraint would tell above the form."""
    if taken.exclude(pk=instance.pk).exists():
        raise forms.ValidationError(message, code="taken")


class CalendarForm(EditedTogetherForm):
    """Zone, country and subdivision; the subdivisions suggested are the country's."""

    zone = ZoneField()
    country = CountryField()
    subdivision = SubdivisionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = self.fields["subdivision"].widget
        if isinstance(widget, SuggestionInput):
            country = self["country"].value() or ""
            widget.options = subdivision_choices(country)
        self.fields["country"].widget.attrs |= {
            "hx-get": reverse("people:subdivision-options"),
            "hx-target": f"#{self['subdivision'].id_for_label}-options",
            "hx-trigger": "change",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        country = cleaned.get("country", "")
        typed = cleaned.get("subdivision", "")
        cleaned["subdivision"] = subdivision_code(country, typed)
        return cleaned


class ProfileForm(CalendarForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", *CALENDAR_FIELDS, "theme"]


class PersonForm(CalendarForm):
    class Meta:
        model = User
        fields = [
            "first_name",
            "last_name",
            "username",
            "email",
            "practice",
            "region",
            "manager",
            *CALENDAR_FIELDS,
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only those who work here, and whoever it is at the moment.
        here = User.objects.active() | User.objects.filter(pk=self.instance.manager_id)
        for name in ("practice", "region", "manager"):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.empty_label = _("None")
                if name == "manager":
                    field.queryset = here.exclude(pk=self.instance.pk)

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        taken = User.objects.filter(username__iexact=username)
        refuse_taken(
            taken, self.instance, gettext("Somebody has this log-in name already.")
        )
        return username

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        taken = User.objects.filter(email__iexact=email)
        message = gettext("Somebody has this e-mail address already.")
        refuse_taken(taken, self.instance, message)
        return email

    def clean_manager(self) -> User | None:
        manager: User | None = self.cleaned_data["manager"]
        reports = report_ids(self.instance) if self.instance.pk else set()
        reasons = reasons_against_manager(self.instance, manager, reports=reports)
        if reasons:
            raise forms.ValidationError([reason.sentence for reason in reasons])
        return manager


class NewPersonForm(PersonForm):
    send_link = forms.BooleanField(
        label=_("Send a mail with a link to choose a password"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Most people live by the calendar of the company.
        settings = portal_settings()
        calendar = {name: settings[f"company.{name}"] for name in CALENDAR_FIELDS}
        super().__init__(*args, initial=calendar, **kwargs)


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several roles reach as far as the widest of them."),
    )


class LeaveForm(forms.Form):
    reason = forms.CharField(
        label=_("Note for the history"),
        required=False,
        max_length=300,
        validators=[validate_line],
    )


class CustomerForm(CalendarForm):
    class Meta:
        model = Customer
        fields = ["name", *CALENDAR_FIELDS, "notes"]
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}

    def clean_name(self) -> str:
        # One way to write it, so that the same name is seen to be the same.
        validate_line(self.cleaned_data["name"])
        name = unicodedata.normalize("NFC", self.cleaned_data["name"])
        name = " ".join(name.split())
        taken = Customer.objects.filter(name__iexact=name)
        message = gettext("There is a customer of this name already.")
        refuse_taken(taken, self.instance, message)
        return name


class ContactForm(EditedTogetherForm):
    class Meta:
        model = Contact
        fields = ["name", "email", "phone", "job_title", "is_active"]

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        colleagues = Contact.objects.filter(customer_id=self.instance.customer_id)
        taken = colleagues.filter(email__iexact=email)
        message = gettext("This customer has a contact with this address already.")
        if email:
            refuse_taken(taken, self.instance, message)
        return email


class PeopleFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Name or address"), required=False, max_length=100,
        widget=forms.SearchInput(attrs={"data-search": ""}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"), required=False)
    practice = forms.ChoiceField(label=_("Practice"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Works here")), ("left", _("Has left"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        practices = Practice.objects.values_list("pk", "name")
        regions = Region.objects.values_list("pk", "name")
        self._offer("role", [("", _("All roles")), *Role.choices])
        self._offer("practice", [("", _("All practices")), *practices])
        self._offer("region", [("", _("All regions")), *regions])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def wanted(self) -> PeopleFilter:
        chosen = self.cleaned_data
        return PeopleFilter(
            text=chosen["q"],
            role=chosen["role"],
            practice_id=int(chosen["practice"] or 0) or None,
            region_id=int(chosen["region"] or 0) or None,
            has_left=chosen["state"] == "left",
        )


class CustomerFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Name"), required=False, max_length=100,
        widget=forms.SearchInput(attrs={"data-search": ""}),
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, *args: Any, countries: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(country_choices())
        offered = sorted((names.get(code, code), code) for code in countries if code)
        field = self.fields["country"]
        if isinstance(field, forms.ChoiceField):
            choices = [(code, name) for name, code in offered]
            field.choices = [("", _("All countries")), *choices]


YES_OR_NO = [(str(True), _("yes")), (str(False), _("no"))]


class SettingForm(forms.Form):
    """One field of the type that the setting has."""

    def __init__(self, setting: Setting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _field_for(setting)


def _field_for(setting: Setting) -> forms.Field:
    words: dict[str, Any] = {"label": setting.title, "help_text": setting.help}
    limits: dict[str, Any] = {
        "min_value": setting.minimum,
        "max_value": setting.maximum,
    }
    match setting.type:
        case "int":
            return forms.IntegerField(**words, **limits)
        case "decimal":
            return forms.DecimalField(**words, **limits, max_digits=12)
        case "zone":
            return ZoneField(**words)
        case "country":
            return CountryField(**words)
        case "bool":
            return forms.TypedChoiceField(
                **words,
                choices=YES_OR_NO,
                coerce=lambda typed: typed == str(True),
                widget=forms.RadioSelect,
            )
        case "choice":
            return forms.ChoiceField(
                **words, choices=list(setting.choices), widget=forms.RadioSelect
            )
        case "roles":
            return forms.MultipleChoiceField(
                **words,
                choices=Role.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        case _:
            return forms.CharField(
                **words,
                max_length=int(setting.maximum or 500),
                required=bool(setting.default),
                validators=[validate_text],
            )
