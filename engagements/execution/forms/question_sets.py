"""A set of discovery questions, typed as a text."""

from typing import Any, cast

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.execution.models import QuestionSet
from engagements.execution.rules.question_sets import (
    QuestionLine,
    lines_in,
    reasons_against_lines,
    text_of,
)
from engagements.execution.services.question_sets import lines_of
from engagements.forms.intake import OfferingsField, grouped_boxes
from engagements.models import Offering
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.validators import validate_line, validate_text

LONGEST_TEXT = 24_000


class QuestionsField(forms.CharField):
    """Questions, one in each line, with headings; cleaned to lines."""

    default_validators = [validate_text]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 16}))
        super().__init__(**kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return lines_in(str(initial or "")) != lines_in(str(data or ""))


def cleaned_lines(typed: str) -> list[QuestionLine]:
    """Return the questions of a text; raises ValidationError for one unseen."""
    lines = lines_in(typed)
    for line in lines:
        validate_line(line.text)
        validate_line(line.section)
    return lines


class QuestionSetForm(EditedTogetherForm):
    offerings = OfferingsField(
        label=gettext_lazy("Offerings"),
        queryset=Offering.objects.none(),
        required=False,
    )
    questions = QuestionsField(
        label=gettext_lazy("Questions"),
        help_text=gettext_lazy(
            "One question in each line. A line that begins with # is the heading of "
            "those below it."
        ),
    )

    class Meta:
        model = QuestionSet
        fields = ["title", "is_active", "offerings"]
        labels = {"title": gettext_lazy("Title"), "is_active": gettext_lazy("In use")}

    field_order = ["title", "questions", "offerings", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        question_set = kwargs.get("instance")
        if question_set is not None:
            text = text_of(lines_of(question_set))
            kwargs["initial"] = {"questions": text} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["offerings"].show_hidden_initial = False
        self._offer_offerings()

    def _offer_offerings(self) -> None:
        field = cast(OfferingsField, self.fields["offerings"])
        offered = Offering.objects.filter(is_active=True)
        if self.instance.pk:
            offered |= Offering.objects.filter(question_sets=self.instance)
        field.offer(offered.distinct())

    @property
    def offering_groups(self) -> list[tuple[str, list[forms.boundfield.BoundWidget]]]:
        """The boxes of the offerings by category; open where one is ticked."""
        return grouped_boxes(self)

    def _stored_words(self, name: str) -> str:
        if name == "questions":
            return text_of(lines_of(self.instance))
        return super()._stored_words(name)

    def clean_title(self) -> str:
        title = " ".join(self.cleaned_data["title"].split())
        if not slugify(title):
            raise forms.ValidationError(_("Use letters that can stand in an address."))
        taken = QuestionSet.objects.filter(title__iexact=title)
        if taken.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a set of this name already."))
        return title

    def clean_questions(self) -> list[QuestionLine]:
        lines = cleaned_lines(self.cleaned_data["questions"])
        reasons = reasons_against_lines(lines)
        if reasons:
            raise forms.ValidationError([one.sentence for one in reasons])
        return lines

    @property
    def own_values(self) -> dict[str, Any]:
        """What is to be written on the set itself."""
        others = {"questions", "offerings"}
        return {k: v for k, v in self.changed_values.items() if k not in others}
