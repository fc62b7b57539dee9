"""The days and the skills that a request names, as rows of its form."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from psdelivery.people.choices import SkillLevel
from psdelivery.people.fields import DayField
from psdelivery.people.models import Skill
from psdelivery.people.rows import RowForm, Rows, row_set
from psdelivery.registry import Reason
from scheduling.models import ResourceRequest
from scheduling.rules.requests import MOST_RANGES, Range, reasons_of_overlap

MOST_SKILLS = 12
# Empty rows beside those that are filled; more come with the next saving.
SPARE_RANGES = 3
SPARE_SKILLS = 3


class RangeForm(RowForm):
    starts_on = DayField(label=_("From"), required=False)
    ends_on = DayField(label=_("To"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first is None and "starts_on" not in self.errors and self.has_changed():
            self.add_error("starts_on", _("Say on which day it begins."))
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        return cleaned

    @property
    def typed(self) -> Range:
        """The range of a valid row; without a last day it is one day."""
        first: date = self.cleaned_data["starts_on"]
        return first, self.cleaned_data.get("ends_on") or first


class SkillRowForm(RowForm):
    skill = forms.ModelChoiceField(
        label=_("Skill"),
        queryset=Skill.objects.filter(is_active=True),
        required=False,
    )
    level = forms.TypedChoiceField(
        label=_("Level at least"),
        choices=[("", "---------"), *SkillLevel.choices],
        coerce=int,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        words = {"skill": _("Say which skill."), "level": _("Say how well.")}
        for name, sentence in words.items():
            lacks = not cleaned.get(name) and name not in self.errors
            if lacks and self.has_changed():
                self.add_error(name, sentence)
        return cleaned


class RequestRows(Rows):
    """Rows of which only the filled ones are shown at first."""

    @property
    def shown(self) -> list[Any]:
        """The rows that hold something, or the first."""
        rows = [form for form in self.forms if self.holds(form)]
        return rows or list(self.forms)[:1]

    @property
    def spare(self) -> list[Any]:
        """The rows to be filled beside them."""
        shown = self.shown
        return [form for form in self.forms if form not in shown]

    def holds(self, form: Any) -> bool:
        return bool(form.has_changed() if self.is_bound else form.initial)

    def tell(self, reason: Reason) -> None:
        """Say above the rows what stands against them."""
        self.non_form_errors().append(reason.sentence)


class RangeRows(RequestRows):
    def clean(self) -> None:
        if any(self.errors):
            return
        for reason in reasons_of_overlap(self.ranges):
            raise forms.ValidationError(reason.sentence)

    @property
    def ranges(self) -> list[Range]:
        """The days of a valid formset, in order."""
        return sorted(form.typed for form in self.filled)


class SkillRows(RequestRows):
    def clean(self) -> None:
        if any(self.errors):
            return
        skills = [skill for skill, _level in self.skills]
        if len(set(skills)) < len(skills):
            raise forms.ValidationError(_("Name each skill once."))

    @property
    def skills(self) -> list[tuple[Skill, int]]:
        """The skills of a valid formset."""
        rows = [form.cleaned_data for form in self.filled]
        return [(row["skill"], row["level"]) for row in rows]


RangeFormSet = row_set(RangeForm, RangeRows, most=MOST_RANGES)
SkillFormSet = row_set(SkillRowForm, SkillRows, most=MOST_SKILLS)


def range_rows(data: Any, ranges: list[Range]) -> RangeRows:
    """Return the rows of the days: those named, and some to fill."""
    named = [{"starts_on": first, "ends_on": last} for first, last in ranges]
    spare = min(SPARE_RANGES, MOST_RANGES - len(named))
    return RangeFormSet(data, prefix="ranges", initial=[*named, *[{}] * spare])


def skill_rows(data: Any, asked: ResourceRequest) -> SkillRows:
    """Return the rows of the skills: those named, and some to fill."""
    stored = asked.skills.all() if asked.pk else []
    named = [{"skill": one.skill_id, "level": one.level} for one in stored]
    spare = min(SPARE_SKILLS, MOST_SKILLS - len(named))
    return SkillFormSet(data, prefix="skills", initial=[*named, *[{}] * spare])
