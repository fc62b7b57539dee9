"""Fields that several forms of engagements share."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from psdelivery.documents.rules import link_problem
from psdelivery.people.fields import DayField as DayField
from psdelivery.people.models import User
from psdelivery.people.validators import validate_text

# What the models keep of a link; documents may be longer.
LINK_LENGTH = 500
REASON_LENGTH = 1_000
# Longer numbers are no keys of rows.
LONGEST_KEY = 18


def validate_link(url: str) -> None:
    """Refuse what is no link to a page."""
    problem = link_problem(url)
    if problem:
        raise ValidationError(problem, code="link")


class LinkField(forms.CharField):
    """A link to a page elsewhere; as strict as for documents."""

    default_validators = [validate_link]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", LINK_LENGTH)
        kwargs.setdefault("widget", forms.URLInput(attrs={"placeholder": "https://"}))
        super().__init__(**kwargs)


class ReasonField(forms.CharField):
    """Why somebody does something; it stands in the history."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Reason"))
        kwargs.setdefault("max_length", REASON_LENGTH)
        kwargs.setdefault("validators", [validate_text])
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        super().__init__(**kwargs)


class RowsField(
    forms.ModelMultipleChoiceField  # type: ignore[type-arg]  # plain at run time
):
    """Several rows; a number that no row can have is no choice, and not asked for."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if len(str(key)) > LONGEST_KEY:
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": key},
                )
        return super().clean(value)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # plain at run time
    """Somebody who works here."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", User.objects.active())
        super().__init__(**kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.display_name)

    def offer_in_groups(self, groups: Iterable[tuple[Any, Iterable[User]]]) -> None:
        """Offer people under headings; those who fit stand first."""
        empty = [("", self.empty_label or "---------")]
        offered = [
            (words, [(person.pk, person.display_name) for person in people])
            for words, people in groups
        ]
        self.choices = [*empty, *[group for group in offered if group[1]]]
