"""The handoff: when it was held and by whom, questions, why the kickoff comes first."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DayField, PersonField, ReasonField
from engagements.forms.invitations import AttendedField
from engagements.models import Engagement
from engagements.models.handoff import QUESTION_LENGTH
from engagements.rules.handoff import shortened
from psdelivery.people.models import User
from psdelivery.people.validators import validate_line, validate_text


def team_people(engagement: Engagement, *others: int | None) -> Any:
    """Return the people of the team, and those named besides."""
    team = engagement.team.filter(person__isnull=False).values("person")
    here = User.objects.active().filter(pk__in=team)
    return here | User.objects.filter(pk__in=[pk for pk in others if pk])


class HeldForm(forms.Form):
    """The day of the call, and who was in it."""

    held_on = DayField(label=_("Held on"))
    attended = AttendedField(
        label=_("Who was in the call"),
        required=False,
        help_text=_("Who was there has acknowledged the handoff."),
    )

    def __init__(self, people: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        attended: Any = self.fields["attended"]
        attended.queryset = people


class TextField(forms.CharField):
    """A text of some lines."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", QUESTION_LENGTH)
        kwargs.setdefault("validators", [validate_text])
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)


class QuestionForm(forms.Form):
    text = TextField(label=_("What is unclear?"))
    owner = PersonField(
        label=_("Who can answer it?"),
        required=False,
        empty_label=_("Nobody in particular"),
    )

    def __init__(self, engagement: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(PersonField, self.fields["owner"])
        field.queryset = team_people(engagement)


class AnswerForm(forms.Form):
    answer = TextField(label=_("Answer"))
    seen = forms.CharField(
        required=False, max_length=QUESTION_LENGTH, widget=forms.HiddenInput
    )


class StepOfQuestionForm(forms.Form):
    """The step that takes over a question."""

    title = forms.CharField(
        label=_("What is to be done?"), max_length=200, validators=[validate_line]
    )
    owner = PersonField(label=_("By whom?"))
    due_day = DayField(label=_("By which day?"))

    def __init__(self, engagement: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(PersonField, self.fields["owner"])
        team = team_people(engagement)
        others = User.objects.active().exclude(pk__in=team.values("pk"))
        field.queryset = User.objects.active()
        field.offer_in_groups([(_("Team"), team), (_("Others"), others)])


class EarlyKickoffForm(forms.Form):
    reason = ReasonField(
        label=_("Why does the kickoff come before the handoff is done?"),
        help_text=_("It stands in the history. What is missing is still to be done."),
    )


def first_title(question: str) -> str:
    """Return what a step could be called that takes over a question."""
    return shortened(question, 200)
