"""Work items: their text in four parts, what they rest on, and their questions."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import Priority, RiskImpact
from engagements.execution.models import Assumption, Deliverable, WorkItem
from engagements.execution.models.work import QUESTION_LENGTH
from engagements.execution.rules.completeness import PARTS
from engagements.execution.services.open_questions import RiskWanted
from engagements.forms.fields import PersonField, RowsField
from engagements.forms.handoff import team_people
from engagements.models import Engagement
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.validators import validate_line, validate_text

TEXT_LENGTH = 20_000
SHOWN = 60


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: what stands there, and what was typed."""

    label: str
    theirs: str
    mine: str


class MarkdownField(forms.CharField):
    """A text in Markdown."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", TEXT_LENGTH)
        kwargs.setdefault("validators", [validate_text])
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 8}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        # One kind of line break: browsers send another than what is stored.
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class AssumptionsField(RowsField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.text} ({obj.get_state_display()})"


class WorkItemForm(EditedTogetherForm):
    """The text of a work item; what somebody else wrote meanwhile is not lost."""

    overview = MarkdownField(
        label=_("Overview"),
        help_text=_("In full: what the customer has, wants, and why."),
    )
    tasks = MarkdownField(
        label=_("Tasks"), help_text=_("At build level: what to change, and where.")
    )
    acceptance_criteria = MarkdownField(
        label=_("Acceptance Criteria"),
        help_text=_("How the customer sees that it is done."),
    )
    owner = PersonField(label=_("Owner"), required=False, empty_label=_("Nobody yet"))
    assumptions = AssumptionsField(
        label=_("Assumptions that it rests on"),
        queryset=Assumption.objects.none(),
        required=False,
        help_text=_("It is not built while one of them is open."),
    )
    # The assumptions as the writer saw them.
    seen = forms.CharField(required=False, max_length=4_000, widget=forms.HiddenInput)

    class Meta:
        model = WorkItem
        fields = [
            "title",
            "overview",
            "tasks",
            "acceptance_criteria",
            "owner",
            "deliverable",
            "assumptions",
        ]
        labels = {"title": _("Title"), "deliverable": _("Part of the deliverable")}

    def __init__(self, engagement: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        for name in ("assumptions", "seen"):
            self.fields[name].show_hidden_initial = False
        owner = cast(PersonField, self.fields["owner"])
        owner.queryset = team_people(engagement, self.instance.owner_id)
        self._offer("deliverable", Deliverable.objects.filter(engagement=engagement))
        self._offer("assumptions", Assumption.objects.filter(engagement=engagement))
        self.fields["seen"].initial = ",".join(map(str, sorted(self._stored)))

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = cast("forms.ModelChoiceField[Any]", self.fields[name])
        field.queryset = rows
        if not rows.exists():
            del self.fields[name]

    @property
    def _stored(self) -> set[int]:
        if not self.instance.pk:
            return set()
        return set(self.instance.assumptions.values_list("pk", flat=True))

    @property
    def values(self) -> dict[str, Any]:
        """What is to be written: the changed fields, and the assumptions as merged."""
        spare = {"seen", "assumptions"}
        values = {k: v for k, v in self.changed_values.items() if k not in spare}
        if "assumptions" in self.fields:
            values["assumptions"] = self._merged_assumptions()
        return values

    def _merged_assumptions(self) -> list[Assumption]:
        """What I ticked and unticked, on top of what others did meanwhile."""
        chosen = {one.pk for one in self.cleaned_data["assumptions"]}
        if not self.instance.pk:
            return list(self.cleaned_data["assumptions"])
        seen = {
            int(one)
            for one in self.cleaned_data["seen"].split(",")
            if one.isascii() and one.isdecimal() and len(one) < 19
        }
        kept = (self._stored | (chosen - seen)) - (seen - chosen)
        rows = Assumption.objects.filter(engagement=self.instance.engagement)
        return list(rows.filter(pk__in=kept))

    @property
    def preview(self) -> list[tuple[str, str]]:
        """The parts as typed, each with its heading."""
        parts = [self[name] for name in PARTS]
        return [(str(part.label), part.value() or "") for part in parts]

    def _refuse_once(self, name: str) -> None:
        mine, theirs = str(self[name].value() or ""), getattr(self.instance, name)
        label = str(self.fields[name].label)
        self.conflicts.append(Conflict(label, str(theirs or ""), mine))
        super()._refuse_once(name)

    def _stored_words(self, name: str) -> str:
        return Truncator(super()._stored_words(name)).chars(SHOWN)


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("What must be known before it is built?"),
        max_length=QUESTION_LENGTH,
        validators=[validate_line],
    )


class AnswerForm(forms.Form):
    answer = MarkdownField(
        label=_("Answer"), required=True, widget=forms.Textarea(attrs={"rows": 4})
    )
    seen = MarkdownField(widget=forms.HiddenInput, validators=[])


class RiskForm(forms.Form):
    """The risk that stands for an open question from now on."""

    title = forms.CharField(label=_("Risk"), max_length=200, validators=[validate_line])
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    impact = forms.ChoiceField(label=_("Impact on"), choices=RiskImpact.choices)
    owner = PersonField(label=_("Owner"), required=False, empty_label=_("Nobody yet"))
    mitigation = forms.CharField(
        label=_("What is done about it"),
        required=False,
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, engagement: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = cast(PersonField, self.fields["owner"])
        owner.queryset = team_people(engagement)

    @property
    def wanted(self) -> RiskWanted:
        return RiskWanted(**self.cleaned_data)
