"""Rows of a form, of which those that nobody filled are left out."""

from collections.abc import Collection
from typing import Any, TypeVar, cast

from django import forms


class RowForm(forms.Form):
    """A row that counts only when something was typed into it.

    `typed_fields` are those that people type into, where others come with the row.
    """

    typed_fields: Collection[str] = ()

    def has_changed(self) -> bool:
        values = (self[name].data for name in self.typed_fields or self.fields)
        return any(value not in (None, "") for value in values)

    def full_clean(self) -> None:
        self.empty_permitted = self.is_bound and not self.has_changed()
        super().full_clean()


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # plain at run time
    """As many rows as there are values to begin with, each as if it were extra.

    So what a row begins with alone does not make it count.
    """

    def initial_form_count(self) -> int:
        return 0

    def total_form_count(self) -> int:
        if self.is_bound:
            return int(super().total_form_count())
        return len(self.initial or [])

    @property
    def filled(self) -> list[Any]:
        """The rows into which something was typed, in their order."""
        return [form for form in self.forms if form.has_changed()]


T = TypeVar("T", bound=Rows)


def row_set(form: type[forms.Form], rows: type[T], *, most: int) -> type[T]:
    """Return the class of such rows; more than the most are refused."""
    made = forms.formset_factory(
        form,
        formset=rows,
        extra=0,
        max_num=most,
        absolute_max=most,
        validate_max=True,
    )
    return cast(type[T], made)
