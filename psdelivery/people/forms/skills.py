from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from psdelivery.people.choices import SkillLevel
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.models import PersonSkill, Practice, Region, Skill
from psdelivery.people.queries.skills import MatrixFilter, skill_groups
from psdelivery.people.rules.skills import Stated

LEVELS = [(str(level.value), level.label) for level in SkillLevel]


@dataclass(frozen=True)
class SkillRow:
    """A skill on the own page: its two fields, and what is confirmed."""

    skill: Skill
    level: forms.BoundField
    wants: forms.BoundField
    stored: PersonSkill | None


class MySkillsForm(forms.Form):
    """A level and a wish for each skill that is in use."""

    def __init__(
        self,
        *args: Any,
        skills: Sequence[Skill],
        stored: Mapping[int, PersonSkill],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.skills, self.stored = skills, stored
        for skill in skills:
            row = stored.get(skill.pk)
            self.fields[f"level-{skill.pk}"] = _level_field(skill, row)
            self.fields[f"wants-{skill.pk}"] = _wants_field(skill, row)

    @property
    def rows(self) -> list[SkillRow]:
        return [
            SkillRow(
                skill,
                self[f"level-{skill.pk}"],
                self[f"wants-{skill.pk}"],
                self.stored.get(skill.pk),
            )
            for skill in self.skills
        ]

    @property
    def stated(self) -> dict[Skill, Stated]:
        return {skill: self._stated(skill) for skill in self.skills}

    def _stated(self, skill: Skill) -> Stated:
        level = self.cleaned_data[f"level-{skill.pk}"]
        wants = self.cleaned_data[f"wants-{skill.pk}"]
        if level:
            return Stated(int(level), wants)
        # Who wants to grow into something has begun to learn it.
        return Stated(SkillLevel.LEARNING, True) if wants else Stated()


def _level_field(skill: Skill, row: PersonSkill | None) -> forms.ChoiceField:
    label = gettext("Level of %(skill)s") % {"skill": skill.name}
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[("", _("none")), *LEVELS],
        initial=str(row.level) if row else "",
        widget=forms.Select(attrs={"aria-label": label}),
    )


def _wants_field(skill: Skill, row: PersonSkill | None) -> forms.BooleanField:
    label = gettext("Wants to grow into %(skill)s") % {"skill": skill.name}
    return forms.BooleanField(
        label=label,
        required=False,
        initial=bool(row and row.wants_to_grow),
        widget=forms.CheckboxInput(attrs={"aria-label": label}),
    )


class ConfirmSkillForm(forms.Form):
    level = forms.TypedChoiceField(
        label=_("Level"), choices=LEVELS, coerce=int, empty_value=None
    )


class SkillForm(EditedTogetherForm):
    class Meta:
        model = Skill
        fields = ["name", "group", "is_active"]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        taken = Skill.objects.filter(name__iexact=name).exclude(pk=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError(
                gettext("There is a skill of this name already."), code="taken"
            )
        return name


class MatrixFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Name"), required=False, max_length=100,
        widget=forms.SearchInput(attrs={"data-search": ""}),
    )  # fmt: skip
    practice = forms.ChoiceField(label=_("Practice"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    group = forms.ChoiceField(label=_("Group"), required=False)
    skill = forms.ChoiceField(label=_("Skill"), required=False)
    level = forms.ChoiceField(
        label=_("At least"), required=False, choices=[("", _("Any level")), *LEVELS]
    )
    grow = forms.BooleanField(label=_("Wants to grow"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        practices = Practice.objects.values_list("pk", "name")
        regions = Region.objects.values_list("pk", "name")
        skills = Skill.objects.filter(is_active=True).values_list("pk", "name")
        groups = [(group, group) for group in skill_groups() if group]
        self._offer("practice", [("", _("All practices")), *practices])
        self._offer("region", [("", _("All regions")), *regions])
        self._offer("group", [("", _("All groups")), *groups])
        self._offer("skill", [("", _("All skills")), *skills])

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def wanted(self) -> MatrixFilter:
        chosen = self.cleaned_data
        return MatrixFilter(
            text=chosen["q"],
            practice_id=int(chosen["practice"] or 0) or None,
            region_id=int(chosen["region"] or 0) or None,
            skill_id=int(chosen["skill"] or 0) or None,
            group=chosen["group"],
            level=int(chosen["level"] or 0),
            wants_to_grow=chosen["grow"],
        )
