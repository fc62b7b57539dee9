"""What a typed text may hold; the same answer in every form and in the models."""

import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from psdelivery.calendars import (
    country_exists,
    is_plannable,
    subdivision_exists,
    zone_exists,
)

LINE_BREAKS = frozenset("\n\r\t")
# Turning the reading direction around makes one text look like another.
DIRECTION_MARKS = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


def _is_forbidden(character: str) -> bool:
    # Cc: control characters; Cs: half of a surrogate pair, which no database stores.
    category = unicodedata.category(character)
    return category in {"Cc", "Cs"} or character in DIRECTION_MARKS


def without_control_characters(value: str) -> str:
    """Return the text without what cannot be shown; tabs stay, line breaks too."""
    return "".join(one for one in value if one in LINE_BREAKS or not _is_forbidden(one))


def validate_text(value: str) -> None:
    """Refuse control characters; line breaks and tabs are text."""
    if any(_is_forbidden(one) for one in value if one not in LINE_BREAKS):
        raise ValidationError(
            _("Remove the characters that cannot be shown (control characters)."),
            code="control_characters",
        )


def validate_line(value: str) -> None:
    """Refuse control characters and line breaks, and a text that shows nothing."""
    if any(_is_forbidden(one) for one in value):
        raise ValidationError(
            _("Remove the characters that cannot be shown (control characters)."),
            code="control_characters",
        )
    if value and not any(one.isprintable() and not one.isspace() for one in value):
        raise ValidationError(_("Type something that can be read."), code="invisible")


def validate_plannable(day: date) -> None:
    """Refuse days so far off that nobody can mean them."""
    if not is_plannable(day):
        raise ValidationError(_("This day is too far off."), code="far")


def validate_zone(value: str) -> None:
    """Refuse a time zone that the zone database does not know."""
    if not zone_exists(value):
        raise ValidationError(
            _("“%(value)s” is not a time zone. Choose one such as Europe/Berlin."),
            code="unknown_zone",
            params={"value": value},
        )


def validate_country(value: str) -> None:
    """Refuse a country whose public holidays are not known."""
    if value and not country_exists(value):
        raise ValidationError(
            _("“%(value)s” is not a country in the list. Choose one such as DE."),
            code="unknown_country",
            params={"value": value},
        )


def validate_subdivision(country: str, subdivision: str) -> None:
    """Refuse a state or province that the country does not have."""
    if subdivision and not (country and subdivision_exists(country, subdivision)):
        raise ValidationError(
            {
                "subdivision": ValidationError(
                    _("“%(value)s” is not a state or province of this country."),
                    code="unknown_subdivision",
                    params={"value": subdivision},
                )
            }
        )
