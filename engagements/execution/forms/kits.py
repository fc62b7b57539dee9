"""Delivery kits, links of an engagement, lessons for an offering."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.execution.choices import KitItemKind, LessonState
from engagements.execution.models import KitItem
from engagements.forms.fields import LinkField
from engagements.models import Engagement, Offering
from psdelivery.people.editing import EditedTogetherForm
from psdelivery.people.validators import validate_line, validate_text

TEXT_LENGTH = 4_000


class KitItemForm(EditedTogetherForm):
    url = LinkField(label=_("Link"))
    field_order = ["title", "kind", "url", "acceptance_criteria", "order", "is_active"]

    class Meta:
        model = KitItem
        fields = ["title", "kind", "url", "acceptance_criteria", "order", "is_active"]
        labels = {"order": _("Place")}
        help_texts = {
            "acceptance_criteria": _("Of a deliverable: taken over with it."),
            "is_active": _("Without it new engagements do not get it any more."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        needs_link = cleaned.get("kind") not in {None, KitItemKind.DELIVERABLE}
        if needs_link and not cleaned.get("url") and "url" not in self.errors:
            self.add_error("url", _("Give the link: without it there is nothing here."))
        title = cleaned.get("title")
        same = KitItem.objects.filter(offering=self.instance.offering_id, title=title)
        if title and same.exclude(pk=self.instance.pk).exists():
            self.add_error("title", _("The kit has something of this title."))
        return cleaned


class EngagementLinkForm(forms.Form):
    title = forms.CharField(
        label=_("What is it?"), max_length=160, validators=[validate_line]
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KitItemKind.choices)
    url = LinkField(label=_("Link"), required=True)


class LessonForm(forms.Form):
    offering = forms.ModelChoiceField(
        label=_("For which offering?"), queryset=Offering.objects.none()
    )
    text = forms.CharField(
        label=_("What should the next engagement know, or have?"),
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, engagement: Engagement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(Any, self.fields["offering"])
        field.queryset = sold = engagement.offerings.all()
        field.initial = sold.first()


class LessonAnswerForm(forms.Form):
    state = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[
            (LessonState.TAKEN.value, LessonState.TAKEN.label),
            (LessonState.DISMISSED.value, LessonState.DISMISSED.label),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer"),
        required=False,
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever proposed it reads it: what was changed, or why not."),
    )
