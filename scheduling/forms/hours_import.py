"""The file of the PSA system, and what the list of worked hours is narrowed to."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from psdelivery.documents.rules import extension_of, file_problem
from psdelivery.documents.settings import max_megabytes
from psdelivery.people.fields import DayField
from scheduling.choices import HoursState

ACCEPTED = frozenset({"csv", "tsv", "txt"})


class HoursUploadForm(forms.Form):
    """Hours as CSV, and the last day that they tell of."""

    file = forms.FileField(
        label=_("Hours as CSV"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=_(
            "Columns: person (e-mail), engagement (number or title), date, hours, "
            "external id, note. Nothing is taken over before you have seen what "
            "becomes of each row."
        ),
    )
    covered_until = DayField(
        label=_("The file tells of all hours until"),
        help_text=_("Until this day hours count as approved."),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        name = upload.name or ""
        problem = file_problem(
            f"{name}.csv" if extension_of(name) in ACCEPTED else name,
            upload.size or 0,
            max_megabytes=max_megabytes(),
        )
        if problem:
            raise forms.ValidationError(problem)
        return upload


class WorkedFilterForm(forms.Form):
    """Which worked hours are listed; in the address."""

    who = forms.CharField(label=_("Person"), required=False, max_length=80)
    work = forms.CharField(label=_("Engagement"), required=False, max_length=80)
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("any")), *HoursState.choices],
        required=False,
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen; nothing where the address makes no sense."""
        return self.cleaned_data if self.is_valid() else {}
