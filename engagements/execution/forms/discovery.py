"""Discovery sessions and their questions."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.execution.forms.question_sets import QuestionsField, cleaned_lines
from engagements.execution.models import QuestionSet
from engagements.execution.rules.question_sets import (
    QUESTION_LENGTH,
    QuestionLine,
    text_of,
)
from engagements.forms.fields import DayField, RowsField
from psdelivery.people.seen import SeenForm
from psdelivery.people.validators import validate_line

TITLE_LENGTH = 160


class TitleField(forms.CharField):
    """What a session is called, in one line."""

    default_validators = [validate_line]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Title"))
        kwargs.setdefault("max_length", TITLE_LENGTH)
        super().__init__(**kwargs)


class SetsField(RowsField):
    """Question sets in use; those that fit what was sold are ticked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Take the questions of"))
        kwargs.setdefault("queryset", QuestionSet.objects.filter(is_active=True))
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(**kwargs)


class SessionForm(forms.Form):
    """A session that is added."""

    title = TitleField()
    day = DayField(
        label=_("Day"),
        required=False,
        help_text=_(
            "On the customer's calendar. Left empty, a step asks for it; the questions "
            "are due three business days before."
        ),
    )
    sets = SetsField()

    def __init__(self, *args: Any, fitting: Iterable[QuestionSet], **kwargs: Any):
        initial = {"sets": [one.pk for one in fitting]}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)


class SessionEditForm(forms.Form):
    """The title, and the day where there is none yet."""

    title = TitleField()
    day = DayField(label=_("Day"), required=False)

    def __init__(self, *args: Any, is_dated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_dated:
            # A date that is there is moved on its own page.
            del self.fields["day"]


class QuestionsForm(SeenForm):
    """All questions of a session as a text, and sets to take more from."""

    questions = QuestionsField(
        label=_("Questions"),
        required=False,
        help_text=_(
            "One question in each line, in the order in which they are asked. A line "
            "that begins with # is a heading. Change words, move lines, add some, "
            "take some out: a question keeps its answer, and one with an answer stays."
        ),
    )
    sets = SetsField(label=_("Add the questions of"))

    def __init__(
        self, *args: Any, present: Sequence[QuestionLine], **kwargs: Any
    ) -> None:
        self.present = list(present)
        text = text_of(self.present)
        kwargs["initial"] = {"questions": text} | kwargs.get("initial", {})
        mark = sha256(text.encode()).hexdigest()[:16]
        super().__init__(*args, now_seen=mark, **kwargs)

    def clean_questions(self) -> list[QuestionLine]:
        return cleaned_lines(self.cleaned_data["questions"])

    @property
    def meanwhile(self) -> list[str]:
        """Questions of somebody else that are not among those typed."""
        typed = {one.text for one in self.cleaned_data.get("questions", [])}
        return [one.text for one in self.present if one.text not in typed]


class QuestionForm(forms.Form):
    """One more question, typed in the call."""

    text = forms.CharField(
        label=_("Another question"),
        max_length=QUESTION_LENGTH,
        validators=[validate_line],
    )

    def clean_text(self) -> str:
        return " ".join(str(self.cleaned_data["text"]).split())
