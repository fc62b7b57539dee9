"""Putting a step off, giving it to somebody, saying who must move."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.fields import DayField, PersonField
from psdelivery.people.models import User
from psdelivery.people.validators import validate_line
from psdelivery.playbooks.choices import BallWith
from psdelivery.playbooks.models import Step

NOTE_LENGTH = 300


class SnoozeForm(forms.Form):
    until = DayField(label=_("Until"))


class DelegateForm(forms.Form):
    """People who work on the same engagement stand first."""

    to = PersonField(
        label=_("To"), queryset=User.objects.none(), empty_label=_("Choose")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=NOTE_LENGTH,
        validators=[validate_line],
        help_text=_("Stands in the history."),
    )

    def __init__(self, step: Step, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = here = User.objects.active()
        people = here.exclude(pk__in=[step.assignee_id])
        near = list(people.filter(steps__engagement=step.engagement_id).distinct())
        near = near if step.engagement_id else []
        far = [person for person in people if person not in near]
        groups = [(_("On this engagement"), near), (_("Others"), far)]
        field.choices = [
            ("", field.empty_label),
            *(
                (words, [(person.pk, person.display_name) for person in found])
                for words, found in groups
                if found
            ),
        ]


class BallForm(forms.Form):
    party = forms.ChoiceField(
        label=_("Ball with"),
        required=False,
        choices=[("", _("as its owner says")), *BallWith.choices],
    )
