"""Forms that know what their reader saw, so that nobody overwrites another unseen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

NOTHING = "–"


class SeenForm(forms.Form):
    """A form for one thing that may change while it is open.

    What was seen travels along, hidden. When it is no longer so, the form is refused
    once and shows how it is now; sending it again means it.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, now_seen: object, **kwargs: Any) -> None:
        self.now_seen = str(now_seen) or NOTHING
        kwargs["initial"] = {**kwargs.get("initial", {}), "seen": self.now_seen}
        super().__init__(*args, **kwargs)

    # Whether it was refused because of that.
    is_stale = False

    def clean_seen(self) -> str:
        seen = str(self.cleaned_data["seen"])
        if seen and seen != self.now_seen:
            self.is_stale = True
            data: Any = self.data
            shown = data.copy()
            shown[self.add_prefix("seen")] = self.now_seen
            self.data = shown
            # Above the form: the field itself is hidden.
            self.add_error(None, self.changed_words())
        return seen

    def changed_words(self) -> str:
        return str(
            _("Somebody else changed this meanwhile. Look at it, then send it again.")
        )
