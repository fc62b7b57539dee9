"""How the inputs of a week look, and what stands beside them."""

from decimal import Decimal

from django import template
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scheduling.rules.hours import plain

register = template.Library()


@register.filter
def hours(value: Decimal | int | None) -> str:
    """Hours without what follows a whole number: 40, 7.5; nothing is 0."""
    return plain(Decimal(value or 0))


@register.simple_tag
def cell_input(field: BoundField, row: str, day: str) -> SafeString:
    """The input of a day: its label is read aloud, and what is wrong stands below.

    `row` and `day` tell the script whose sum it belongs to.
    """
    attrs: dict[str, str | bool] = {
        "class": f"form-control hours-cell{' is-invalid' if field.errors else ''}",
        "aria-label": str(field.label),
        "data-row": row,
        "data-day": day,
    }
    return told(field, attrs)


@register.simple_tag
def note_input(field: BoundField) -> SafeString:
    """The note of a row."""
    attrs: dict[str, str | bool] = {
        "class": f"form-control hours-note{' is-invalid' if field.errors else ''}",
        "aria-label": str(field.label),
        "placeholder": str(field.label),
    }
    return told(field, attrs)


def told(field: BoundField, attrs: dict[str, str | bool]) -> SafeString:
    """An input with its errors, each read with it."""
    errors_id = f"{field.id_for_label}_errors"
    if field.errors:
        attrs["aria-describedby"] = errors_id
    errors = format_html_join("", "<span>{}</span>", ((one,) for one in field.errors))
    if not field.errors:
        return field.as_widget(attrs=attrs)
    return format_html(
        '{}<span class="invalid-feedback d-block" id="{}" role="alert">{}</span>',
        field.as_widget(attrs=attrs),
        errors_id,
        errors,
    )


@register.simple_tag
def choice_input(field: BoundField) -> SafeString:
    """A list to choose from, with what is wrong below."""
    css = f"form-select{' is-invalid' if field.errors else ''}"
    return told(field, {"class": css})


@register.filter
def signed_hours(value: Decimal) -> str:
    """Hours more or fewer, with their sign: +2, −0.5."""
    return f"{'+' if value > 0 else '−'}{plain(abs(value))}"  # noqa: RUF001 (a minus)
