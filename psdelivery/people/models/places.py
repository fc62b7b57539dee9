"""Where people and customers are: calendars, regions, practices."""

from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import Calendar, country_choices
from psdelivery.people.validators import (
    validate_country,
    validate_line,
    validate_subdivision,
    validate_zone,
)

DEFAULT_ZONE = "Europe/Berlin"


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """Return the name of each country by its two letters."""
    return dict(country_choices())


class CalendarFields(models.Model):
    """Zone and holidays that deadlines of this person or place are counted by."""

    zone = models.CharField(
        _("time zone"), max_length=60, default=DEFAULT_ZONE, validators=[validate_zone]
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[validate_country],
        help_text=_("Two letters, such as DE. Decides weekends and public holidays."),
    )
    subdivision = models.CharField(
        _("state or province"),
        max_length=10,
        blank=True,
        help_text=_("Short code, such as BE for Berlin. Decides regional holidays."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        validate_subdivision(self.country, self.subdivision)

    @property
    def calendar(self) -> Calendar:
        """Return the calendar that due dates are counted on."""
        return Calendar(self.zone, self.country, self.subdivision)

    @property
    def place(self) -> str:
        """Return country and subdivision as people read them; empty when not known."""
        name = country_names().get(self.country, self.country)
        return f"{name} ({self.subdivision})" if self.subdivision else name


class Region(CalendarFields):
    name = models.CharField(
        _("name"), max_length=80, unique=True, validators=[validate_line]
    )
    code = models.SlugField(_("code"), max_length=20, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Practice(models.Model):
    name = models.CharField(
        _("name"), max_length=80, unique=True, validators=[validate_line]
    )
    manager = models.ForeignKey(
        "people.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_practices",
        verbose_name=_("practice manager"),
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
