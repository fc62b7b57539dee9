"""Upload the results of a form, and say which column holds what."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from psdelivery.documents.rules import extension_of, file_problem
from psdelivery.documents.settings import max_megabytes
from psdelivery.people.fields import ZoneField
from training.choices import DateOrder
from training.imports import form_results
from training.models import FormImport

ACCEPTED = frozenset({"csv", "txt", "tsv"})
# In the order in which they are asked for.
COLUMNS = {
    form_results.SUBMITTED: _("Time of handing in"),
    form_results.EMAIL: _("E-mail address"),
    form_results.NAME: _("Name"),
    form_results.FIRST_NAME: _("First name, where it stands apart"),
    form_results.LAST_NAME: _("Last name, where it stands apart"),
    form_results.SCORE: _("Score of the form"),
    form_results.LINK: _("Link to the response"),
    form_results.KEY: _("Number of the response"),
}
NEEDED = frozenset({form_results.SUBMITTED, form_results.EMAIL})
HEAD_LENGTH = 60


class UploadForm(forms.Form):
    """The responses of the certification form, as CSV."""

    file = forms.FileField(
        label=_("Responses as CSV"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=_(
            "Of a form or of the sheet that collects its answers. Nothing is entered "
            "before you have seen what becomes of each row."
        ),
    )
    zone = ZoneField(
        label=_("Time zone of the times in the file"),
        help_text=_("Usually that of whoever owns the form."),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        name, limit = upload.name or "", max_megabytes()
        problem = file_problem(
            # What is no table is told by its content; here it is about the size.
            f"{name}.csv" if extension_of(name) in ACCEPTED else name,
            upload.size or 0,
            max_megabytes=limit,
        )
        if problem:
            raise forms.ValidationError(problem)
        return upload


class ReadingForm(forms.Form):
    """How the file is to be read: its columns, its clock, and whom it is about."""

    zone = ZoneField(label=_("Time zone of the times in the file"))
    date_order = forms.ChoiceField(
        label=_("How days are written"),
        choices=[("", "---------"), *DateOrder.choices],
        error_messages={"required": _("Say which number is the month.")},
    )
    with_strangers = forms.BooleanField(
        label=_("Enter also who is not on the roster"),
        required=False,
        help_text=_("Leave it off where the form serves several classes."),
    )

    def __init__(self, data: Any = None, *, found: FormImport) -> None:
        initial: dict[str, Any] = {
            "zone": found.zone,
            "date_order": found.date_order,
            "with_strangers": found.with_strangers,
            **{column_name(field): place for field, place in found.columns.items()},
        }
        super().__init__(data, initial=initial)
        heads = [
            (place, head[:HEAD_LENGTH] or _("Column %(n)s") % {"n": place + 1})
            for place, head in enumerate(found.header)
        ]
        for field, label in COLUMNS.items():
            self.fields[column_name(field)] = forms.TypedChoiceField(
                label=label,
                required=field in NEEDED,
                coerce=int,
                empty_value=None,
                choices=[("", _("not in the file")), *heads],
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        taken: dict[int, str] = {}
        for field in COLUMNS:
            place = cleaned.get(column_name(field))
            if place is None:
                continue
            if place in taken:
                message = _("This column is chosen twice.")
                self.add_error(column_name(field), message)
            taken[place] = field
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What is to be written of a valid form."""
        typed = self.cleaned_data
        columns = {field: typed[column_name(field)] for field in COLUMNS}
        return {
            "zone": typed["zone"],
            "date_order": typed["date_order"],
            "with_strangers": typed["with_strangers"],
            "columns": {k: place for k, place in columns.items() if place is not None},
        }


def column_name(field: str) -> str:
    """Return how the field for a column is called."""
    return f"column-{field}"
