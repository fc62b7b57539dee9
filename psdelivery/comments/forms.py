from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from psdelivery.comments.models import TEXT_LENGTH
from psdelivery.comments.services import mentioned_in
from psdelivery.people.validators import validate_text
from psdelivery.registry import RuleRefused


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Comment"),
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, subject: Model, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on
        self.subject = subject

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            mentioned_in(text, self.subject)
        except RuleRefused as refused:
            sentences = [reason.sentence for reason in refused.reasons]
            raise forms.ValidationError(sentences) from refused
        return text
