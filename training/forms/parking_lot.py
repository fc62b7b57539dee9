"""Questions parked in class: asked, answered, turned into a step."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import PersonField
from psdelivery.people.fields import DayField
from psdelivery.people.models import User
from psdelivery.people.validators import validate_line, validate_text
from training.models import Delivery

TEXT_LENGTH = 2000


class TextField(forms.CharField):
    """A text of some lines."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", TEXT_LENGTH)
        kwargs.setdefault("validators", [validate_text])
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)


class ParkForm(forms.Form):
    text = TextField(label=_("What was left open?"))
    asked_by = forms.CharField(
        label=_("Who asked?"),
        required=False,
        max_length=120,
        validators=[validate_line],
        help_text=_("Only where the answer goes to them alone."),
    )


class ParkedAnswerForm(forms.Form):
    answer = TextField(label=_("Answer"))
    seen = forms.CharField(
        required=False, max_length=TEXT_LENGTH, widget=forms.HiddenInput
    )


class ParkedStepForm(forms.Form):
    """The step that takes over a question."""

    title = forms.CharField(
        label=_("What is to be done?"), max_length=200, validators=[validate_line]
    )
    owner = PersonField(label=_("By whom?"))
    due_day = DayField(label=_("By which day?"))

    def __init__(self, delivery: Delivery, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        near = delivery.engagement.team.filter(person__isnull=False).values("person")
        team = User.objects.active().filter(pk__in=near)
        others = User.objects.active().exclude(pk__in=near)
        field.queryset = User.objects.active()
        field.offer_in_groups([(_("Team"), team), (_("Others"), others)])
