"""Two people with the same form open: nobody overwrites the other unseen."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _


class EditedTogetherForm(forms.ModelForm):  # type: ignore[type-arg]  # at run time plain
    """A model form that knows what its reader saw, and writes only what they changed.

    The values seen travel along as hidden fields. A field that somebody else changed
    meanwhile is refused once, with the other value; saving again replaces it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for field in self.fields.values():
                field.show_hidden_initial = True

    @property
    def changed_values(self) -> dict[str, Any]:
        """What is to be written: of an existing record, the changed fields only.

        Without the values seen nothing is known of them, and all fields count.
        """
        if not self.instance.pk:
            return self.cleaned_data
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in self.changed_data or not self._was_seen(name)
        }

    def _was_seen(self, name: str) -> bool:
        return self.add_initial_prefix(name) in self.data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.changed_data if self.instance.pk else ():
            if name in cleaned and self._was_changed_by_another(name):
                self._refuse_once(name)
        return cleaned

    def _was_changed_by_another(self, name: str) -> bool:
        if not self._was_seen(name):
            return False
        field, stored = self.fields[name], self[name].initial
        if not field.has_changed(stored, self.data[self.add_initial_prefix(name)]):
            return False
        return field.has_changed(stored, self.data.get(self.add_prefix(name)))

    def _refuse_once(self, name: str) -> None:
        self.add_error(
            name,
            forms.ValidationError(
                _("Meanwhile this was changed to “%(value)s”. Save to replace it."),
                code="changed_meanwhile",
                params={"value": self._stored_words(name)},
            ),
        )
        shown = self.fields[name].prepare_value(self[name].initial)
        data = cast(QueryDict, self.data).copy()
        data[self.add_initial_prefix(name)] = "" if shown is None else str(shown)
        self.data = data

    def _stored_words(self, name: str) -> str:
        display = getattr(self.instance, f"get_{name}_display", None)
        value = display() if display else getattr(self.instance, name)
        return str(value if value not in (None, "") else _("nothing"))
