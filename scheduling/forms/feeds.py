from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from scheduling.choices import FeedKind


class FeedForm(forms.Form):
    """What a new feed shows."""

    kind = forms.ChoiceField(
        label=_("What it shows"),
        choices=FeedKind.choices,
        help_text=_("A team: you and everybody who reports to you."),
    )
    engagement = forms.ModelChoiceField(
        Engagement.objects.none(),
        label=_("Engagement"),
        required=False,
        help_text=_("Only for the feed of an engagement."),
    )

    def __init__(
        self, *args: Any, engagements: QuerySet[Engagement], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["engagement"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = engagements

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_of_engagement = cleaned.get("kind") == FeedKind.ENGAGEMENT
        if is_of_engagement and not self.errors and not cleaned.get("engagement"):
            self.add_error("engagement", _("Choose the engagement."))
        return cleaned
