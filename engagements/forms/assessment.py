"""The assessment, as the engagement manager fills it in."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.forms.fields import LinkField
from engagements.forms.offerings import LinesField, lines_of, role_and_hours
from engagements.models import Assessment, NeededSkill
from engagements.rules.assessment import qualifying_questions
from psdelivery.people.choices import SkillLevel
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.models import Skill
from psdelivery.people.validators import validate_text

LONGEST_ANSWER = 4_000
ANSWER = "answer_"


def long_text(label: Any, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONGEST_ANSWER,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class AssessmentForm(EditedTogetherForm):
    summary = long_text(gettext_lazy("Scope in a few sentences"), 5)
    assumptions = long_text(
        gettext_lazy("Assumptions"),
        4,
        gettext_lazy("One in each line: discovery confirms each of them."),
    )
    risks = long_text(gettext_lazy("Risks"))
    out_of_scope = long_text(gettext_lazy("Not in scope"))
    effort = LinesField(
        label=gettext_lazy("Effort by role"),
        help_text=gettext_lazy("One role in each line, such as: pse 40"),
    )
    scoping_url = LinkField(label=gettext_lazy("Scoping issue"))
    outcome_note = long_text(gettext_lazy("Why, and what is missing"), 2)

    class Meta:
        model = Assessment
        fields = [
            "summary",
            "assumptions",
            "risks",
            "out_of_scope",
            "effort",
            "scoping_url",
            "outcome",
            "outcome_note",
        ]
        labels = {"outcome": gettext_lazy("Outcome")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        assessment = kwargs["instance"]
        lines = "\n".join(
            f"{role} {hours:g}" for role, hours in assessment.effort.items()
        )
        answers = {f"{ANSWER}{k}": text for k, text in assessment.answers.items()}
        kwargs["initial"] = {"effort": lines, **answers} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["outcome"].required = False
        for question in qualifying_questions():
            field = long_text(question.text, 2, question.help)
            field.show_hidden_initial = bool(assessment.pk)
            self.fields[f"{ANSWER}{question.key}"] = field

    @property
    def answers(self) -> list[BoundField]:
        """The fields of the qualifying questions."""
        return [self[f"{ANSWER}{one.key}"] for one in qualifying_questions()]

    def clean_effort(self) -> dict[str, float]:
        return dict(
            role_and_hours(line) for line in lines_of(self.cleaned_data["effort"])
        )

    @property
    def changed_values(self) -> dict[str, Any]:
        changed = super().changed_values
        answers = {
            name.removeprefix(ANSWER): value
            for name, value in changed.items()
            if name.startswith(ANSWER)
        }
        values = {k: v for k, v in changed.items() if not k.startswith(ANSWER)}
        if answers:
            values["answers"] = {**self.instance.answers, **answers}
        return values


class NeededSkillForm(forms.Form):
    skill = forms.ModelChoiceField(
        label=gettext_lazy("Skill"), queryset=Skill.objects.filter(is_active=True)
    )
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"),
        # An empty row must stay empty: a browser sends what a select shows.
        choices=[("", "---------"), *SkillLevel.choices],
        coerce=int,
    )
    people = forms.IntegerField(
        label=gettext_lazy("People"), min_value=1, max_value=99, initial=1
    )

    @property
    def row(self) -> NeededSkill:
        """The needed skill as a row (not saved)."""
        return NeededSkill(**{k: self.cleaned_data[k] for k in self.declared_fields})


class BaseNeededSkills(forms.BaseFormSet):  # type: ignore[type-arg]  # plain at run time
    def clean(self) -> None:
        skills = [form.cleaned_data.get("skill") for form in self.filled]
        if len(skills) != len(set(skills)):
            raise forms.ValidationError(_("Each skill stands once."))

    @property
    def filled(self) -> list[NeededSkillForm]:
        """The rows that name a skill and are not to go."""
        return [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", {}).get("skill")
            and not form.cleaned_data.get("DELETE")
        ]

    @property
    def rows(self) -> list[NeededSkill]:
        return [form.row for form in self.filled]


NeededSkills = forms.formset_factory(
    NeededSkillForm,
    formset=BaseNeededSkills,
    extra=2,
    max_num=20,
    absolute_max=30,
    validate_max=True,
    can_delete=True,
    can_delete_extra=False,
)
