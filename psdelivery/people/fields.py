"""Form fields for days and times, and for places with suggestions while typing."""

from collections.abc import Iterable, Mapping
from datetime import time
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import country_choices, subdivision_choices, zone_choices
from psdelivery.people.models import User
from psdelivery.people.validators import (
    validate_country,
    validate_plannable,
    validate_zone,
)


def option_list(options: Iterable[tuple[str, str]]) -> SafeString:
    """Return suggestions as HTML; the value is what is typed, the label explains."""
    return format_html_join("", '<option value="{}">{}</option>', options)


class DayField(forms.DateField):
    """A calendar day, picked or typed as 2027-04-06."""

    default_validators = [validate_plannable]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        kwargs.setdefault("widget", widget)
        super().__init__(**kwargs)


class ClockField(forms.TimeField):
    """A time of day to the minute."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        kwargs.setdefault("widget", widget)
        kwargs.setdefault("input_formats", ["%H:%M", "%H:%M:%S"])
        super().__init__(**kwargs)

    def clean(self, value: Any) -> time | None:
        cleaned: time | None = super().clean(value)
        return cleaned.replace(second=0, microsecond=0) if cleaned else cleaned


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # plain at run time
    """Somebody who works here."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", User.objects.none())
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)

    def offer(self, people: QuerySet[User], *, present: User | None = None) -> None:
        """Fill the list, anew for each form; who is chosen now stays on offer."""
        if present is not None:
            people = people | User.objects.filter(pk=present.pk)
        self.queryset = people


class SuggestionInput(forms.TextInput):
    """A text field that suggests: a datalist, so it is searched without JavaScript."""

    def __init__(
        self,
        options: Iterable[tuple[str, str]] = (),
        attrs: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.options = options

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: Any = None,
    ) -> SafeString:
        list_id = f"{(attrs or {}).get('id') or name}-options"
        field = super().render(
            name, value, {**(attrs or {}), "list": list_id}, renderer
        )
        return format_html(
            '{}<datalist id="{}">{}</datalist>',
            field,
            list_id,
            option_list(self.options),
        )


@lru_cache(maxsize=1)
def _zones_by_folded_name() -> dict[str, str]:
    return {name.casefold(): name for name, _label in zone_choices()}


class ZoneField(forms.CharField):
    """A time zone; case and spaces do not matter ("america/new york")."""

    default_validators = [validate_zone]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault("help_text", _("Type a city: Berlin, New York, Sydney …"))
        kwargs.setdefault("widget", SuggestionInput(zone_choices()))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        zones = _zones_by_folded_name()
        wanted = "_".join(typed.casefold().split())
        if wanted in zones:
            return zones[wanted]
        # A city alone is enough where there is only one of that name.
        found = [zone for key, zone in zones.items() if key.endswith(f"/{wanted}")]
        return found[0] if wanted and len(found) == 1 else typed


class CountryField(forms.ChoiceField):
    """A country with a known table of public holidays."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Country"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("validators", [validate_country])
        kwargs.setdefault("help_text", _("Decides weekends and public holidays."))
        empty = ("", _("Not known: no public holidays"))
        super().__init__(choices=[empty, *country_choices()], **kwargs)


class SubdivisionField(forms.CharField):
    """A state or province by its code or name; the form knows the country."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("State or province"))
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 60)
        kwargs.setdefault(
            "help_text", _("Only where holidays differ, such as BE for Berlin.")
        )
        kwargs.setdefault("widget", SuggestionInput())
        super().__init__(**kwargs)


def subdivision_code(country: str, typed: str) -> str:
    """Return the code of a subdivision typed by code or name; else what was typed."""
    wanted = typed.strip().casefold()
    for code, name in subdivision_choices(country):
        if wanted in (code.casefold(), name.casefold()):
            return code
    return typed.strip()
