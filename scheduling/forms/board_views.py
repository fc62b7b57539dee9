from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from psdelivery.people.models import User
from scheduling.forms.board import known_query
from scheduling.models import BoardView

MOST_VIEWS = 50


class BoardViewForm(forms.ModelForm):  # type: ignore[type-arg]  # at run time plain
    """A name for the filters at hand, for its owner or for everybody."""

    class Meta:
        model = BoardView
        fields = ["name", "is_shared"]

    def __init__(self, *args: Any, owner: User, query: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.owner, self.instance.query = owner, known_query(query)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if BoardView.objects.filter(owner=self.instance.owner).count() >= MOST_VIEWS:
            message = _("You have %(n)s views. Remove one that you do not need.")
            raise ValidationError(message, params={"n": MOST_VIEWS})
        return cleaned

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if BoardView.objects.filter(owner=self.instance.owner, name=name).exists():
            raise ValidationError(_("You have a view of this name already."))
        return name
