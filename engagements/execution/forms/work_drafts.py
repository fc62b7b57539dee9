"""Which findings of the discovery become work items."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from engagements.execution.models import Assumption, DiscoveryQuestion
from engagements.execution.rules.drafting import answer_of
from engagements.execution.work_queries import Findings
from engagements.forms.fields import RowsField

SHOWN = 160


def words_of_assumption(assumption: Assumption) -> str:
    return f"{assumption.text} → {Truncator(assumption.evidence).chars(SHOWN)}"


def words_of_question(question: DiscoveryQuestion) -> str:
    return f"{question.text} → {Truncator(answer_of(question)).chars(SHOWN)}"


class DraftForm(forms.Form):
    """What has an item already is not offered, and no mistake either: not doubled."""

    assumptions = RowsField(
        label=_("Assumptions that turned out otherwise"),
        queryset=Assumption.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    questions = RowsField(
        label=_("Answered questions"),
        queryset=DiscoveryQuestion.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, findings: Findings, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_choices = False
        self._offer("assumptions", findings.assumptions, words_of_assumption)
        self._offer("questions", findings.questions, words_of_question)

    def _offer(
        self, name: str, rows: QuerySet[Any], words: Callable[[Any], str]
    ) -> None:
        field = cast(RowsField, self.fields[name])
        field.queryset = rows
        field.choices = [(row.pk, words(row)) for row in rows if not row.has_item]
        if field.choices:
            self.has_choices = True
        elif not self.is_bound:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [*cleaned.get("assumptions", ()), *cleaned.get("questions", ())]
        if not chosen and not self.errors:
            raise forms.ValidationError(_("Choose what becomes a work item."))
        return cleaned
