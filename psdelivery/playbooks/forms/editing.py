"""Editing the steps of a playbook's draft, and taking a version over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from psdelivery.outbox.models import MailTemplate
from psdelivery.outbox.renderers import kind_title
from psdelivery.people.validators import validate_line, validate_text
from psdelivery.playbooks.models import Playbook, PlaybookStep
from psdelivery.playbooks.rules.editing import (
    FACTS,
    MOST_DAYS,
    condition_word,
    problems_of_condition,
    problems_of_reminders,
)
from psdelivery.playbooks.services.adoption import Adoption
from psdelivery.playbooks.words import ANCHORS

LONGEST_TEXT = 5_000
BEFORE, AFTER = "before", "after"
REMINDED = ("owner", "coordinator", "manager")


def anchor_choices() -> list[tuple[str, Any]]:
    return sorted(ANCHORS.items(), key=lambda pair: str(pair[1]))


def mail_choices() -> list[tuple[str, str]]:
    """Return the kinds of mail that have a template, with their names."""
    kinds = MailTemplate.objects.current().order_by("kind").values_list("kind")
    return [(kind, kind_title(kind)) for (kind,) in kinds]


def days_from(text: str) -> list[int]:
    """Read "2, 0" as days; raise ValidationError for anything else."""
    words = text.replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() and len(word) <= 4 for word in words):
        raise forms.ValidationError(_("Write whole numbers of days, such as: 2, 0"))
    return [int(word) for word in words]


def condition_from(text: str) -> dict[str, object]:
    """Read lines such as "labs = yes" and "size = small, medium"."""
    condition: dict[str, object] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, typed = line.partition("=")
        if not equals:
            raise forms.ValidationError(_("Write each line as: labs = yes"))
        values = [value_of(word.strip().lower()) for word in typed.split(",")]
        condition[name.strip().lower()] = values if len(values) > 1 else values[0]
    problems = problems_of_condition(condition)
    if problems:
        raise forms.ValidationError(problems)
    return condition


def value_of(word: str) -> object:
    return {"yes": True, "no": False}.get(word, word)


def condition_lines(condition: Mapping[str, object]) -> str:
    """Return a condition as people type it, in the same order on each database."""
    return "\n".join(
        f"{name} = {', '.join(map(condition_word, as_list(wanted)))}"
        for name, wanted in sorted(condition.items())
    )


def as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class FieldGroup:
    legend: str
    fields: list[BoundField]


class DraftStepForm(forms.ModelForm):  # type: ignore[type-arg]  # at run time plain
    offset_amount = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=0, max_value=MOST_DAYS * 24
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("Before or after"),
        choices=[
            (BEFORE, gettext_lazy("before the date")),
            (AFTER, gettext_lazy("after it, or on the day")),
        ],
    )
    anchor = forms.ChoiceField(
        label=gettext_lazy("Counted from"), choices=anchor_choices
    )
    sets_anchor = forms.ChoiceField(
        label=gettext_lazy("Ticking it dates"),
        required=False,
        choices=lambda: [("", _("nothing")), *anchor_choices()],
    )
    opens_with = forms.ChoiceField(
        label=gettext_lazy("Opens with"),
        required=False,
        choices=lambda: [("", _("nothing: it is open at once")), *anchor_choices()],
        help_text=gettext_lazy(
            "Nobody is reminded of it before, and it is never due before."
        ),
    )
    repeat_until = forms.ChoiceField(
        label=gettext_lazy("Repeats until"),
        required=False,
        choices=lambda: [("", _("no end")), *anchor_choices()],
    )
    blocked_by = forms.MultipleChoiceField(
        label=gettext_lazy("Waits for"),
        required=False,
        help_text=gettext_lazy("These steps come first."),
    )
    mail_template = forms.ChoiceField(
        label=gettext_lazy("Mail that it sends"), required=False
    )
    blocks_move = forms.ChoiceField(
        label=gettext_lazy("Stands before the status"), required=False
    )
    condition = forms.CharField(
        label=gettext_lazy("Only where"),
        required=False,
        max_length=500,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = PlaybookStep
        fields = [
            "title",
            "instructions",
            "phase",
            "owner_role",
            "anchor",
            "offset_unit",
            "calendar",
            "evidence_wanted",
            "mail_template",
            "sets_anchor",
            "opens_with",
            "after_move",
            "due_at_once",
            "repeat",
            "repeat_until",
        ]
        labels = {
            "title": gettext_lazy("Title"),
            "instructions": gettext_lazy("Instructions"),
            "phase": gettext_lazy("Phase"),
            "owner_role": gettext_lazy("Owner"),
            "offset_unit": gettext_lazy("Unit"),
            "calendar": gettext_lazy("Calendar"),
            "evidence_wanted": gettext_lazy("Evidence"),
            "after_move": gettext_lazy("When its date moves after it was done"),
            "due_at_once": gettext_lazy(
                "Due at once where the day has passed when the date becomes known"
            ),
            "repeat": gettext_lazy("Repeats"),
        }
        help_texts = {
            "instructions": gettext_lazy("Markdown: lists, links, emphasis."),
        }
        widgets = {"instructions": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, statuses: Iterable[tuple[str, Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        others = self.instance.playbook.steps.exclude(pk=self.instance.pk)
        fields: dict[str, Any] = self.fields
        fields["blocked_by"].choices = others.values_list("key", "title")
        fields["blocks_move"].choices = [("", _("none")), *statuses]
        fields["mail_template"].choices = [("", _("none")), *mail_choices()]
        fields["title"].validators.append(validate_line)
        fields["instructions"].validators += [
            validate_text,
            MaxLengthValidator(LONGEST_TEXT),
        ]
        fields["condition"].help_text = _(
            "One line each, such as: size = small, medium. Known: %(facts)s."
        ) % {"facts": ", ".join(FACTS)}
        for name in REMINDED:
            self.fields[f"reminders_{name}"] = reminder_field(name)
        self.initial = {**self.initial, **self.initial_of_step()}

    def initial_of_step(self) -> dict[str, Any]:
        step = self.instance
        days = {
            f"reminders_{name}": ", ".join(map(str, step.reminder_days.get(name, [])))
            for name in REMINDED
        }
        return {
            "offset_amount": abs(step.offset_value),
            "direction": BEFORE if step.offset_value < 0 else AFTER,
            "blocked_by": step.blocked_by,
            "blocks_move": step.blocks_move,
            "condition": condition_lines(step.condition),
            **days,
        }

    @property
    def groups(self) -> list[FieldGroup]:
        """The fields as the page groups them."""
        reminders = [f"reminders_{name}" for name in REMINDED]
        groups = [
            (_("What"), ["title", "instructions", "phase", "evidence_wanted",
                         "mail_template"]),
            (_("Who and when"), ["owner_role", "offset_amount", "offset_unit",
                                 "direction", "anchor", "calendar", "due_at_once"]),
            (_("Reminders"), reminders),
            (_("Order and dates"), ["opens_with", "blocked_by", "blocks_move",
                                    "sets_anchor", "after_move", "condition", "repeat",
                                    "repeat_until"]),
        ]  # fmt: skip
        return [
            FieldGroup(legend, [self[name] for name in names])
            for legend, names in groups
        ]

    def clean_condition(self) -> dict[str, object]:
        return condition_from(self.cleaned_data["condition"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in REMINDED:
            self.clean_reminders_of(name)
        if cleaned.get("repeat_until") and not cleaned.get("repeat"):
            self.add_error("repeat", _("Say how often, or leave the end out."))
        return cleaned

    def clean_reminders_of(self, name: str) -> None:
        field = f"reminders_{name}"
        if field not in self.cleaned_data:
            return
        try:
            days = days_from(self.cleaned_data[field])
        except forms.ValidationError as error:
            self.add_error(field, error)
            return
        for problem in problems_of_reminders({name: days}):
            self.add_error(field, problem)
        self.cleaned_data[field] = days

    def save(self, commit: bool = True) -> PlaybookStep:
        """Return the step with what was typed (not saved; the service does)."""
        step: PlaybookStep = self.instance
        data = self.cleaned_data
        sign = -1 if data["direction"] == BEFORE else 1
        step.offset_value = sign * data["offset_amount"]
        step.blocked_by = list(data["blocked_by"])
        step.blocks_move = data["blocks_move"]
        step.condition = data["condition"]
        step.reminder_days = {
            name: found for name in REMINDED if (found := data[f"reminders_{name}"])
        }
        if not step.key:
            step.key = free_key(step)
        return step


def reminder_field(name: str) -> forms.CharField:
    words = {
        "owner": _("Owner: days before the deadline"),
        "coordinator": _("Coordinator: business days after it"),
        "manager": _("Manager: business days after it"),
    }
    return forms.CharField(label=words[name], required=False, max_length=60)


def free_key(step: PlaybookStep) -> str:
    """Return a key for a new step, made of its title, that the draft has not yet."""
    wanted = slugify(step.title)[:50].strip("-") or "step"
    taken = set(step.playbook.steps.values_list("key", flat=True))
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return next(key for key in (wanted, *numbered) if key not in taken)


class DraftNoteForm(forms.ModelForm):  # type: ignore[type-arg]  # at run time plain
    class Meta:
        model = Playbook
        fields = ["title", "note"]
        labels = {
            "title": gettext_lazy("Name of the playbook"),
            "note": gettext_lazy("What changes, and why"),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].validators.append(validate_line)
        self.fields["note"].validators += [
            validate_text,
            MaxLengthValidator(LONGEST_TEXT),
        ]


class AdoptForm(forms.Form):
    """Which differences are taken over; `version` is the one that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    keys = forms.MultipleChoiceField(required=False)

    def __init__(self, adoption: Adoption, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keys: Any = self.fields["keys"]
        keys.choices = [(offer.key, offer.title) for offer in adoption.offers]
